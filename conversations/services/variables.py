"""Variables: the named values of a conversation, bounded in number and size, by their origins."""

import logging
import re
from collections.abc import Mapping
from datetime import datetime

import orjson
from django.utils.translation import gettext as _

from channels_layer import names
from channels_layer.errors import InvalidError
from conversations.events import VARIABLES_UPDATED
from conversations.models import Conversation, Variable, weight_of
from conversations.objects.conversation import variable_object
from conversations.services import thread

logger = logging.getLogger(__name__)

MOST = 100
"""Variables of one conversation."""
LARGEST = 32 * 1024
"""Bytes of all names and values of one conversation as JSON, so that an event fits a frame."""
LONGEST_NAME = 80
LONGEST_VALUE = 10_000
NAME = re.compile(r"[^\W_][\w .-]{0,79}")

_NO_TEXT = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f\\ud800-\\udfff]")


def write(
    conversation: Conversation,
    values: Mapping[str, str],
    *,
    origin: Variable.Origin,
    name: str,
    at: datetime,
) -> None:
    """Write ``values`` into a locked conversation and publish them, unless nothing changes.

    What staff or another system wrote is not overwritten by what a visitor sets or a model finds.
    What a website sets is no reason to refuse its customer's words: what is too much is dropped.

    :raises InvalidError: for ``variables``: a name or a value that is none, or too much of them.
    """
    rows = {row.name: row for row in Variable.objects.filter(conversation=conversation)}
    label = names.line(name)
    changed = {
        key: value
        for key, value in values.items()
        if _is_changed(rows.get(key), value, origin=origin, name=label)
    }
    known = {key: row.value for key, row in rows.items()}
    if origin == Variable.Origin.SITE:
        changed = _fitting(changed, known, conversation=conversation)
    if not changed:
        return
    _check(changed, known)
    for key, value in changed.items():
        row = rows.get(key) or Variable(conversation=conversation, name=key)
        row.value, row.origin, row.origin_name, row.updated_at = value, origin, label, at
        row.save()
        rows[key] = row
    data = {"variables": [variable_object(rows[key]) for key in sorted(changed)]}
    thread.publish(conversation, VARIABLES_UPDATED, data, at=at)


def fault_of(name: str, value: str) -> str:
    """Return what is wrong with a variable, empty for nothing."""
    if not NAME.fullmatch(name):
        return _("A name has letters, digits, spaces and _ . - only, at most 80 of them.")
    if len(value) > LONGEST_VALUE:
        return _("At most %(most)d characters.") % {"most": LONGEST_VALUE}
    return _("This has characters that are no text.") if _NO_TEXT.search(value) else ""


def faults_of(values: Mapping[str, str]) -> list[str]:
    """Return what is wrong with variables, each behind its name."""
    faults = {name: fault_of(name, value) for name, value in values.items()}
    return [f"{names.line(name)}: {fault}" for name, fault in faults.items() if fault]


def _is_changed(known: Variable | None, value: str, *, origin: Variable.Origin, name: str) -> bool:
    if known is None:
        return True
    if weight_of(known.origin) > weight_of(origin):
        return False
    return (known.value, known.origin, known.origin_name) != (value, origin, name)


def _check(changed: Mapping[str, str], known: Mapping[str, str]) -> None:
    """Refuse malformed variables, and more of them than a conversation holds."""
    faults = faults_of(changed)
    after = {**known, **changed}
    if len(after) > max(MOST, len(known)):
        faults.append(_("A conversation has at most %(most)d variables.") % {"most": MOST})
    if not faults and _size(after) > max(LARGEST, _size(known)):
        limit = {"most": LARGEST // 1024}
        faults.append(_("All variables together have at most %(most)d KB.") % limit)
    if faults:
        raise InvalidError(fields={"variables": faults})


def _fitting(
    changed: Mapping[str, str], known: Mapping[str, str], *, conversation: Conversation
) -> dict[str, str]:
    """Return those of a website's variables that the conversation can hold; first come, first."""
    kept: dict[str, str] = {}
    size, count = _size(known), len(known)
    for name, value in changed.items():
        is_new = name not in known
        if (is_new and count >= MOST) or fault_of(name, value):
            continue
        grown = size + _weight(name, value) - (0 if is_new else _weight(name, known[name]))
        if grown <= max(LARGEST, size):
            kept[name] = value
            size, count = grown, count + is_new
    if dropped := len(changed) - len(kept):
        logger.warning("Dropped %d of a website's variables at %s", dropped, conversation.pk)
    return kept


def _size(values: Mapping[str, str]) -> int:
    return sum(_weight(name, value) for name, value in values.items())


def _weight(name: str, value: str) -> int:
    """Return the bytes of a variable as JSON, without its quotation marks."""
    return len(orjson.dumps(name)) + len(orjson.dumps(value)) - 4
