"""Uploads: a file arrives as ``file`` of a multipart body."""

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from rest_framework.request import Request

from channels_layer.errors import InvalidError
from conversations.services.attachments import FileTooLargeError, Upload

WRAPPING = 64 * 1024
"""Bytes that a multipart body may have besides the file."""
DIGITS_AT_MOST = 18


def upload_of(request: Request) -> Upload:
    """Read the file of a request; refuse one announced as too large without reading it."""
    if is_too_large(request.META.get("CONTENT_LENGTH") or "0"):
        raise FileTooLargeError
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        detail = _("Send one file in the field `file`.")
        raise InvalidError(detail, fields={"file": [detail]})
    if file.size is None or file.size > settings.UPLOAD_MAX_BYTES:
        raise FileTooLargeError
    return Upload(name=file.name or "", data=file.read())


def is_too_large(announced: str) -> bool:
    """Return whether a length in digits, however many, is more than a file may have."""
    if not (announced.isascii() and announced.isdigit()):
        return False
    is_long = len(announced) > DIGITS_AT_MOST
    return is_long or int(announced) > settings.UPLOAD_MAX_BYTES + WRAPPING
