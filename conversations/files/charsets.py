"""Charsets: whether bytes are text, and the characters that they stand for.

UTF-8 and the wide forms are recognised by their own rules; older charsets are guessed from the
part of the bytes that differs (see ``guesses``), and where that part is small the guess is said to
be one.
"""

import codecs
import re
from dataclasses import dataclass

from conversations.files import guesses, oddities

SAMPLE = 8 * 1024
"""Bytes that a guess is made from."""
HEAD = 64 * 1024
ENOUGH = 100
"""Bytes beyond ASCII from which a clear guess was right whatever its confidence."""
TRUSTED = 0.25
"""Confidence from which a clear guess was right whatever its length."""
KANA = 6
PARAGRAPH = 120
"""Bytes of a text in which a clear guess from few letters leaves no doubt."""
FEW = 2
"""Bytes beyond ASCII that are too few to tell one charset from another."""
CHANCE = 40
"""Bytes of a text in another charset that may be UTF-8 by chance."""
STRAYS = 500
"""Bytes among which a text may have one that is no sign."""
SHORTEST_WITH_STRAY = 5

_CONTROLS = bytes(code for code in range(32) if code not in b"\b\t\n\f\r\x1b")
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_ESCAPES = (
    (re.compile(rb"\x1b\$[@B]|\x1b\$\([DOPQ]|\x1b\([IJ]"), "iso2022_jp_3"),
    (re.compile(rb"\x1b\$\)C"), "iso2022_kr"),
)
_JAPANESE = (("cp932", b"\x82\x83"), ("euc_jp", b"\xa4\xa5"))
_COMMON = re.compile(
    "[\u0009-\u000d\u0020-\u007e\u00a0-\u05ff\u0600-\u06ff\u0900-\u0eff\u10a0-\u10ff"
    "\u1e00-\u214f\u2190-\u22ff\u2460-\u266f\u3000-\u30ff\u3105-\u312f\u31f0-\u33ff"
    "\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe00-\uffef\U0001f000-\U0001faff\ufeff]"
)
_EASTERN = re.compile("[\u3000-\u30ff\uac00-\ud7a3的是不了一在有人我他这]")
_ASCII = bytes(range(128))
_PLAIN_RUN = re.compile(rb"[\t\n\r\x20-\x7e]{64,}")
_DECLARED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_COLOURS = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_]?)")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")


@dataclass(frozen=True)
class Decoded:
    """Text, the charset that it was read in, and whether that is more than a guess."""

    text: str
    charset: str = "UTF-8"
    is_sure: bool = True


def is_text(data: bytes) -> bool:
    """Return whether the bytes are text in any charset; costs the same whatever they are."""
    if marked := _marked(data):
        text = _decode(data[:HEAD], marked, is_whole=False)
        return _share_of_strays(text) < 1 / STRAYS
    body = data.rstrip(b"\x00\x1a")
    if len(body) * 2 < len(data):
        body = data
    strays = len(body) - len(body.translate(None, _CONTROLS))
    if strays <= _strays_allowed(body):
        return True
    return bool(_escaped(data) or _wide(data))


def decoded(data: bytes, *, declared: str = "", is_whole: bool = True) -> Decoded:
    """Return the characters of ``data``, or of its beginning where it is not whole.

    What is ``declared`` of itself counts unless the bytes contradict it.
    """
    if codec := _marked(data) or _escaped(data) or (_wide(data) if _has_strays(data) else ""):
        return Decoded(_decode(data, codec, is_whole=is_whole), codec.removesuffix("-sig"))
    data = data.rstrip(b"\x00\x1a")
    if (text := _strictly(data, "utf-8", is_whole=is_whole)) is not None:
        return _unlike_unicode(data, text) or Decoded(text)
    if declared and (text := _strictly(data, declared, is_whole=is_whole)) is not None:
        return Decoded(text, declared)
    return _broken_unicode(data, is_whole=is_whole) or _guessed(data, is_whole=is_whole)


def beginning(data: bytes, *, most: int) -> str:
    """Return the first characters as far as they are those of UTF-8 or a wide form.

    Nothing is guessed, so it costs little; signs of older charsets are those of Latin-1.
    """
    head, is_whole = data[:most], len(data) <= most
    codec = _marked(head) or (_wide(head) if _has_strays(head) else "")
    if codec:
        return _decode(head, codec, is_whole=is_whole)
    text = _strictly(head, "utf-8", is_whole=is_whole)
    return head.decode("latin-1") if text is None else text


def declared_in(data: bytes) -> str:
    """Return the charset that a page or an XML document declares, empty for any other text."""
    head = data[:SAMPLE].lstrip(b"\xef\xbb\xbf \t\r\n")
    found = _DECLARED.search(head) if head.startswith(b"<") else None
    return found[1].decode("ascii", errors="replace") if found else ""


def with_doubt(extent: str, found: Decoded) -> str:
    """Return how much was read, and in which charset where that was a guess."""
    if found.is_sure:
        return extent
    return f"{extent}; read as {found.charset}, some characters may be wrong"


