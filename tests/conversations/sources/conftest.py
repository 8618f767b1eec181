"""A source that is added to a running Parley, as its folder in ``INSTALLED_APPS`` would be."""

from collections.abc import Iterator

import pytest
from django.apps import AppConfig, apps
from django.contrib.staticfiles import finders

from conversations import source_kinds
from conversations.models import Source
from tests import factories
from tests.conversations.sources.carrier_pigeon import KIND
from tests.registries import restored


@pytest.fixture
def carrier_pigeons(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Install the folder; Parley is as before afterwards."""
    config = AppConfig.create("tests.conversations.sources.carrier_pigeon.apps.CarrierPigeonConfig")
    config.apps = apps
    config.import_models()
    monkeypatch.setitem(apps.app_configs, config.label, config)
    with restored(source_kinds._kinds):
        config.ready()
        _forget_finders()
        yield
    _forget_finders()


@pytest.fixture
def loft(carrier_pigeons: None, db: None) -> Source:
    """A place at which pigeons arrive."""
    assistant = factories.AssistantFactory.create()
    return Source.objects.create(kind=KIND, name="Loft", assistant=assistant)


def _forget_finders() -> None:
    """Clear the finders' caches, so that static files are found in the present apps."""
    finders.get_finder.cache_clear()  # type: ignore[attr-defined]
