"""Signs that nobody sees, by which a text says more, or something else, than people read.

Plain Python, as the engine imports it.
"""

import re

_SIGNS = (
    "\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb"
    "\U000e0000-\U000e0fff"
)
_JOINERS = "\u180b-\u180d\u200c\u200d\ufe0e\ufe0f"
"""Signs that scripts and emoji need between others, and of which a row of several is no use."""

_UNSEEN = re.compile(f"[{_SIGNS}]")
_ROW = re.compile(f"(?=[{_JOINERS}])([\u180b-\u180d\ufe0e\ufe0f]?[\u200c\u200d]?)[{_JOINERS}]*")
_ANY = re.compile(f"[{_SIGNS}{_JOINERS}]")


def removed(text: str) -> str:
    """Return ``text`` without signs that nobody sees; lines, emoji and scripts stay as they are."""
    return _ROW.sub(r"\1", _UNSEEN.sub("", text))


def bare(text: str) -> str:
    """Return ``text`` to compare with: without joiners as well."""
    return _ANY.sub("", text)
