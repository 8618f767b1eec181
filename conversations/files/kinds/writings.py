"""Texts, told apart by their ending, or by their beginning where no ending says what they are."""

import re

import orjson

from conversations.files import charsets
from conversations.files.kinds import table, types

HEAD = 4 * 1024
MAIL_HEAD = 64 * 1024
MOST_PARSED = 256 * 1024
"""Bytes of JSON that are parsed to see whether it is; a longer one is known by its brackets."""
MOST_STEPS = 50

_FIELD = re.compile(r"[!-9;-~]{1,80}[ \t]*:")
_USUAL = frozenset({"from", "to", "subject", "date", "cc", "sender", "resent-from", "reply-to"})
_AUTHORS = frozenset({"from", "sender", "resent-from"})
_OF_PROGRAMS = {
    "received": re.compile(r"(?s).*;.*\d{4}.*\d\d:\d\d"),
    "x-received": re.compile(r"(?s).*;.*\d{4}.*\d\d:\d\d"),
    "message-id": re.compile(r"<[^<>\s]+@[^<>\s]*>"),
    "mime-version": re.compile(r"\d\.\d"),
    "dkim-signature": re.compile(r"\w+\s*="),
    "arc-seal": re.compile(r"\w+\s*="),
    "authentication-results": re.compile(r"(?s).*;"),
    "received-spf": re.compile(r"\w+ "),
    "x-mailer": re.compile(r"\S"),
    "return-path": re.compile(r"<[^<>\s]*>"),
    "delivered-to": re.compile(r"[^@\s]+@[^@\s]+$"),
}
"""Fields that no person writes, and how their values begin; words of notes are called alike."""
_ALIKE = frozenset({"delivered-to", "x-mailer"})
"""Fields that a person might write after all."""
_ENVELOPE = re.compile(r"From \S+ .*\b[A-Z][a-z]{2} +\d{1,2} +\d\d:\d\d.*\d{4}")
_LENGTH = re.compile(r"\d{1,10}[ \t]*\n")
_PAGES = frozenset(
    [
        *("html", "head", "body", "script", "iframe", "object", "embed", "math", "table", "div"),
        *("img", "link", "style", "meta", "form", "base", "a", "p"),
    ]
)
_ROOT = re.compile(r"<([a-z][\w.:-]*)(?=[\s/>])", re.IGNORECASE)
_SUBSET = r"""\[(?:[^\]"']|"[^"]*"|'[^']*')*+\]"""
_SKIPPED = (
    re.compile(r"<!--.*?-->", re.DOTALL),
    re.compile(r"<\?.*?\?>", re.DOTALL),
    re.compile(rf"""<!(?:[^\[>"']|"[^"]*"|'[^']*'|{_SUBSET})*+>"""),
    re.compile(r"<![^>]*>"),
)
"""What may stand before the first tag: remarks, instructions, declarations."""
_LINES = (
    ("BEGIN:VCALENDAR", "calendar"),
    ("BEGIN:VCARD", "contact"),
    ("-----BEGIN ", "pem"),
    ("WEBVTT", "subtitles"),
    ("diff --git ", "patch"),
)
_MARKUP_ENDINGS = {
    **dict.fromkeys(("html", "htm", "xhtml", "xht", "shtml", "mhtm"), "html"),
    **dict.fromkeys(("svg",), "svg"),
    **dict.fromkeys(("xml", "xsl", "xslt", "xsd", "wsdl", "rss", "atom", "kml", "gpx"), "xml"),
}
_MAIL_ENDINGS = frozenset({"eml", "emlx", "mbox", "mht", "mhtml"})
TEXT_ENDINGS = {
    ending: row.name
    for row in table.ROWS
    if row.content == types.Content.TEXT
    for ending in row.endings
}


