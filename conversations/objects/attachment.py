"""A file: what it is, whether its bytes are here, and what was read in it."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from conversations.files import links
from conversations.models import Attachment, Reading

Json = dict[str, Any]
HIDDEN: Json = {
    "name": "",
    "error": None,
    "can_retry": False,
    "reading": None,
    "transcript": None,
    "description": None,
    "url": None,
    "thumbnail_url": None,
    "preview_url": None,
    "original_url": None,
    "pages": [],
}
"""What a key that may write conversations and not read them gets to see of others' files."""


class ReadingObject(serializers.Serializer[Any]):
    """Seeing, hearing or reading a customer's file, by a worker."""

    state = serializers.ChoiceField(choices=Reading.State.choices)
    error = serializers.CharField(allow_null=True, help_text="Why it failed, in plain words.")
    extent = serializers.CharField(
        allow_null=True, help_text="How much of a document was read, such as `12 pages`."
    )


class PageObject(serializers.Serializer[Any]):
    """A further page of an image that has several, such as a scan."""

    url = serializers.CharField(help_text="Needs no further rights and expires.")
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class AttachmentObject(serializers.Serializer[Any]):
    """A file; `url` needs no further rights and expires."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    content_type = serializers.CharField(help_text="Judged by the bytes.")
    size = serializers.IntegerField(help_text="Bytes; 0 while it is fetched.")
    kind = serializers.ChoiceField(choices=Attachment.Kind.choices)
    file_type = serializers.CharField(
        help_text="Its row in the table of files (`docs/files.md`), such as `xlsx`."
    )
    type_label = serializers.CharField(help_text="Its type in words, such as `Excel workbook`.")
    width = serializers.IntegerField(allow_null=True, help_text="Of the picture as it is shown.")
    height = serializers.IntegerField(allow_null=True)
    page_count = serializers.IntegerField(
        allow_null=True, help_text="Images of several pages: how many there are."
    )
    motion = serializers.ChoiceField(
        choices=Attachment.Motion.choices,
        allow_null=True,
        help_text="`moving`, or `still` where one picture of a moving image is shown.",
    )
    status = serializers.ChoiceField(
        choices=Attachment.Status.choices, help_text="Whether its bytes are here."
    )
    error = serializers.CharField(allow_null=True, help_text="Why they are not, in plain words.")
    can_retry = serializers.BooleanField(
        help_text="It did not arrive or was not read, and another try may change that."
    )
    reading = ReadingObject(allow_null=True, help_text="Null where nothing is to be found out.")
    transcript = serializers.CharField(allow_null=True, help_text="What is said in it.")
    description = serializers.CharField(allow_null=True, help_text="What is seen in it.")
    url = serializers.CharField(allow_null=True, help_text="Null until its bytes are here.")
    thumbnail_url = serializers.CharField(allow_null=True, help_text="Images: 480 pixels.")
    preview_url = serializers.CharField(
        allow_null=True, help_text="Images: in a format that every browser shows."
    )
    original_url = serializers.CharField(
        allow_null=True, help_text="Images: the file as it came, where that is kept."
    )
    pages = PageObject(many=True, help_text="The pages after the first, at most 19.")


def attachment_object(attachment: Attachment) -> Json:
    """Return a file of a message, without links to it."""
    return {
        "id": str(attachment.pk),
        "name": attachment.name,
        "content_type": attachment.content_type,
        "size": attachment.size,
        "kind": attachment.kind,
        "file_type": attachment.row.name,
        "type_label": attachment.row.label,
        "width": attachment.width,
        "height": attachment.height,
        "page_count": attachment.page_count,
        "motion": attachment.motion or None,
        "has_thumbnail": bool(attachment.thumbnail),
        "has_preview": bool(attachment.preview),
        "has_kept": bool(attachment.kept),
        "page_sizes": [[page["width"], page["height"]] for page in attachment.shown_pages],
        "status": attachment.status,
        "error": attachment.error or None,
        "can_retry": _can_retry(attachment),
        "reading": _reading(attachment),
        "transcript": attachment.transcript or None,
        "description": attachment.description or None,
    }


def picture_object(attachment: Attachment) -> Json:
    """Return an image of a card, without links to it and without what staff alone sees."""
    return {
        "id": str(attachment.pk),
        "name": attachment.name,
        "content_type": attachment.content_type,
        "size": attachment.size,
        "kind": attachment.kind,
        "width": attachment.width,
        "height": attachment.height,
        "has_thumbnail": bool(attachment.thumbnail),
        "has_preview": bool(attachment.preview),
    }


def linked(attachment: Mapping[str, Any]) -> Json:
    """Return an attachment object with links that are good for ``MEDIA_URL_TTL`` seconds.

    A file that has not arrived yet has none.
    """
    shown = dict(attachment)
    is_here = shown.get("status", Attachment.Status.READY) == Attachment.Status.READY
    has_thumbnail = shown.pop("has_thumbnail", False) and is_here
    has_preview = shown.pop("has_preview", False) and is_here
    has_kept = shown.pop("has_kept", False) and is_here
    sizes = shown.pop("page_sizes", ())
    shown["url"] = links.url_for(shown["id"]) if is_here else None
    shown["thumbnail_url"] = links.url_for(shown["id"], links.THUMBNAIL) if has_thumbnail else None
    shown["preview_url"] = shown["url"] if shown["kind"] == Attachment.Kind.IMAGE else None
    shown["original_url"] = links.url_for(shown["id"], links.KEPT) if has_kept else None
    if has_preview:
        shown["original_url"] = shown["url"]
        shown["preview_url"] = links.url_for(shown["id"], links.PREVIEW)
    shown["pages"] = [
        {"url": links.url_for(shown["id"], f"{links.PAGE}{number}"), "width": wide, "height": high}
        for number, (wide, high) in enumerate(sizes, 2)
    ]
    # An event that was stored by an earlier release has none of these.
    return {"page_count": None, "motion": None, "can_retry": False} | shown


def _can_retry(attachment: Attachment) -> bool:
    """Return whether another try to fetch or to read it may end otherwise."""
    if attachment.status != Attachment.Status.READY:
        return attachment.status == Attachment.Status.FAILED and not attachment.is_final
    reading = getattr(attachment, "reading", None)
    return bool(reading and reading.state == Reading.State.FAILED and not reading.is_final)


def _reading(attachment: Attachment) -> Json | None:
    """Return the state of a file's reading; None where it has none."""
    reading = getattr(attachment, "reading", None)
    if reading is None:
        return None
    return {
        "state": reading.state,
        "error": reading.error or None,
        "extent": attachment.extent or None,
    }
