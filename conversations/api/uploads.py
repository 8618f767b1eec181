"""Uploads: a file arrives as ``file`` of a multipart body."""

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from rest_framework.request import Request

from channels_layer.errors import InvalidError
from conversations.services.attachments import FileTooLargeError, Upload

WRAPPING = 64 * 1024
"""Bytes that a multipart body may have besides the file."""


def upload_of(request: Request) -> Upload:
    """Read the file of a request; refuse one announced as too large without reading it."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if announced.isdigit() and int(announced) > settings.UPLOAD_MAX_BYTES + WRAPPING:
        raise FileTooLargeError
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        detail = _("Send one file in the field `file`.")
        raise InvalidError(detail, fields={"file": [detail]})
    if file.size is None or file.size > settings.UPLOAD_MAX_BYTES:
        raise FileTooLargeError
    return Upload(name=file.name or "", data=file.read())
