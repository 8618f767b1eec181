"""What a socket's handshake says: where it comes from, and its reader's language."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host
from django.utils import translation

PORTS = {"http": 80, "https": 443}
Scope = Mapping[str, Any]
LOOPBACK = [".localhost", "127.0.0.1", "[::1]"]


def header(scope: Scope, name: bytes) -> str | None:
    """Return a header of the handshake; the last one when it came several times."""
    values = [value for key, value in scope["headers"] if key == name]
    return values[-1].decode("latin-1") if values else None


def is_ours(scope: Scope) -> bool:
    """Return whether the handshake comes from a page of this host: scheme, host and port alike.

    Other clients than browsers send no ``Origin``, and no page can make them send a cookie.
    """
    origin = header(scope, b"origin")
    if origin is None:
        return True
    host = header(scope, b"host") or ""
    found = _parts(origin)
    if found is None or not is_served(host):
        return False
    return found == _parts(f"{_scheme(scope)}://{host}") or origin in settings.CSRF_TRUSTED_ORIGINS


def is_served(host: str) -> bool:
    """Return whether a ``Host`` header names one of ``ALLOWED_HOSTS``."""
    allowed = settings.ALLOWED_HOSTS or (LOOPBACK if settings.DEBUG else [])
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, allowed)


def language(scope: Scope) -> str:
    """Return the language that the browser asks for, if it is one of ours."""
    request = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"] = header(scope, b"accept-language") or ""
    request.COOKIES.update(scope.get("cookies", {}))
    return translation.get_language_from_request(request)


def _scheme(scope: Scope) -> str:
    proxy = settings.SECURE_PROXY_SSL_HEADER
    if proxy:
        name = proxy[0].removeprefix("HTTP_").replace("_", "-").lower().encode()
        if (header(scope, name) or "").split(",")[0].strip() == proxy[1]:
            return "https"
    return "https" if scope.get("scheme") in {"wss", "https"} else "http"


def _parts(origin: str) -> tuple[str, str, int] | None:
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in PORTS or not parts.hostname or parts.path or parts.query:
        return None
    return parts.scheme, parts.hostname, port or PORTS[parts.scheme]
