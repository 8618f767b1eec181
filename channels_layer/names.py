"""Names that people, systems and files give themselves, as others read them.

A name is one short line, whatever it tries to be, and within a sentence it stays a name.
"""

import re

from channels_layer import unseen

LONGEST = 60
"""Code points of a name within a sentence."""

_QUOTATION = '"\u00ab\u00bb\u201c-\u201f\u301d\u301e\uff02'
_MARKS = re.compile(f"[{_QUOTATION}]")
_BREAKS = f"!?;,\u2026\u3002\uff01\uff0c\uff1a\uff1b\uff1f{_QUOTATION}()\\[\\]<>{{}}|\u2013\u2014"
_SENTENCE = re.compile(f"[{_BREAKS}]|[.:/](?= |$)| [.:/]")
_INITIAL = re.compile(r"(\b\w|Dr|Prof|Jr|Sr|St)\.(?= |$)")
_MOST_WORDS = 6


def line(name: str, longest: int = LONGEST) -> str:
    """Return ``name`` as one line without signs that nobody sees, at most ``longest`` long."""
    text = " ".join(unseen.removed(" ".join(name.split())).split())
    if not any(sign.isprintable() and not sign.isspace() for sign in text):
        return ""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def quoted(name: str, longest: int = LONGEST) -> str:
    """Return a stranger's ``name`` in quotation marks, which it cannot close."""
    return f"“{unquoted(line(name, longest))}”"


def unquoted(text: str) -> str:
    """Return ``text`` with an apostrophe in the place of each quotation mark."""
    return _MARKS.sub("'", text)


def shown(name: str, longest: int = LONGEST) -> str:
    """Return a colleague's ``name``, in quotation marks where it could be read as more."""
    text = line(name, longest)
    is_long = len(text.split()) > _MOST_WORDS
    return quoted(text, longest) if is_long or _SENTENCE.search(_INITIAL.sub("", text)) else text
