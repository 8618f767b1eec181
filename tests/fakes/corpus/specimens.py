"""A specimen: one file as a person would send it, and what is right for it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Fate(StrEnum):
    """What becomes of a file's content."""

    READ = "read"
    """Its words are told to the model."""
    SEEN = "seen"
    """It is shown to the model as an image, and described."""
    HEARD = "heard"
    """It is transcribed."""
    UNKNOWN = "unknown"
    """The model is told that it does not know what is in it."""
    LOCKED = "locked"
    """As unknown, and that a password protects it."""
    REFUSED = "refused"
    """It is not taken: a program, or nothing at all."""


IMAGE, AUDIO, VIDEO, DOCUMENT = "image", "audio", "video", "document"


@dataclass(frozen=True, kw_only=True)
class Right:
    """What people are owed: reasoned from what they sent, not from what a program does with it."""

    fate: Fate = Fate.READ
    kind: str = DOCUMENT
    called: str = ""
    """Regular expression of the words by which staff know the kind of file; empty: any."""
    words: tuple[str, ...] = ()
    """Words of the file that the model has to be told."""
    told: tuple[str, ...] = ()
    """Regular expressions that match what the model is told."""
    never: tuple[str, ...] = ()
    """What the model must not be told: garbage, markup, code of fonts."""
    is_doubtful: bool = False
    """Too short to be certain: the right words, or that the characters may be wrong."""
    is_marked_doubtful: bool = False
    """Nobody can be certain: the reader and the model are told that characters may be wrong."""
    served: str = ""
    """Regular expression of the content type under which it is served."""
    shown_as: str = ""
    """Regular expression of the name under which staff see it; empty: any harmless one."""


@dataclass(frozen=True)
class Specimen:
    """A file: its name, how its bytes are made, what is right, and Meta's type for it."""

    name: str
    make: Callable[[], bytes]
    right: Right
    meta: str = ""
    """How WhatsApp delivers it: its type and the declared content type, as ``audio audio/mp4``."""

    @cached_property
    def data(self) -> bytes:
        """The bytes."""
        return self.make()

    @property
    def delivery(self) -> tuple[str, str]:
        """Meta's type of message and the content type that it declares."""
        kind, _, content_type = (self.meta or f"document {_declared(self.name)}").partition(" ")
        return kind, content_type


def text(name: str, body: str | bytes, *words: str, **more: object) -> Specimen:
    """Return a file of words, in UTF-8 where ``body`` is no bytes."""
    data = body if isinstance(body, bytes) else body.encode()
    usual: dict[str, object] = {"served": r"text/(plain|csv|markdown)|application/(json|octet)"}
    right = Right(words=words, **{**usual, **more})  # type: ignore[arg-type]
    return Specimen(name, lambda: data, right)


def _declared(name: str) -> str:
    """Return what a phone declares by a name's ending, right or wrong."""
    ending = name.rpartition(".")[2].lower()
    known = {
        "pdf": "application/pdf",
        "txt": "text/plain",
        "csv": "text/csv",
        "html": "text/html",
        "svg": "image/svg+xml",
        "zip": "application/zip",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "eml": "message/rfc822",
        "heic": "image/heic",
        "gif": "image/gif",
        "tiff": "image/tiff",
        "mp3": "audio/mpeg",
    }
    return known.get(ending, "application/octet-stream")
