"""Docs: what they list is what there is."""

import re
from dataclasses import fields

from django.apps import apps

from config import __version__, env
from config.management.commands import events
from config.supervision import instance
from handoff import notifications
from tests.guards import files

OPERATIONS = files.ROOT / "docs" / "operations.md"


def read_variables() -> set[str]:
    """Return the names that ``config.env`` asks the environment for."""
    source = (files.ROOT / "config" / "env.py").read_text()
    call = r'(?:reader\.\w+|variables\.get|MalformedError)\(\s*"([A-Z][A-Z_]+)"'
    return set(re.findall(call, source))


def test_the_settings_table_names_every_variable() -> None:
    documented = set(re.findall(r"^\| `([A-Z][A-Z_]+)`", OPERATIONS.read_text(), re.MULTILINE))
    assert documented == read_variables()


def test_make_run_hands_every_variable_on() -> None:
    assert set(instance.HANDED_ON) == read_variables() - {"DATA_DIR"}


def test_every_variable_reaches_the_settings() -> None:
    settings = (files.ROOT / "config" / "settings" / "base.py").read_text()
    named = {field.name for field in fields(env.Environment)}
    assert {name for name in named if f"ENV.{name}" not in settings} == set()


def test_the_readme_lists_every_make_target() -> None:
    makefile = (files.ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE))
    readme = (files.ROOT / "README.md").read_text()
    assert set(re.findall(r"`make ([a-z]+)`", readme)) == targets


def test_the_catalogue_of_events_is_the_registry() -> None:
    written = (files.ROOT / "docs" / "events.md").read_text()
    assert written.strip() == events.catalogue().strip(), "Run `make events`."


def test_the_catalogue_marks_what_may_be_left_out() -> None:
    (chunk,) = [line for line in events.catalogue().splitlines() if line.startswith("| `chunk`")]
    assert chunk.count("`text`") == chunk.count("`snapshot?`") == 2


def test_the_data_model_names_every_table() -> None:
    text = (files.ROOT / "docs" / "data-model.md").read_text()
    ours = [model for model in apps.get_models() if model.__module__.split(".")[0] in files.APPS]
    assert [model.__name__ for model in ours if f"| `{model.__name__}` |" not in text] == []


def test_the_api_names_every_kind_of_notification() -> None:
    text = (files.ROOT / "docs" / "api.md").read_text()
    assert [name for name in notifications.kind_names() if f"`{name}`" not in text] == []


def test_the_changelog_begins_with_this_version() -> None:
    changelog = (files.ROOT / "CHANGELOG.md").read_text()
    versions = re.findall(r"^## (\d+\.\d+\.\d+), \d{4}-\d{2}-\d{2}$", changelog, re.MULTILINE)
    assert versions[0] == __version__
    assert versions == sorted(versions, key=lambda one: [*map(int, one.split("."))], reverse=True)
