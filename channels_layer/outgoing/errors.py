"""Errors of what leaves Parley: by a rule of ours, or because the other side cannot be used.

All are transport errors of the client's library, so that a library that is given the client
treats them as it treats a lost connection.
"""

from collections.abc import Mapping

import httpx2
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RULES: Mapping[str, Promise] = {
    "url": _("The address is not a URL. Write it like https://api.example.com/orders."),
    "scheme": _("The address must begin with https:// or http://."),
    "credentials": _(
        "The address must not contain a user name or a password. Put them into a secret header."
    ),
    "host": _(
        "“{host}” is not the name of a server. Write a name like api.example.com, or an address"
        " in its usual form."
    ),
    "port": _(
        "Port {port} is not allowed. Use 443, 80 or one from 8000 to 8999, or let the operator add"
        " {host}:{port} to OUTGOING_ALLOW."
    ),
    "private": _(
        "{host} leads to an address that is not public. The operator can allow it by adding"
        " {host}:{port} to OUTGOING_ALLOW."
    ),
    "redirect": _(
        "The server sends on to another address, which is not followed. Enter the final address:"
        " {location}"
    ),
    "too_large": _("The answer is too large: at most {limit} bytes are taken."),
    "encoding": _(
        "The answer is packed in a way that is not understood. The server must send it as it is,"
        " or as gzip or deflate."
    ),
}
"""Why something is refused, by code."""
FAILURES: Mapping[str, Promise] = {
    "unresolved": _("The name {host} is not known. Check the address."),
    "unreachable": _("{host} could not be reached."),
    "certificate": _(
        "{host} shows a certificate that is not valid for it, or that nobody vouches for."
    ),
    "too_slow": _("The answer was not complete within {seconds} seconds."),
    "no_answer": _("{host} gave no usable answer."),
}
"""Why something failed, by code."""
_AFTERWARDS = frozenset({"redirect", "too_large", "encoding", "too_slow", "no_answer"})


class OutgoingError(httpx2.TransportError):
    """Something that should leave Parley did not come back well; ``code`` is stable."""

    sentences: Mapping[str, Promise] = {}

    def __init__(self, code: str, **values: object) -> None:
        """Keep the code; ``values`` fill the places of its sentence."""
        self.code = code
        self.detail = str(self.sentences[code]).format(**values)
        super().__init__(self.detail)

    @property
    def may_have_arrived(self) -> bool:
        """Whether the other side may have got the request, and done what it says."""
        return self.code in _AFTERWARDS


class OutgoingRefusedError(OutgoingError):
    """A rule refuses the address or the answer; trying again changes nothing."""

    sentences = RULES


class OutgoingRedirectError(OutgoingRefusedError):
    """The server names another address instead of an answer."""

    def __init__(self, location: str) -> None:
        """Keep the address, absolute."""
        self.location = location
        super().__init__("redirect", location=location)


class OutgoingFailedError(OutgoingError):
    """The other side could not be reached or did not answer; it may do so later."""

    sentences = FAILURES
