"""Badges, counters, previews and the limit of files as the inbox writes them."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from channels_layer import formats
from conversations import previews, source_kinds
from conversations.files import boxes
from conversations.files.kinds import FileType, row_of
from conversations.models import Message

register = template.Library()


@register.simple_tag
def source_badge(name: str) -> SafeString:
    """Draw the badge of a kind of source: its own icon, if it has one, and its label."""
    kind = source_kinds.of(name)
    return format_html(
        '<span class="source source--{}">{}{}</span>', name, _symbol(kind.icon), kind.label
    )


@register.simple_tag
def file_limit() -> str:
    """Return the largest size of a file in words: 10 MB."""
    return formats.size(settings.UPLOAD_MAX_BYTES)


@register.simple_tag
def file_limit_bytes() -> str:
    """Return the largest size of a file in bytes, for scripts."""
    return str(settings.UPLOAD_MAX_BYTES)


@register.filter
def at_most(number: int, limit: int) -> str:
    """Return ``number``, or the limit with a plus sign."""
    return str(number) if number <= limit else f"{limit}+"


@register.filter
def file_icon(kind: str) -> str:
    """Return the icon for a kind of file, by its use."""
    return {"image": "eye", "audio": "sound"}.get(kind, "file")


@register.simple_tag
def photo_size(file: Mapping[str, Any]) -> tuple[int, int]:
    """Return the width and height in pixels in which an image is shown in a thread."""
    return boxes.fitted(file["width"], file["height"])


@register.filter
def preview(message: Message) -> str:
    """Return the text of a message as one line."""
    return previews.of(message)


@register.filter
def file_label(file: Mapping[str, Any]) -> str:
    """Return the type of a file in the reader's words: Excel workbook."""
    return gettext(_row_of(file).label)


@register.filter
def is_played(file: Mapping[str, Any]) -> bool:
    """Return whether browsers play the recording or film in place."""
    return _row_of(file).is_played


@register.filter
def has_macros(file: Mapping[str, Any]) -> bool:
    """Return whether the file holds macros."""
    return _row_of(file).has_macros


@register.filter
def sentence(text: str) -> str:
    """Return ``text`` with a full stop, unless it ends with a mark already."""
    return text if not text or text[-1] in ".!?…" else f"{text}."


def _row_of(file: Mapping[str, Any]) -> FileType:
    return row_of(file.get("file_type", ""), file["content_type"], file["kind"])


def _symbol(file: str) -> SafeString | str:
    """Draw the one symbol of an SVG file."""
    if not file:
        return ""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#icon"></use></svg>', static(file)
    )
