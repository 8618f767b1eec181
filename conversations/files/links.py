"""Links: signed addresses of files that are valid for a while and need no session."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from hmac import compare_digest
from math import ceil
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from channels_layer import times

ORIGINAL = "original"
THUMBNAIL = "thumbnail"
PREVIEW = "preview"
KEPT = "kept"
PAGE = "page-"
"""Followed by the number of a further page, from 2."""
_SALT = "conversations.files.links"


def url_for(identifier: UUID | str, variant: str = ORIGINAL) -> str:
    """Return a path that opens the file for at most ``MEDIA_URL_TTL`` seconds from now.

    The end is rounded, so that an image keeps its address, and its place in the browser's
    cache, for a tenth of that time.
    """
    until = _until(times.now().timestamp(), settings.MEDIA_URL_TTL)
    path = reverse("conversations:file", kwargs={"id": identifier, "variant": variant})
    return f"{path}?until={until}&signature={signature_of(str(identifier), variant, until)}"


def is_right(identifier: UUID | str, variant: str, until: str, signature: str) -> bool:
    """Return whether the link's signature is right, expired or not."""
    if not (until.isascii() and until.isdigit() and len(until) <= 12):  # noqa: PLR2004
        return False
    right = signature_of(str(identifier), variant, int(until))
    return compare_digest(right.encode(), signature.encode(errors="replace"))


def remaining(until: str) -> int:
    """Return the seconds for which a right link is still valid; 0 for an expired one."""
    return max(0, int(int(until) - times.now().timestamp()))


def signature_of(identifier: str, variant: str, until: int) -> str:
    """Return the signature of a file and the time until which it may be opened."""
    mac = salted_hmac(_SALT, f"{identifier} {variant} {until}", algorithm=sha256().name)
    return urlsafe_b64encode(mac.digest()).decode().rstrip("=")


def _until(now: float, ttl: int) -> int:
    step = ttl // 10
    if step < 1:
        return ceil(now + ttl)
    return int(now // step) * step + ttl
