"""Forms with files: the parts of a ``multipart/form-data`` body."""

from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import Compat32

FORM = "multipart/form-data"


@dataclass(frozen=True)
class Part:
    """One field; ``filename`` is empty where it is no file."""

    data: bytes
    filename: str
    content_type: str


class _AsSent(Compat32):
    """Headers with their bytes beyond ASCII, which mails may not have and forms do."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        """Return the value as it was sent."""
        del name
        return value


class _Form(Message):
    """A form or a field of it, which the parser takes for bytes even where it is a mail itself."""

    declared_type = Message.get_content_type

    def get_content_type(self) -> str:
        """Return the type of the form; a field has none that the parser would look into."""
        return FORM if self.declared_type() == FORM else "application/octet-stream"

    def get_content_maintype(self) -> str:
        """Return what stands before the slash."""
        return self.get_content_type().partition("/")[0]


def parts(content_type: str, body: bytes) -> dict[str, Part]:
    """Return the fields of ``body`` by name; nothing where it is no such form."""
    head = b"Content-Type: " + content_type.encode() + b"\r\n\r\n"
    form = BytesParser(_class=_Form, policy=_AsSent()).parsebytes(head + body)
    payload = form.get_payload()
    fields = payload if isinstance(payload, list) else []
    found = {}
    for field in (one for one in fields if isinstance(one, _Form)):
        name = field.get_param("name", header="content-disposition")
        data = field.get_payload(decode=True)
        if name and isinstance(data, bytes):
            filename = _text(field.get_filename() or "")
            found[_text(str(name))] = Part(data, filename, field.declared_type())
    return found


def _text(value: str) -> str:
    """Return a value of a header, which browsers and libraries write in UTF-8."""
    return value.encode(errors="surrogateescape").decode(errors="replace")
