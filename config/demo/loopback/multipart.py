"""Forms with files: the parts of a ``multipart/form-data`` body."""

from dataclasses import dataclass
from email import message_from_bytes


@dataclass(frozen=True)
class Part:
    """One field; ``filename`` is empty where it is no file."""

    data: bytes
    filename: str
    content_type: str


def parts(content_type: str, body: bytes) -> dict[str, Part]:
    """Return the fields of ``body`` by name; nothing where it is no such form."""
    message = message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    found = {}
    for part in message.walk():
        name = part.get_param("name", header="content-disposition")
        data = part.get_payload(decode=True)
        if name and isinstance(data, bytes):
            found[str(name)] = Part(data, part.get_filename() or "", part.get_content_type())
    return found
