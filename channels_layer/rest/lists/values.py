"""Single values in the query of an address: numbers, positions, ids, flags."""

from collections.abc import Sequence
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from channels_layer.errors import InvalidError
from channels_layer.rest.objects import HIGHEST_POSITION

HIGHEST_NUMBER = 2**62
DIGITS_AT_MOST = 20
IDS_AT_MOST = 100

_FLAGS = {"0": False, "false": False, "1": True, "true": True}


def whole_number(
    data: QueryDict, name: str, *, default: int, low: int, high: int = HIGHEST_NUMBER
) -> int:
    """Return a whole number, ``default`` when absent; ``InvalidError`` for another text."""
    text = data.get(name)
    if text is None:
        return default
    number = int(text) if _is_number(text) else low - 1
    if not low <= number <= high:
        reason = _range(low, high)
        raise InvalidError(reason, fields={name: [reason]})
    return number


def position(data: QueryDict, name: str) -> int | None:
    """Return a position in a thread, None when absent; ``InvalidError`` for another text."""
    if name not in data:
        return None
    return whole_number(data, name, default=0, low=0, high=HIGHEST_POSITION)


def nearest_position(data: QueryDict, name: str) -> int | None:
    """Return a position in a thread, at most the highest; None for any other text."""
    text = data.get(name, "")
    if not text.isascii() or not text.isdigit():
        return None
    return min(int(text), HIGHEST_POSITION) if _is_number(text) else HIGHEST_POSITION


def uuids(texts: Sequence[str]) -> list[UUID]:
    """Parse up to 100 UUIDs, skip invalid ones."""
    found = []
    for text in texts[:IDS_AT_MOST]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def flag(data: QueryDict, name: str) -> bool:
    """Return yes (1, true) or no (0, false); no when absent."""
    text = data.get(name, "false").lower()
    if text not in _FLAGS:
        reason = _("true or false, please.")
        raise InvalidError(reason, fields={name: [reason]})
    return _FLAGS[text]


def _range(low: int, high: int) -> str:
    if high < HIGHEST_NUMBER:
        return _("A whole number from %(low)d to %(high)d, please.") % {"low": low, "high": high}
    return _("A whole number from %(low)d, please.") % {"low": low}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < DIGITS_AT_MOST
