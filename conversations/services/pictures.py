"""Pictures: the further files of an attachment that is an image, and what its row says of them."""

from collections.abc import Iterator
from datetime import datetime

from conversations.files.remaking import Remade
from conversations.models import Attachment, new_path


def fill(attachment: Attachment, picture: Remade, *, at: datetime) -> None:
    """Set the row's fields from the picture, with new paths in the storage."""
    is_beside = bool(picture.original)
    attachment.preview = new_path(at) if is_beside and picture.is_less else ""
    attachment.kept = new_path(at) if is_beside and not picture.is_less else ""
    attachment.small = new_path(at) if picture.small else ""
    attachment.thumbnail = new_path(at) if picture.thumbnail else ""
    attachment.width = picture.width
    attachment.height = picture.height
    attachment.stills = [
        {"path": new_path(at), "width": still.width, "height": still.height}
        for still in picture.stills
    ]
    attachment.page_count = picture.page_count if picture.page_count > 1 else None
    attachment.motion = _motion_of(picture)


def files_of(attachment: Attachment, picture: Remade, kept: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield where each of the further files lies, and its bytes; ``kept`` are those that came."""
    if attachment.kept:
        yield attachment.kept, kept
    if attachment.preview:
        yield attachment.preview, picture.data
    if attachment.small:
        yield attachment.small, picture.small
    if attachment.thumbnail:
        yield attachment.thumbnail, picture.thumbnail
    for place, still in zip(attachment.stills, picture.stills, strict=True):
        yield place["path"], still.data


def _motion_of(picture: Remade) -> str:
    if picture.is_moving:
        return Attachment.Motion.MOVING
    return Attachment.Motion.STILL if picture.is_still else ""
