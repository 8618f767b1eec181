"""E-mail: its header and words decoded, its attachments named, mails within it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from typing import IO, Any

from channels_layer import sizes
from conversations.files import charsets
from conversations.files.kinds import detection, table
from conversations.files.readers import pages
from conversations.files.readers.bounds import Text, counted
from conversations.files.texts import CUT

_OF_PROGRAMS = frozenset(
    [
        *("received", "references", "importance", "priority", "sensitivity", "precedence"),
        *("organization", "keywords", "lines", "status", "sender", "bcc", "xref", "path"),
        *("encoding", "approved", "expires", "errors", "thread", "source", "autosubmitted"),
    ]
)
"""Fields of one word that say nothing to a reader; those of several words never do."""
HEADER = ("From", "To", "Cc", "Subject", "Date")
MOST_MAILS = 20
MOST_PARTS = 300
DEEPEST_PARTS = 20
DEEPEST_MAILS = 10
LONGEST_NAME = 120
_FOLD = re.compile(r"\r?\n[ \t]*")
_REPORTED = ("Final-Recipient", "Action", "Status", "Diagnostic-Code", "Disposition")
_LENGTH = re.compile(rb"(\d{1,10})[ \t]*\r?\n")
_BOX = re.compile(rb"(?:^|\n)(?=From [^\n]*\n[!-9;-~]+:)")
_CARELESS = frozenset({"iso-8859-1", "us-ascii", "ascii", "windows-1252", "latin-1", "x-unknown"})
"""Charsets that a mail declares without meaning it."""


class _Mail:
    """The lines of one mail, and the files that came with it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.files: list[str] = []
        self.parts = 0
        self.is_cut = False

    def cut(self) -> None:
        """Mark, once, that something was left out."""
        if not self.is_cut:
            self.lines.append(CUT)
        self.is_cut = True


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Where a part stands: within how many others, and whether its words stand elsewhere."""

    parts: int = 0
    mails: int = 0
    has_words: bool = True

    @property
    def is_too_deep(self) -> bool:
        return self.parts > DEEPEST_PARTS or self.mails > DEEPEST_MAILS

    def within(self, *, has_words: bool = True) -> "_Place":
        """Return the place of a part of this one."""
        return replace(self, parts=self.parts + 1, has_words=self.has_words and has_words)

    def forwarded(self) -> "_Place":
        """Return the place of a mail in this one, which has words of its own."""
        return replace(self, parts=self.parts + 1, mails=self.mails + 1, has_words=True)


def read(source: IO[bytes]) -> tuple[str, str]:
    """Return header, words and attachments of a mail, or of the first mails of a mailbox."""
    data = _without_length(source.read().removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n \t"))
    mails = [data]
    if data.startswith(b"From "):
        mails = [one for one in _BOX.split(data.replace(b"\r\n", b"\n")) if one.strip()]
    text, files = Text(), 0
    for number, one in enumerate(mails[:MOST_MAILS]):
        if number:
            text.add("---")
        mail = _mail(_without_box_line(one))
        files += len(mail.files)
        for line in mail.lines:
            text.add(line)
    if len(mails) > 1:
        return text.whole(), counted(min(len(mails), MOST_MAILS), "mail", of=len(mails))
    whole, words = text.in_words()
    return whole, counted(files, "attachment") if files else words


def words_of(raw: str) -> str:
    """Return the words of a field of a header, however they are coded."""
    raw = _FOLD.sub(" ", raw)
    if not raw.isascii():
        return charsets.decoded(raw.encode("utf-8", "surrogateescape")).text
    try:
        parts = decode_header(raw)
    except (HeaderParseError, ValueError):
        return raw
    return "".join(
        part if isinstance(part, str) else _decoded(part, charset or "") for part, charset in parts
    )


def listed(names: list[str]) -> Iterator[str]:
    """Yield the lines that name the attachments of a mail."""
    if names:
        yield "Attachments:"
        yield from (f"- {name}" for name in names)


def _without_length(data: bytes) -> bytes:
    """Return the mail alone of a file of Apple's, which begins with its length in bytes."""
    found = _LENGTH.match(data)
    return data[found.end() : found.end() + int(found[1])] if found else data


def _without_box_line(data: bytes) -> bytes:
    return data.partition(b"\n")[2] if data.startswith(b"From ") else data


def _mail(data: bytes) -> _Mail:
    mail = _Mail()
    _add(mail, message_from_bytes(data), _Place())
    return mail


