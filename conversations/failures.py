"""Why an answer failed, by the code that is stored and that the API gives: in words, for people."""

from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

FAILURES = {
    "unavailable": _("the model cannot be reached"),
    "rate_limited": _("the model has too many requests"),
    "refused": _("the provider of the model refused the request"),
    "timeout": _("the model took too long"),
    "malformed": _("the answer of the model could not be read"),
    "cut": _("the answer of the model broke off"),
    "filtered": _("the provider of the model withheld the answer"),
    "empty": _("the model answered nothing"),
    "too_long": _("the answer of the model did not end"),
    "attempts": _("the work on the answer broke off too often"),
    "internal": _("something went wrong in Parley"),
}
"""Each stands within a sentence."""


def sentence_of(code: str) -> str:
    """Return why an answer failed as a sentence in the reader's language, empty if unknown."""
    words = FAILURES.get(code)
    return capfirst(gettext(words)) if words else ""
