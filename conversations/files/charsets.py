"""Charsets: whether bytes are text, and the characters that they stand for.

UTF-8 and the wide forms are recognised by their own rules; older charsets are guessed by a library
from the part of the bytes that differs (decision 18), and where that part is small the guess is
said to be one.
"""

import codecs
import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

SAMPLE = 8 * 1024
"""Bytes that a guess is made from."""
HEAD = 64 * 1024
ENOUGH = 100
"""Bytes beyond ASCII from which a guess was right in all but few of the texts measured."""
TRUSTED = 0.3
"""Confidence from which a guess was right whatever its length."""
NEARLY = 0.985
"""Share of the best confidence from which another charset is about as likely."""
WESTERN = "Windows-1252"
KANA = 6
PARAGRAPH = 120
"""Bytes of a text whose letters, if all are of the language guessed, leave no doubt."""
FEW = 2
"""Bytes beyond ASCII that are too few to tell one charset from another."""
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
_GUESSED = (
    *("windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254"),
    *("windows-1255", "windows-1256", "windows-1257", "windows-1258", "cp874", "tis-620"),
    *("iso-8859-1", "iso-8859-2", "iso-8859-5", "iso-8859-6", "iso-8859-7"),
    *("iso-8859-8", "iso-8859-9", "iso-8859-15", "iso-8859-16", "koi8-r", "koi8-u"),
    *("shift_jis", "cp932", "euc-jp", "cp949", "euc-kr", "big5", "big5hkscs", "gb18030", "gbk"),
    *("gb2312", "hz-gb-2312", "johab", "mac-roman", "mac-cyrillic", "mac-latin2", "mac-greek"),
    *("mac-turkish", "cp437", "cp850", "cp852", "cp855", "cp858", "cp862", "cp866", "cp737"),
)
_RARE = (("iso",), ("mac", "cp437"))
_JAPANESE = (("cp932", b"\x82\x83"), ("euc_jp", b"\xa4\xa5"))
_POINTS = "\xa0«»‘’‚‛“”„–—…€°§¿¡º·•"
_LETTERS = {
    "de": "äöüß",
    "fr": "àâæçéèêëîïôœùûüÿ",
    "es": "áéíóúüñ",
    "pt": "ãáâàçéêíóôõúü",
    "it": "àèéìíòóù",
    "nl": "éèëïíóöü",
    "sv": "åäöéü",
    "fi": "äöåšž",
    "da": "æøåé",
    "nb": "æøåéòô",
    "no": "æøåéòô",
    "pl": "ąćęłńóśźż",
    "cs": "áčďéěíňóřšťúůýž",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "sl": "čšž",
    "hr": "čćđšž",
    "hu": "áéíóöőúüű",
    "ro": "ăâîşţșț",
    "tr": "çğıöşüâî\u0307",
    "lt": "ąčęėįšųūž",
    "lv": "āčēģīķļņšūž",
    "et": "äöõüšž",
}
_BETWEEN = re.compile(rb"[\x80-\x9f]")
_ODD = re.compile(
    "[\u00b6\ufffd\u0080-\u009f\u2190-\u25ff"  # no signs, arrows, boxes
    "\u0402\u0403\u0405\u0408-\u040c\u040f\u0452\u0453\u0455\u0458-\u045c\u045f]"  # of few tongues
)
_SUPERSETS = {
    "ascii": "Windows-1252",
    "iso-8859-1": "Windows-1252",
    "iso-8859-9": "Windows-1254",
    "shift_jis": "cp932",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "tis-620": "cp874",
}
"""Charsets by those that they are a part of and are written as."""
# ruff: noqa: RUF001 - signs that look like others are what this is about
_WESTERN = frozenset(
    "áéíóúàèìòùâêîôûäëïöüñçßøåæãõœÿÁÉÍÓÚÀÈÌÒÙÂÊÎÔÛÄËÏÖÜÑÇØÅÆÃÕŒ¿¡«»‘’“”„–—…•·°§€£ªº\xa0©®™"
)
_COMMON = re.compile(
    "[\u0009-\u000d\u0020-\u007e\u00a0-\u05ff\u0600-\u06ff\u0900-\u0eff\u10a0-\u10ff"
    "\u1e00-\u214f\u2190-\u22ff\u2460-\u266f\u3000-\u30ff\u3105-\u312f\u31f0-\u33ff"
    "\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe00-\uffef\U0001f000-\U0001faff\ufeff]"
)
_EASTERN = re.compile("[\u3000-\u30ff\uac00-\ud7a3的是不了一在有人我他这]")
_LAST_OF_ASCII = 0x7F
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
        return Decoded(text)
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
    beyond = sum(code > _LAST_OF_ASCII for code in sample)
    guess = _guess(sample)
    is_sure = beyond >= ENOUGH or guess.confidence >= TRUSTED
    name = WESTERN if not is_sure and beyond <= FEW and _is_western(data) else guess.charset
    text = _decode(data, name, is_whole=is_whole)
    if not is_sure and name == guess.charset:
        is_sure = beyond > FEW and len(data) >= PARAGRAPH and _is_in(text, guess.language)
    return Decoded(text, name, is_sure=is_sure and "\ufffd" not in text)


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


def _is_in(text: str, language: str) -> bool:
    """Return whether each letter beyond ASCII is one of the language's."""
    letters = _LETTERS.get(language, "")
    beyond = {sign for sign in text.lower() if not sign.isascii()}
    return bool(letters) and beyond <= {*letters, *_POINTS}


class _Guess(NamedTuple):
    charset: str
    confidence: float
    language: str


def _guess(sample: bytes) -> _Guess:
    """Return the likeliest charset, how likely it is, and the language.

    Of several that are about as likely, the one counts in which the fewest signs are odd.
    """
    import chardet  # noqa: PLC0415 - its models take long to load and few texts need them

    # What is no sign in the family of ISO 8859 is one in those of Windows.
    names = [name for name in _GUESSED if not (name.startswith("iso") and _BETWEEN.search(sample))]
    found = chardet.detect_all(sample, include_encodings=names, ignore_threshold=True)
    best = max(one["confidence"] for one in found)
    likely = [
        _Guess(_SUPERSETS.get(name.lower(), name), one["confidence"], one["language"] or "")
        for one in found
        if (name := one["encoding"] or "") and one["confidence"] >= best * NEARLY
    ]
    known = [guess for guess in likely if _is_known(guess.charset)]
    default = _Guess(WESTERN, best, "")
    return min(known, key=lambda guess: _oddness(sample, guess.charset), default=default)


def _is_known(name: str) -> bool:
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True


def _oddness(sample: bytes, name: str) -> int:
    """Return how many signs no text of a desk has; first one of equals is the more common one."""
    text = _decode(sample, name, is_whole=False)
    rank = next((rank for rank, names in enumerate(_RARE, 1) if name.lower().startswith(names)), 0)
    turned = sum(one.islower() and two.isupper() and two > "\x7f" for one, two in pairwise(text))
    return 4 * (len(_ODD.findall(text)) + turned) + rank


def _is_western(data: bytes) -> bool:
    """Return whether the few signs beyond ASCII are those of Western Europe, among ASCII."""
    text = data[:HEAD].decode("cp1252", errors="replace")
    beyond = [sign for sign in text if not sign.isascii()]
    plain = sum(sign.isascii() and unicodedata.category(sign)[0] == "L" for sign in text)
    return plain > len(beyond) and all(sign in _WESTERN for sign in beyond)