def _add(mail: _Mail, message: Message, place: _Place) -> None:
    """Add the header, the words and then the attachments of a message."""
    for name in HEADER:
        value = words_of(str(_raw(message, name)))
        if value.strip():
            mail.lines.append(f"{name}: {' '.join(value.split())}")
    mail.lines.extend(_own_fields(message))
    begun = len(mail.files)
    _add_part(mail, message, place)
    mail.lines.extend(listed(mail.files[begun:]))


def _own_fields(message: Message) -> Iterator[str]:
    """Yield the fields that no program writes: a note may begin as a mail does."""
    known = {name.lower() for name in HEADER} | _OF_PROGRAMS
    for name, raw in message.raw_items():
        if "-" not in name and name.lower() not in known:
            yield f"{name}: {' '.join(words_of(str(raw)).split())}"


def _raw(message: Message, name: str) -> Any:
    """Return a field as it was sent, its bytes beyond ASCII as surrogates."""
    found = (value for key, value in message.raw_items() if key.lower() == name.lower())
    return next(found, "")


def _add_part(mail: _Mail, part: Message, place: _Place) -> None:
    """Add the words of a part, the parts within it, or its name where it is a file."""
    mail.parts += 1
    payload = part.get_payload()
    if mail.parts > MOST_PARTS or place.is_too_deep:
        mail.cut()
    elif isinstance(payload, list):
        _add_parts(mail, part, [one for one in payload if isinstance(one, Message)], place)
    elif part.get_content_type() == "text/rfc822-headers":
        _add_mail(mail, message_from_bytes(_bytes(part)), place)
    elif not _is_words(part):
        mail.files.append(_named(part))
    elif place.has_words:
        mail.lines.extend(_lines(part))


def _add_parts(mail: _Mail, part: Message, inner: list[Message], place: _Place) -> None:
    sort = part.get_content_type()
    if sort == "multipart/alternative":
        plainest = _plainest(inner)
        for one in inner:
            _add_part(mail, one, place.within(has_words=one is plainest))
    elif sort in {"message/delivery-status", "message/disposition-notification"}:
        mail.lines.extend(_report(inner))
    else:
        is_mail = part.get_content_maintype() == "message"
        for one in inner:
            _add_mail(mail, one, place) if is_mail else _add_part(mail, one, place.within())


def _add_mail(mail: _Mail, message: Message, place: _Place) -> None:
    mail.lines.append("--- Attached message:")
    _add(mail, message, place.forwarded())


def _plainest(parts: list[Message]) -> Message | None:
    """Return the plainest of several forms of the same words."""
    plain = [one for one in parts if one.get_content_type() == "text/plain" and any(_lines(one))]
    rest = [one for one in parts if one.get_content_type() != "text/plain"]
    return next(iter((*plain, *rest)), None)


def _report(blocks: list[Message]) -> Iterator[str]:
    """Yield what a report says of a mail: whom it did not reach, and why."""
    yield "--- Report:"
    for block in blocks[:MOST_PARTS]:
        for name in _REPORTED:
            if value := words_of(str(_raw(block, name))):
                yield f"{name}: {' '.join(value.split())}"


def _is_words(part: Message) -> bool:
    if part.get_content_disposition() == "attachment":
        return False
    return part.get_content_type() in {"text/plain", "text/html", "text/enriched"}


def _lines(part: Message) -> list[str]:
    data = _bytes(part)
    declared = part.get_content_charset() or ""
    if part.get_content_type() == "text/html":
        return pages.lines_of(_decoded(data, declared or charsets.declared_in(data)))
    return charsets.tidied(_decoded(data, declared)).splitlines()


def _bytes(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _decoded(data: bytes, declared: str) -> str:
    """Return the characters of a part; one declared without thought yields to a guess."""
    if declared.lower() in _CARELESS:
        found = charsets.decoded(data)
        if found.is_sure:
            return found.text
        declared = "cp1252"
    return charsets.decoded(data, declared=declared).text


def _named(part: Message) -> str:
    """Return an attachment's name, type and size."""
    name = " ".join(words_of(part.get_filename() or "").split())[:LONGEST_NAME]
    data = _bytes(part)
    label = table.BY_NAME[detection.sniff(data, name).file_type].label
    return f"{name or 'without a name'} ({label}, {sizes.in_english(len(data))})"
