"""Origins: scheme, host and port of a page, compared exactly."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _


def normal(text: str) -> str:
    """Normalise an origin to ``https://shop.example``; raise ``ValueError`` for anything else."""
    parts = urlsplit(text.strip())
    is_origin = parts.scheme in {"http", "https"} and parts.hostname
    if not is_origin or parts.path not in {"", "/"} or parts.query or parts.username:
        raise ValueError(text)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    usual = {"http": 80, "https": 443}[parts.scheme]
    port = "" if parts.port in {None, usual} else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


def validate_origins(value: object) -> None:
    """Refuse anything but a list of origins as browsers write them."""
    if not isinstance(value, list):
        raise ValidationError(_("Write a list of origins."))
    for text in value:
        if not isinstance(text, str) or not _is_normal(text):
            raise ValidationError(
                _("%(text)s is no origin; write scheme and host, as https://shop.example."),
                params={"text": text},
            )
    if len(set(value)) < len(value):
        raise ValidationError(_("Write each origin once."))


def is_ours(request: HttpRequest) -> bool:
    """Return whether a request comes from our own pages, or from no page at all."""
    origin = request.headers.get("Origin")
    return origin is None or origin == own(request)


def own(request: HttpRequest) -> str:
    """Return the origin under which the request reached us."""
    return f"{request.scheme}://{request.get_host()}"


def _is_normal(text: str) -> bool:
    try:
        return normal(text) == text
    except ValueError:
        return False
