"""Traits: what models refused, remembered for all processes until somebody deletes it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from channels_layer.prepared import Prepared, Slot
from chats.engine import figures
from chats.engine.traits import WINDOW, Trait, Traits
from chats.models import ModelTrait
from chats.models.trait import LONGEST_MODEL, LONGEST_SUBJECT

OPENAI = "https://api.openai.com/v1"
LONGEST_SERVER = 300
_OF_MODEL = Prepared(
    lambda: ModelTrait.objects.filter(
        base_url=Slot(ModelTrait, "base_url"), model=Slot(ModelTrait, "model")
    ).order_by("id")
)


class OneCall:
    """The traits of a model in one call beside the workers': read before it, kept after it."""

    def __init__(self, model: str) -> None:
        """Read what is known of ``model`` at the deployment's server."""
        self._model = model
        self._known = Traits(known(url=base_url(), model=model))
        self._learnt: list[Trait] = []

    async def known(self, model: str) -> Traits:
        """Return what was known before the call."""
        del model
        return self._known

    async def learn(self, model: str, traits: Sequence[Trait]) -> None:
        """Note what the call has taught."""
        del model
        self._learnt += traits

    async def forget(self, model: str, kinds: Sequence[str]) -> None:
        """Leave everything as it is: one call beside conversations unlearns nothing."""

    def keep(self, *, at: datetime) -> None:
        """Store what the call has taught."""
        learn(url=base_url(), model=self._model, traits=self._learnt, at=at)


def base_url() -> str:
    """Return the address of the deployment's model server."""
    return settings.LLM_BASE_URL or OPENAI


def server_of(url: str) -> str:
    """Return the address of a server as it is kept: without credentials and query."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{place}{parts.path.rstrip('/')}"[:LONGEST_SERVER]


def known(*, url: str, model: str) -> list[Trait]:
    """Return what was learnt of ``model`` at the server ``url``, without misread figures."""
    found = map(_trait, _OF_MODEL.rows(base_url=server_of(url), model=model[:LONGEST_MODEL]))
    return [trait for trait in found if figures.is_plausible(trait)]


def rows(*, url: str, models: Iterable[str]) -> QuerySet[ModelTrait]:
    """Return the rows about ``models`` at the server ``url``."""
    names = {model[:LONGEST_MODEL] for model in models}
    return ModelTrait.objects.filter(base_url=server_of(url), model__in=names)


def learn(*, url: str, model: str, traits: Sequence[Trait], at: datetime) -> None:
    """Remember ``traits`` of ``model``; of two figures the lower that can be is kept."""
    for trait in traits:
        _keep(url, model, trait, at=at)


def forget(*, url: str, model: str, kinds: Iterable[str]) -> None:
    """Forget the traits of ``kinds`` of ``model``."""
    rows(url=url, models=[model]).filter(kind__in=kinds).delete()


def window(*, url: str, model: str) -> int | None:
    """Return how many tokens a model was found to read, None where nothing was learnt."""
    windows = [one.value for one in known(url=url, model=model) if one.kind == WINDOW]
    value = figures.number(windows[0]) if windows else None
    return int(value) if value else None


def _trait(row: ModelTrait) -> Trait:
    return Trait(row.kind, row.subject, row.value, row.words)


@transaction.atomic
def _keep(url: str, model: str, trait: Trait, *, at: datetime) -> None:
    row, is_new = ModelTrait.objects.select_for_update().get_or_create(
        base_url=server_of(url),
        model=model[:LONGEST_MODEL],
        kind=trait.kind,
        subject=trait.subject[:LONGEST_SUBJECT],
        defaults={"value": trait.value, "words": trait.words, "learnt_at": at},
    )
    was, now = figures.number(row.value), figures.number(trait.value)
    is_lower = was is not None and now is not None and was <= now
    if is_new or (is_lower and figures.is_plausible(_trait(row))):
        return
    row.value, row.words, row.learnt_at = trait.value, trait.words, at
    row.save(update_fields=["value", "words", "learnt_at"])