def type_of(data: bytes, ending: str) -> str:
    """Return the row of a text."""
    head = charsets.beginning(data, most=HEAD).lstrip("\ufeff \t\r\n\f\0")
    if found := _mail(data, ending):
        return found
    if ending in _MARKUP_ENDINGS and "<" in head:
        return _MARKUP_ENDINGS[ending]
    if ending in TEXT_ENDINGS:
        return _by_ending(data, TEXT_ENDINGS[ending], ending)
    for line, name in _LINES:
        if head.startswith(line):
            return name
    return _by_root(head)


def _by_ending(data: bytes, name: str, ending: str) -> str:
    if name == "json" and not _is_json(data, ending):
        return "text"
    return name


def _is_json(data: bytes, ending: str) -> bool:
    if ending in {"jsonl", "ndjson"}:
        return True
    body = data.removeprefix(b"\xef\xbb\xbf").strip(b" \t\r\n\x00")
    if len(body) > MOST_PARSED:
        return body[:1] + body[-1:] in {b"{}", b"[]"}
    try:
        orjson.loads(charsets.beginning(body, most=MOST_PARSED))
    except (orjson.JSONDecodeError, UnicodeError):
        return False
    return True


def _by_root(head: str) -> str:
    """Return the row of a page, a drawing or an XML document by its first tag."""
    rest, is_xml, is_page = head, head.startswith("<?xml"), False
    for _ in range(MOST_STEPS):
        opened = next(filter(None, (form.match(rest) for form in _SKIPPED)), None)
        if opened is None:
            break
        is_page = is_page or rest[:14].lower() == "<!doctype html"
        rest = rest[opened.end() :].lstrip()
    root = _ROOT.match(rest)
    name = root[1].lower() if root else ""
    if is_page or (name in _PAGES and not (is_xml and name == "a")):
        return "html"
    if name.rpartition(":")[2] == "svg":
        return "svg"
    return (
        "xml" if is_xml or (":" in name and f"xmlns:{name.partition(':')[0]}" in head) else "text"
    )


def _mail(data: bytes, ending: str) -> str:
    """Return the row of a mail or a mailbox, by the fields of its header."""
    lines = data[:MAIL_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n \t")
    text = lines.decode("latin-1").replace("\r\n", "\n").replace("\r", "\n")
    if ending == "emlx":
        text = _LENGTH.sub("", text, count=1)
    is_kept = ending in _MAIL_ENDINGS or bool(_ENVELOPE.match(text))
    is_box = text.startswith("From ")
    fields = _fields((text.partition("\n")[2] if is_box else text).lstrip(">"))
    if not (_is_sent(fields) or (is_kept and _is_usual(fields))):
        return ""
    return "mbox" if is_box and ("\nFrom " in text or ending == "mbox") else "mail"


def _is_usual(fields: dict[str, str]) -> bool:
    return not (_USUAL | _OF_PROGRAMS.keys()).isdisjoint(fields)


def _is_sent(fields: dict[str, str]) -> bool:
    """Return whether a program that sends mails has written some of the fields."""
    written = {
        name for name, form in _OF_PROGRAMS.items() if name in fields and form.match(fields[name])
    }
    if "mime-version" in written and "content-type" in fields:
        return True
    others = _USUAL.intersection(fields) | (written - {"return-path"})
    authors = [fields[name] for name in _AUTHORS if name in fields]
    if written <= _ALIKE:
        authors = [author for author in authors if "@" in author]
    return bool(written) and bool(authors or "return-path" in written) and len(others) > 1


def _fields(text: str) -> dict[str, str]:
    """Return the fields of a header, the first of each name, that a blank line or the end ends."""
    found: dict[str, str] = {}
    name = ""
    for line in text.split("\n"):
        if not line.strip():
            break
        if line[0] in " \t" and name:
            found[name] += line
            continue
        if not _FIELD.match(line):
            return {}
        name, _, value = line.partition(":")
        name = name.strip().lower()
        name = name if name not in found else f"{name} again"
        found[name] = value.strip()
    return found
