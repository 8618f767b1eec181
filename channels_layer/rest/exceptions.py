"""The form of refusals: ``{"code", "detail", "fields"?}``, whatever raised them."""

import logging
from collections.abc import Mapping
from math import ceil
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
    ValidationError,
)
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext, gettext_lazy, gettext_noop
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from channels_layer.errors import (
    DomainError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    TooFastError,
    UnavailableError,
)
from channels_layer.rest.renderers import dumps

logger = logging.getLogger(__name__)

CODES = {
    400: "invalid",
    401: "not_authenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "too_large",
    415: "unsupported_media_type",
    429: "too_fast",
}
MAX_DEPTH = 8
_SIGNED_OUT = gettext_noop("You are signed out. Sign in again, or send an API key.")
_TOO_OLD = gettext_noop("This page was opened before you signed in. Load it again and repeat.")
# How the framework begins its refusal of a change without the token of the session.
_CSRF = "CSRF Failed"
_WAITING = {status.HTTP_429_TOO_MANY_REQUESTS, status.HTTP_503_SERVICE_UNAVAILABLE}


class TooLargeError(DomainError):
    """The body is larger than is taken."""

    code = "too_large"
    status = 413
    detail = gettext_lazy("This is too large.")


def handle(exc: Exception, context: Mapping[str, Any]) -> Response | None:
    """Return the response to ``exc``; None for a fault of ours, which Django answers with 500."""
    del context
    refusal = translate(exc)
    if refusal is None:
        return None
    set_rollback()
    headers = _wait(refusal)
    if challenge := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    return Response(refusal.body(), status=refusal.status, headers=headers)


def translate(exc: Exception) -> DomainError | None:
    """Turn any refusal into a ``DomainError``; nothing for other exceptions."""
    if isinstance(exc, DomainError):
        return exc
    if isinstance(exc, exceptions.APIException):
        return _of_framework(exc)
    if isinstance(exc, OperationalError | InterfaceError):
        logger.warning("The database did not answer: %s", exc)
        return UnavailableError()
    if isinstance(exc, MultiPartParserError | TooManyFieldsSent | TooManyFilesSent):
        return InvalidError(gettext("This is no form that can be read."))
    return _of_django(exc)


def answer(refusal: DomainError) -> HttpResponse:
    """Answer a refusal outside of a REST view: in middleware or a plain view."""
    return HttpResponse(
        dumps(refusal.body()),
        status=refusal.status,
        content_type="application/json",
        headers=_wait(refusal),
    )


def _of_django(exc: Exception) -> DomainError | None:
    match exc:
        case Http404():
            return NotFoundError()
        case PermissionDenied():
            return ForbiddenError()
        case RequestDataTooBig():
            return TooLargeError()
        case ValidationError():
            return InvalidError(" ".join(exc.messages))
        case _:
            return None


def _of_framework(exc: exceptions.APIException) -> DomainError:
    match exc:
        case exceptions.ValidationError():
            fields = _fields(exc.detail)
            first = next(iter(fields.values()), [""])
            return InvalidError(first[0] if len(fields) == 1 else None, fields=fields)
        case exceptions.Throttled():
            return TooFastError(retry_after=ceil(getattr(exc, "wait", None) or 1))
        case exceptions.NotAuthenticated():
            return _refusal(CODES[exc.status_code], exc.status_code, gettext(_SIGNED_OUT))
        case exceptions.PermissionDenied() if str(exc.detail).startswith(_CSRF):
            return ForbiddenError(gettext(_TOO_OLD))
    code = CODES.get(exc.status_code, str(exc.default_code))
    return _refusal(code, exc.status_code, str(exc.detail))


def _refusal(code: str, status_code: int, detail: str) -> DomainError:
    refusal = DomainError(detail)
    refusal.code, refusal.status = code, status_code
    return refusal


def _fields(detail: Any, name: str = "", depth: int = 0) -> dict[str, list[str]]:
    if isinstance(detail, Mapping) and depth < MAX_DEPTH:
        found: dict[str, list[str]] = {}
        for key, inner in detail.items():
            found |= _fields(inner, f"{name}.{key}" if name else str(key), depth + 1)
        return found
    if isinstance(detail, list) and any(isinstance(item, Mapping | list) for item in detail):
        return _fields({index: item for index, item in enumerate(detail) if item}, name, depth + 1)
    reasons = detail if isinstance(detail, list) else [detail]
    return {name or "non_field_errors": [str(reason) for reason in reasons]}


def _wait(refusal: DomainError) -> dict[str, str]:
    if refusal.status not in _WAITING:
        return {}
    return {"Retry-After": str(ceil(refusal.extra.get("retry_after", 1)))}
