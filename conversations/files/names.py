"""Names of files as they were sent, made harmless; they are shown, never used as a path."""

import re
import unicodedata

LONGEST = 120
LONGEST_ENDING = 12
NAMELESS = "file"

MOST_READ = 1_000
"""Code points at the end of a name; putting thousands of accents in order takes long."""
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u2800\u3164\uffa0")
"""Letters and marks that show nothing, behind which an ending can be hidden."""

_FORBIDDEN = re.compile(r'[<>:"|?*]')
_SEPARATORS = re.compile(r"[/\\]")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_SPACES = re.compile(r"\s+")


def cleaned(name: str) -> str:
    """Return the last part of ``name`` without control, direction and path characters.

    Never empty, at most 120 code points, no dots or spaces at its ends, no device's name.
    """
    last = _SEPARATORS.split(name[-MOST_READ:])[-1]
    visible = "".join(" " if char.isspace() else char for char in last if _is_visible(char))
    tidy = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", visible))
    tidy = _SPACES.sub(" ", tidy).strip(" .")
    stem, dot, ending = tidy.rpartition(".")
    if not dot:
        stem, ending = tidy, ""
    if _RESERVED.fullmatch(tidy.partition(".")[0].strip()):
        stem = f"_{stem}"
    return _shortened(stem, ending) or NAMELESS


def ending_of(name: str) -> str:
    """Return what follows the last dot, as ``endings_of`` has it; empty without one."""
    return (endings_of(name) or [""])[-1]


def endings_of(name: str) -> list[str]:
    """Return what follows each dot, in lower case; letters of another width are the plain ones."""
    return unicodedata.normalize("NFKC", name).lower().split(".")[1:]


def with_ending(name: str, endings: tuple[str, ...]) -> str:
    """Return ``name`` with one of ``endings``: the first is added where it has another."""
    if not endings or ending_of(name) in endings:
        return name
    return cleaned(f"{name[: LONGEST - LONGEST_ENDING]}.{endings[0]}")


def _is_visible(char: str) -> bool:
    """Return false for controls (of direction too), surrogates and what else shows nothing."""
    return char.isspace() or (char not in _FILLERS and unicodedata.category(char)[0] != "C")


def _shortened(stem: str, ending: str) -> str:
    if not ending or len(ending) > LONGEST_ENDING:
        whole = f"{stem}.{ending}" if ending else stem
        return whole[:LONGEST].strip(" .")
    return f"{stem[: LONGEST - len(ending) - 1].strip(' .') or NAMELESS}.{ending}"