def tidied(text: str) -> str:
    """Return ``text`` without colours of a terminal and signs that no reader has, in lines."""
    text = _COLOURS.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n"))
    return _UNSEEN.sub("", text).strip("\ufeff \n\t")


def _marked(data: bytes) -> str:
    """Return the charset that the first bytes name, empty without such a mark."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return codec
    return ""


def _escaped(data: bytes) -> str:
    """Return the charset of the Far East that the escapes of a text of ASCII alone name."""
    return next((codec for pattern, codec in _ESCAPES if pattern.search(data[:HEAD])), "")


def _strays_allowed(body: bytes) -> int:
    if len(body) < SHORTEST_WITH_STRAY:
        return 0
    is_unicode = _strictly(body[:HEAD], "utf-8", is_whole=len(body) <= HEAD) is not None
    return len(body) // STRAYS + (1 if is_unicode else 0)


def _has_strays(data: bytes) -> bool:
    return len(data) != len(data.translate(None, _CONTROLS))


def _share_of_strays(text: str) -> float:
    return len(_UNSEEN.findall(text)) / len(text) if text else 0.0


def _wide(data: bytes) -> str:
    """Return the form of UTF-16 or UTF-32 without a mark that the bytes are in, or nothing."""
    middle = len(data) // 8 * 4
    samples = [data[:SAMPLE], data[middle : middle + SAMPLE]]
    for codec, width in (("utf-32-le", 4), ("utf-32-be", 4), ("utf-16-le", 2), ("utf-16-be", 2)):
        pieces = [piece[: len(piece) // width * width] for piece in samples]
        if pieces[0] and all(_is_wide(piece, codec) for piece in pieces):
            return codec
    return ""


def _is_wide(piece: bytes, codec: str) -> bool:
    """Return whether nearly all that a sample means in ``codec`` are signs of a script."""
    text = _decode(piece, codec, is_whole=False)
    if not text or len(_COMMON.findall(text)) < len(text) * 0.98:
        return False
    if codec.startswith("utf-32"):
        return True
    low, high = (piece[0::2], piece[1::2]) if codec == "utf-16-le" else (piece[1::2], piece[0::2])
    nulls = high.count(0)
    if nulls:
        return nulls > 4 * low.count(0)
    return bool(_EASTERN.search(text)) or len(set(high)) == 1 < len(set(low))


def _strictly(data: bytes, codec: str, *, is_whole: bool) -> str | None:
    """Return the text if all of ``data`` is ``codec``, but for a sign cut off at the end."""
    try:
        return codecs.getincrementaldecoder(codec)().decode(data, final=is_whole)
    except (UnicodeError, LookupError):
        return None


def _decode(data: bytes, codec: str, *, is_whole: bool) -> str:
    return codecs.getincrementaldecoder(codec)("replace").decode(data, final=is_whole)


def _unlike_unicode(data: bytes, text: str) -> Decoded | None:
    """Return a short text that may be UTF-8 by chance, as a few words of Chinese are."""
    if len(data) > CHANCE:
        return None
    if oddities.is_babel(text):
        guess = guesses.best(data)
        return Decoded(_decode(data, guess.charset, is_whole=True), guess.charset, is_sure=False)
    return Decoded(text, is_sure=False) if oddities.is_unusual(text) else None


def _broken_unicode(data: bytes, *, is_whole: bool) -> Decoded | None:
    """Return UTF-8 of which a few bytes are broken."""
    text = _decode(data, "utf-8", is_whole=is_whole)
    broken = text.count("\ufffd")
    sound = sum(not sign.isascii() for sign in text) - broken
    return Decoded(text, "UTF-8", is_sure=False) if sound > 2 * broken else None


def _guessed(data: bytes, *, is_whole: bool) -> Decoded:
    if kana := _kana(data, is_whole=is_whole):
        return kana
    sample = _PLAIN_RUN.sub(b"\n", data[: 8 * SAMPLE])[:SAMPLE]
    guess = guesses.best(sample)
    text = _decode(data, guess.charset, is_whole=is_whole)
    beyond = len(sample.translate(None, _ASCII))
    is_long = beyond >= ENOUGH or (beyond > FEW and len(data) >= PARAGRAPH)
    is_sure = guess.is_clear and (is_long or guess.confidence >= TRUSTED)
    return Decoded(text, guess.charset, is_sure=is_sure and "\ufffd" not in text)


def _kana(data: bytes, *, is_whole: bool) -> Decoded | None:
    """Return Japanese that is mostly kana, which few bytes suffice to know."""
    for codec, first in _JAPANESE:
        if not any(byte in data for byte in first):
            continue
        text = _strictly(data, codec, is_whole=is_whole) or ""
        beyond = [sign for sign in text if not sign.isascii()]
        kana = sum("\u3041" <= sign <= "\u30ff" for sign in beyond)
        if kana > len(beyond) * 2 / 3:
            return Decoded(text, codec, is_sure=kana >= KANA)
    return None
