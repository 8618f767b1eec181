"""Addresses in texts: found within a bound of work, and never shown as another one."""

import itertools
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from linkify_it import LinkifyIt
from linkify_it.main import Match

from conversations.markup import scripts

MOST = 120
"""Words of one text that may be addresses; where there are more, none of them is linked."""
LONGEST = 2_048
MOST_WORK = 3_000_000
"""The squares of the lengths of all such words together: a long one is searched again and again."""
LONGEST_NAME = 40
"""Letters of a host that is not of ASCII, each of which is coded at some cost."""
_MOST_MARKS = 8
_WORD = re.compile(r"\S+")
_MARK = re.compile(r"[^\s.]\.[^\s.]|//|@")
_GLUED = re.compile(
    rf"(?<=[{scripts.LETTERS}\u3000-\u303f\uff00-\uff65])(?=https?://|www\.|mailto:)"
    rf"|(?<=[\w/%-])(?=[\u3001-\u303f\uff00-\uff0f\uff1a-\uff20])"
    rf"|(?<=[A-Za-z0-9])(?=[{scripts.LETTERS}])",
    re.IGNORECASE,
)
"""Where an address begins or ends beside words of scripts that set no space."""
_GLUED_NAME = re.compile(rf"(?<=[{scripts.LETTERS}])(?=[A-Za-z0-9][\w.+-]*@)")
"""Where the address of a mail begins behind such a word."""
_SCHEME = re.compile(r"^(?:[a-z][a-z0-9+.-]*:(?://)?)?(?:www\.)?", re.IGNORECASE)
_AUTHORITY = re.compile(r"(?:[^/?#]*//|mailto:)?([^/?#]*)")
_HOST = re.compile(r"(?:[^\W_][\w-]*\.)+[^\W\d_]{2,}|\d{1,3}(?:\.\d{1,3}){3}|(?<=://)[^\s/?#]+")
_UNFAMILIAR = re.compile("[^\u0000-\u024f]")
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)


class BoundedLinkify:
    """Finds addresses word by word: the library searches to the end of a text again and again.

    It has the methods of the library's own that a parser calls.
    """

    def __init__(self) -> None:
        """Compile the library's patterns."""
        self._whole = LinkifyIt()

    def pretest(self, text: str) -> bool:
        """Return whether there may be an address."""
        return _MARK.search(text) is not None

    def test(self, text: str) -> bool:
        """Return whether there may be an address; ``match`` knows."""
        return self.pretest(text)

    def match(self, text: str) -> list[Match] | None:
        """Return the addresses in ``text``, in order."""
        found = []
        for start, word in _candidates(text):
            for link in self._whole.match(word) or []:
                link.index += start
                link.last_index += start
                if _is_codable(link.url):
                    found.append(link)
        return found or None

    def match_at_start(self, text: str) -> Match | None:
        """Return the address with which ``text`` begins."""
        word = next(_parts(text[:LONGEST]), (0, ""))[1]
        found: Match | None = self._whole.match_at_start(word)
        return found if found and _is_codable(found.url) else None


def are_few(text: str) -> bool:
    """Return whether so few words may be addresses that all of them can be linked."""
    work = 0
    for number, word in enumerate(_words(text)):
        work += min(len(word.group()), LONGEST) ** 2
        if number >= MOST or work > MOST_WORK:
            return False
    return True


def without_directions(text: str) -> str:
    """Return ``text`` without the controls that let words be read in another order."""
    return _DIRECTIONS.sub("", text)


def without_hidden(text: str) -> str:
    """Return ``text`` without characters that nobody sees, but for those that join letters."""
    return _HIDDEN.sub("", text)


def host_to_show(text: str, address: str) -> str:
    """Return whom a link leads to, if its text looks like another address; else nothing.

    What follows a host in an address is no host; what stands before an ``@`` in it looks like one.
    """
    shown = unicodedata.normalize("NFKC", without_hidden(text)[:LONGEST]).strip().lower()
    looks = _HOST.findall(shown)
    if not looks:
        return ""
    real = _destination(address)
    readable = _readable(real)
    if _UNFAMILIAR.search(readable):
        return real
    if _bare(address).startswith(_bare(shown)) and "@" not in urlsplit(address).netloc:
        return ""
    names = {name.removeprefix("www.") for name in (real, readable, readable.rpartition("@")[2])}
    honest = all(look.removeprefix("www.") in names for look in looks)
    return "" if honest else real


def _words(text: str) -> Iterator[re.Match[str]]:
    words = _WORD.finditer(text) if _MARK.search(text) else ()
    return (word for word in words if _MARK.search(word.group()))


def _candidates(text: str) -> Iterator[tuple[int, str]]:
    """Yield the words that may be an address, and where each begins; with very many marks none."""
    for word in _words(text):
        marks = word.group().count("//") + word.group().count("@")
        if len(word.group()) <= LONGEST and marks <= _MOST_MARKS:
            for start, part in _parts(word.group()):
                if _MARK.search(part):
                    yield word.start() + start, part


def _parts(word: str) -> Iterator[tuple[int, str]]:
    """Yield the parts of a word between which an address begins or ends, and where each begins."""
    cuts = {found.start() for found in _GLUED.finditer(word)}
    if "@" in word:
        cuts |= {found.start() for found in _GLUED_NAME.finditer(word)}
    places = [0, *sorted(cuts - {0}), len(word)]
    for start, end in itertools.pairwise(places):
        yield start, word[start:end]


def _is_codable(address: str) -> bool:
    """Return whether the host is coded at little cost: some letters stand for many."""
    found = _AUTHORITY.match(address)
    host = found.group(1) if found else ""
    return host.isascii() or len(unicodedata.normalize("NFKC", host)) <= LONGEST_NAME


def _destination(address: str) -> str:
    """Return the host of an address, or the whole address of a mail, in lower case."""
    parts = urlsplit(address)
    if parts.scheme == "mailto":
        return unquote(parts.path).lower()
    return parts.hostname or parts.netloc


def _readable(host: str) -> str:
    """Return a host with its letters, which are coded in an address."""
    try:
        return host.encode().decode("idna")
    except UnicodeError:
        return host


def _bare(address: str) -> str:
    return _SCHEME.sub("", address.lower()).rstrip("/…")
