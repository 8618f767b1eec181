"""Outgoing files: each in a form that Meta takes, so that none is refused for its format."""

from dataclasses import dataclass

from conversations.files import conversion, images, kinds, stored
from conversations.files.images import UnreadableError
from conversations.files.processes import BusyError, Claim
from conversations.models import Attachment

MEGABYTE = 1024 * 1024
TAKEN: dict[str, tuple[frozenset[str], int]] = {
    "image": (frozenset({"image/jpeg", "image/png"}), 5 * MEGABYTE),
    "audio": (
        frozenset({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"}),
        16 * MEGABYTE,
    ),
    "video": (frozenset({"video/mp4", "video/3gpp"}), 16 * MEGABYTE),
}
"""Types and largest sizes that WhatsApp shows as such; everything else is a document."""
PATIENCE = 30.0
"""Seconds that a picture waits for its turn to be converted."""
_PDF = "application/pdf"


@dataclass(frozen=True, kw_only=True)
class OutgoingFile:
    """A file as it is uploaded to Meta, and the type that WhatsApp shows it as."""

    kind: str
    name: str
    content_type: str
    data: bytes


def kind_of(file: Attachment) -> str:
    """Return WhatsApp's type for a file: image, audio, video, or document for all the rest."""
    if file.kind == Attachment.Kind.IMAGE:
        return "document" if file.page_count else "image"
    for kind, (types, largest) in TAKEN.items():
        if file.content_type in types and file.size <= largest:
            return kind
    return "document"


def prepared(file: Attachment) -> OutgoingFile:
    """Return the file in a form that Meta takes; a picture of several pages becomes a PDF.

    :raises OSError: the bytes are gone.
    """
    kind = kind_of(file)
    types, largest = TAKEN["image"]
    is_taken = file.content_type in types and file.size <= largest and not file.motion
    if file.kind != Attachment.Kind.IMAGE or (is_taken and kind == "image"):
        data = stored.read(file.path)
        return OutgoingFile(kind=kind, name=file.name, content_type=file.content_type, data=data)
    form = conversion.DOCUMENT if kind == "document" else conversion.PHOTO
    source = stored.read(file.path if form == conversion.DOCUMENT else _shown(file))
    claim = Claim(sender=str(file.conversation_id), patience=PATIENCE)
    try:
        return _named(file, kind, images.converted(source, form, claim=claim))
    except (BusyError, UnreadableError):
        return _named(file, "image", stored.read(file.small or _shown(file)))


def _shown(file: Attachment) -> str:
    return file.preview or file.path


def _named(file: Attachment, kind: str, data: bytes) -> OutgoingFile:
    content_type = kinds.sniff(data, file.name).content_type
    stem = file.name.rpartition(".")[0] or file.name
    name = kinds.harmless_name(stem, content_type)
    return OutgoingFile(kind=kind, name=name, content_type=content_type, data=data)
