"""Contact cards: who somebody is and how they are reached, line by line.

Cards come as Meta's objects, or as a vCard, which is read by lines: parsers of the whole format
take minutes for a hostile one.
"""

import quopri
import re
from collections.abc import Iterable, Iterator
from typing import Any

from conversations.sources.whatsapp.parser.values import Json, mapping, objects, phone, text

MOST_CARDS = 20
MOST_LINES = 60
LONGEST_LINE = 300
LONGEST_VCARD = 50_000
INDENT = "\n  "

_NAMES = ("prefix", "first_name", "middle_name", "last_name", "suffix")
_ADDRESS = ("street", "city", "state", "zip", "country")
_FOLD = re.compile(r"\r?\n[ \t]")
_CHARSET = re.compile(
    r";CHARSET=\"?(us-ascii|utf-8|iso-8859-\d+|windows-125\d|koi8-[ru]|shift_jis|euc-(?:jp|kr)"
    r"|gb(?:2312|k|18030)|big5)\b",
    re.IGNORECASE,
)
"""The charsets that a card may state; others are read as UTF-8."""
_QUOTED = "QUOTED-PRINTABLE"
"""How cards of old telephones (vCard 2.1) write what is not ASCII."""
_TYPES = re.compile(r";(?:TYPE=)?\"?([A-Za-z]+)\"?(?=[;,]|$)", re.IGNORECASE)
_UNTOLD = frozenset({"internet", "pref", "voice", "x"})
_VCARD_NAMES = ("last_name", "first_name", "middle_name", "prefix", "suffix")
_VCARD_ADDRESS = ("box", "more", "street", "city", "state", "zip", "country")
_LISTED = {
    "TEL": ("phones", "phone"),
    "EMAIL": ("emails", "email"),
    "URL": ("urls", "url"),
    "IMPP": ("ims", "user_id"),
}
_SINGLE = {
    "FN": ("name", "formatted_name"),
    "TITLE": ("org", "title"),
    "BDAY": ("", "birthday"),
    "NOTE": ("", "note"),
}


def lines_of(cards: Any) -> str:
    """Return the cards of a message, each with a first line of its own; empty without any."""
    found = [_card(card) for card in objects(cards)[:MOST_CARDS]]
    return "\n".join(card for card in found if card)


def _card(card: Json) -> str:
    """Return one card; the first line has the name, or else the company or the first detail."""
    if vcard := text(card.get("vcard"), most=LONGEST_VCARD):
        card = {**_from_vcard(vcard), **{key: one for key, one in card.items() if one}}
    name, details = _name(card), list(_details(card))[:MOST_LINES]
    if not name and details:
        name, *details = [details[0].partition(": ")[2], *details[1:]]
    if not name:
        return ""
    return INDENT.join([f"Contact: {name}", *details])


def _name(card: Json) -> str:
    parts = mapping(card.get("name"))
    return _line(parts.get("formatted_name")) or _parts_of(parts)


def _parts_of(parts: Json) -> str:
    return " ".join(filter(None, (_line(parts.get(one)) for one in _NAMES)))


def _details(card: Json) -> Iterator[str]:
    parts, company = mapping(card.get("name")), mapping(card.get("org"))
    whole = _parts_of(parts)
    if set(whole.split()) - set(_name(card).split()):
        yield f"Full name: {whole}"
    for label, name in (("Company", "company"), ("Department", "department"), ("Title", "title")):
        if words := _line(company.get(name)):
            yield f"{label}: {words}"
    yield from _typed("Phone", card.get("phones"), _number)
    yield from _typed("E-mail", card.get("emails"), lambda one: _line(one.get("email")))
    yield from _typed("Address", card.get("addresses"), _address)
    yield from _typed("Website", card.get("urls"), lambda one: _line(one.get("url")))
    yield from _typed("Messenger", card.get("ims"), lambda one: _line(one.get("user_id")))
    for label, name in (("Birthday", "birthday"), ("Note", "note")):
        if words := _line(card.get(name)):
            yield f"{label}: {words}"


