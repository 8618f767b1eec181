"""Checks of a tool with its fields: what one alone cannot see."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from chats.models import HttpTool, HttpToolField
from chats.models.url_templates import placeholders

Place = HttpToolField.Place


@dataclass(frozen=True)
class Fault:
    """One thing that does not fit: of the tool, or of the field with ``number``, counted from 0."""

    where: str
    reason: str
    number: int | None = None


def faults(tool: HttpTool, fields: Sequence[HttpToolField]) -> list[Fault]:
    """Return what does not fit in a tool with these fields."""
    return [
        *_address_faults(tool, fields),
        *_place_faults(tool, fields),
        *_key_faults(tool, fields),
        *_summary_faults(tool, fields),
    ]


def _address_faults(tool: HttpTool, fields: Sequence[HttpToolField]) -> Iterator[Fault]:
    """Yield placeholders without a field of their place."""
    parts = urlsplit(tool.url)
    for place, part, words in (
        (Place.PATH, parts.path, _("path")),
        (Place.QUERY, parts.query, _("query")),
    ):
        known = {field.name for field in fields if field.place == place}
        for name in dict.fromkeys(placeholders(part)):
            if name not in known:
                reason = _("The %(place)s names {%(name)s}. Add a field with this name and place.")
                yield Fault("url", reason % {"place": words, "name": name})


def _place_faults(tool: HttpTool, fields: Sequence[HttpToolField]) -> Iterator[Fault]:
    """Yield fields whose place the request does not have."""
    named = set(placeholders(urlsplit(tool.url).path))
    for number, field in enumerate(fields):
        if field.place == Place.PATH and field.name not in named:
            reason = _("The address has no {%(name)s} in its path. Write it there.")
            yield Fault("place", reason % {"name": field.name}, number)
        if field.place == Place.BODY and tool.method == HttpTool.Method.GET:
            yield Fault("place", _("A GET has no body. Choose the query."), number)


def _key_faults(tool: HttpTool, fields: Sequence[HttpToolField]) -> Iterator[Fault]:
    """Yield fields that would stand where another one stands."""
    taken: dict[Place, list[str]] = {place: [] for place in Place}
    is_nested = tool.body_format == HttpTool.BodyFormat.JSON
    for number, field in enumerate(fields):
        place = Place(field.place)
        key = field.key.lower() if place == Place.HEADER else field.key
        others = taken[place] if place != Place.PATH else []
        inward = is_nested and place == Place.BODY
        if any(_collide(key, other, inward=inward) for other in others):
            reason = _("Another field stands at “%(key)s” already.")
            yield Fault("target", reason % {"key": field.key}, number)
        taken[place].append(key)


def _collide(one: str, other: str, *, inward: bool) -> bool:
    is_within = f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")
    return one == other or (inward and is_within)


def _summary_faults(tool: HttpTool, fields: Sequence[HttpToolField]) -> Iterator[Fault]:
    """Yield names in the summary that are no arguments."""
    known = [field.name for field in fields if field.is_given_by_model]
    for name in placeholders(tool.summary):
        if name not in known:
            reason = _("{%(name)s} is no field of the assistant. There are: %(known)s.")
            there = ", ".join(known) or _("none")
            yield Fault("summary", reason % {"name": name, "known": there})
