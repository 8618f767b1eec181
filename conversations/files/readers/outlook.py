"""Outlook messages: from, to, subject, date, words, and the names of attachments."""

from collections.abc import Iterator
from typing import IO, Any

from oxmsg import Message

from channels_layer import sizes
from conversations.files.kinds import detection, table
from conversations.files.readers import mails, pages
from conversations.files.readers.bounds import Text, counted

MOST_FILES = 100


def read(source: IO[bytes]) -> tuple[str, str]:
    """Return header, words and attachments of a message."""
    message: Any = Message.load(source)
    text = Text()
    for line in (*_header(message), *_words(message)):
        text.add(line)
    files = list(message.attachments)[:MOST_FILES]
    for line in mails.listed([_named(one) for one in files]):
        text.add(line)
    whole, words = text.in_words()
    return whole, counted(len(files), "attachment") if files else words


def _header(message: Any) -> Iterator[str]:
    """Yield the fields that the message has; those of the mail itself where it was one."""
    sent = {name.lower(): value for name, value in (message.message_headers or {}).items()}
    to = "; ".join(f"{one.name} <{one.email_address}>" for one in message.recipients)
    own = {"From": message.sender, "To": to, "Subject": message.subject, "Date": message.sent_date}
    for name in mails.HEADER:
        value = own.get(name) or mails.words_of(str(sent.get(name.lower(), "")))
        if value:
            yield f"{name}: {' '.join(str(value).split())}"


def _words(message: Any) -> list[str]:
    if message.body and message.body.strip():
        return str(message.body).splitlines()
    return pages.lines_of(str(message.html_body)) if message.html_body else []


def _named(file: Any) -> str:
    """Return an attachment's name, type and size, by its bytes where it has them."""
    name, data = str(file.file_name or ""), file.file_bytes or b""
    label = table.BY_NAME[detection.sniff(data, name).file_type].label
    return f"{name or 'without a name'} ({label}, {sizes.in_english(len(data) or file.size or 0)})"
