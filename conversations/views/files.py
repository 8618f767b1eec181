"""``/files/<id>/<variant>``: an attachment's bytes, for the holder of a valid link."""

import re
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from channels_layer.access import actors
from conversations.files import links, stored
from conversations.models import Attachment
from conversations.selectors import attachments as selectors

LARGEST_PIECE = 4 * 1024 * 1024
"""Bytes of one response to an open-ended range; the browser requests the next by itself."""

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_DOWNLOAD_POLICY = "default-src 'none'; sandbox"
_MEDIA_POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; sandbox"


@require_safe
def file(request: HttpRequest, id: UUID, variant: str) -> HttpResponse:
    """Respond with the file or the requested range; 404 for a wrong or expired link.

    Staff, whose pages stay open for longer than their links, are redirected to a new link.
    Images, sounds and videos are shown in place, in a sandbox; everything else, SVG and HTML
    above all, is a download, as is an image as it came beside the one written anew.
    """
    until, signature = request.GET.get("until", ""), request.GET.get("signature", "")
    is_right = links.is_right(id, variant, until, signature)
    attachment = selectors.attachment(id) if is_right else None
    if attachment is None:
        raise Http404
    left = links.remaining(until)
    if not left:
        return _renewed(request, attachment, variant)
    path = selectors.path_of(attachment, variant)
    try:
        response = _answer(request, attachment, path, variant)
    except FileNotFoundError:
        raise Http404 from None
    _protect(response, attachment, variant)
    response["Cache-Control"] = f"private, max-age={left}, immutable"
    return response


def _renewed(request: HttpRequest, attachment: Attachment, variant: str) -> HttpResponse:
    if actors.for_user(request.user) is None:
        raise Http404
    response = redirect(links.url_for(attachment.pk, variant))
    response["Cache-Control"] = "no-store"
    return response


def _answer(request: HttpRequest, attachment: Attachment, path: str, variant: str) -> HttpResponse:
    if not path:
        raise FileNotFoundError
    if path != attachment.path or "Range" not in request.headers:
        data = stored.read(path)
        content_type = selectors.served_type(attachment, variant, data)
        return HttpResponse(data, content_type=content_type)
    content_type = selectors.served_type(attachment, variant)
    bounds = _bounds(request.headers["Range"], attachment.size)
    if bounds is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{attachment.size}"})
    start, end = bounds
    response = HttpResponse(
        stored.read(path, start=start, end=end), status=206, content_type=content_type
    )
    response["Content-Range"] = f"bytes {start}-{end - 1}/{attachment.size}"
    return response


def _bounds(header: str, size: int) -> tuple[int, int] | None:
    """Parse a single range; return None for one that lies outside or is malformed."""
    match = _RANGE.fullmatch(header.strip())
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:
        start, end = max(0, size - int(match[2])), size
    elif match[2]:
        start, end = int(match[1]), min(size, int(match[2]) + 1)
    else:
        start = int(match[1])
        end = min(size, start + LARGEST_PIECE)
    return (start, end) if start < end else None


def _protect(response: HttpResponse, attachment: Attachment, variant: str) -> None:
    is_inline = attachment.is_shown_inline and variant != links.KEPT
    name = selectors.served_name(attachment, variant, response["Content-Type"])
    disposition = content_disposition_header(not is_inline, name)
    response["Content-Disposition"] = disposition or "inline"
    response["Content-Security-Policy"] = _MEDIA_POLICY if is_inline else _DOWNLOAD_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Referrer-Policy"] = "no-referrer"
    response["Accept-Ranges"] = "bytes"
