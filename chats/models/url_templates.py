"""Addresses with names in braces, which stand in path and query alone."""

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from chats.models import hosts

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"\A[A-Za-z_][A-Za-z0-9_]*\Z")


def placeholders(part: str) -> list[str]:
    """Return the names in braces, in their order."""
    return PLACEHOLDER.findall(part)


def validate(value: str) -> None:
    """Refuse what is no address, or has braces where no value may stand."""
    try:
        parts = urlsplit(value)
        is_host = bool(parts.hostname)
        if is_host and not {"{", "}"} & set(parts.netloc):
            hosts.of(parts)
    except ValueError:
        raise ValidationError(_("The host is none. Write it as https://shop.example/…")) from None
    reason = next(_faults(value, parts, is_host=is_host), "")
    if reason:
        raise ValidationError(reason)


def _faults(value: str, parts: SplitResult, *, is_host: bool) -> Iterator[str]:
    """Yield what is wrong with an address, the worst first."""
    if parts.scheme not in hosts.USUAL_PORTS or not is_host:
        yield _("Write a whole address with its host, such as https://shop.example/orders.")
    if "{" in parts.netloc or "}" in parts.netloc:
        yield _("Write scheme and host as they are: fields stand in path and query alone.")
    if "@" in parts.netloc:
        yield _("Leave out the name and password, and make a secret header instead.")
    if parts.fragment or not value.isprintable() or " " in value:
        yield _("Leave out # and blanks: write %20 for a blank.")
    if any(mark in PLACEHOLDER.sub("", value) for mark in "{}"):
        yield _("A brace has no partner. Write fields as {order_number}.")
    for name in placeholders(value):
        if not _NAME.match(name):
            yield _("“%(name)s” names no field. Write letters, digits and _ only.") % {"name": name}