def _typed(label: str, entries: Any, read: Any) -> Iterator[str]:
    for entry in objects(entries):
        if words := read(entry):
            kind = _line(entry.get("type") or entry.get("service")).lower()
            yield f"{label} ({kind}): {words}" if kind else f"{label}: {words}"


def _number(entry: Json) -> str:
    return _line(entry.get("phone")) or phone(entry.get("wa_id"))


def _address(entry: Json) -> str:
    parts = [_line(entry.get(one)) for one in _ADDRESS]
    country = parts[-1] or _line(entry.get("country_code"))
    return ", ".join(filter(None, [*parts[:-1], country]))


def _line(value: Any) -> str:
    return " ".join(text(value, most=LONGEST_LINE).split())


def _from_vcard(vcard: str) -> dict[str, Any]:
    """Return a vCard as Meta would have sent its card."""
    card: dict[str, Any] = {"name": {}, "org": {}}
    for head, value in _properties(vcard):
        name, _, parameters = head.partition(";")
        if value.strip():
            _take(card, name.rpartition(".")[2].strip().upper(), f";{parameters}", value)
    return card


def _properties(vcard: str) -> Iterator[tuple[str, str]]:
    """Yield the head and the value of each property; quoted ones may go on behind a last ``=``."""
    lines = iter(_FOLD.sub("", vcard).splitlines())
    for line in lines:
        head, colon, value = line.partition(":")
        parts = [value]
        while _QUOTED in head.upper() and parts[-1].endswith("="):
            parts[-1] = parts[-1][:-1]
            parts.append(next(lines, ""))
        if colon:
            yield head, "".join(parts)


def _take(card: dict[str, Any], name: str, parameters: str, value: str) -> None:
    """Put one property of a vCard into ``card``."""
    parts = [_decoded(part, parameters) for part in _split(value)]
    if name in _LISTED:
        place, key = _LISTED[name]
        words = _plain(_decoded(value, parameters)).removeprefix("tel:")
        card.setdefault(place, []).append({key: words, "type": _type_of(parameters)})
    elif name == "ADR":
        address = dict(zip(_VCARD_ADDRESS, parts, strict=False))
        street = _joined(address.get(one, "") for one in ("street", "more", "box"))
        entry = {**address, "street": street, "type": _type_of(parameters)}
        card.setdefault("addresses", []).append(entry)
    elif name == "N":
        card["name"] |= dict(zip(_VCARD_NAMES, parts, strict=False))
    elif name == "ORG":
        company, *departments = parts
        card["org"] |= {"company": company, "department": ", ".join(departments)}
    elif name in _SINGLE:
        place, key = _SINGLE[name]
        (card[place] if place else card)[key] = _plain(_decoded(value, parameters))


def _decoded(value: str, parameters: str) -> str:
    """Return a value in the characters that it stands for; what cannot be decoded stays."""
    if _QUOTED not in parameters.upper():
        return value
    stated = _CHARSET.search(parameters[:LONGEST_LINE])
    raw = quopri.decodestring(value.encode())
    try:
        return raw.decode(stated[1] if stated else "utf-8", "replace")
    except LookupError:  # such as ISO-8859-99
        return raw.decode("utf-8", "replace")


def _type_of(parameters: str) -> str:
    found = [kind.lower() for kind in _TYPES.findall(parameters[:LONGEST_LINE])]
    return next((kind for kind in found if kind not in _UNTOLD), "")


def _split(value: str) -> list[str]:
    """Return the parts of a value, which semicolons without a backslash separate."""
    return [_plain(part) for part in re.split(r"(?<!\\);", value)]


def _plain(value: str) -> str:
    return re.sub(r"\\([,;\\])", r"\1", re.sub(r"\\[nN]", " ", value)).strip()


def _joined(parts: Iterable[str]) -> str:
    return ", ".join(filter(None, parts))
