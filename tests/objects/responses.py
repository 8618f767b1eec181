"""The check of answers: each JSON answer of the API and of the widget's calls."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from tests.objects import schemas, violations
from tests.objects.schemas import Json

PREFIXES = ("/api/v1/", "/widget/")
REFUSALS = 400
FAULTS = 500
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


class ResponseCheck:
    """Middleware around all others: an answer that is not as the schema says is refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep the rest of the chain."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and look at the answer."""
        response = self._get_response(request)
        is_ours = settings.ROOT_URLCONF == "config.urls" and request.path.startswith(PREFIXES)
        # What OPTIONS answers is the framework's.
        if is_ours and request.method != "OPTIONS" and isinstance(response, HttpResponse):
            check(request, response)
        return response


def check(request: HttpRequest, response: HttpResponse) -> None:
    """Refuse an answer that is not declared, in its status or in its body."""
    is_json = response.headers.get("Content-Type", "").startswith("application/json")
    path = path_of(request)
    operation = schemas.document()["paths"].get(path, {}).get(str(request.method).lower())
    if not is_json and operation is None:
        return
    what = f"The answer {response.status_code} to {request.method} {path}"
    declared = _declared(operation, response.status_code)
    if declared is None:
        violations.report(what, ["this status is not declared"])
    elif is_json and response.content:
        reader = _reader(path, str(request.method).lower(), declared)
        violations.report(what, schemas.problems(reader, orjson.loads(response.content)))


def path_of(request: HttpRequest) -> str:
    """Return the path of a request as the document writes it; its own where none was found."""
    try:
        # An answer that stands in the record of idempotency was given before any view was found.
        match = request.resolver_match or resolve(request.path_info)
    except Resolver404:
        return request.path
    return "/" + _PARAMETER.sub(r"{\1}", match.route)


def _declared(operation: Json | None, status: int) -> str | None:
    """Return under which key the answers of an operation declare a status."""
    if operation is None or status >= FAULTS:
        return "refusal" if status >= REFUSALS else None
    answers = operation["responses"]
    return next((key for key in (str(status), f"{status // 100}XX") if key in answers), None)


@cache
def _reader(path: str, method: str, declared: str) -> Draft202012Validator:
    reference: dict[str, Any] = {"$ref": "#/components/schemas/Refusal"}
    if declared != "refusal":
        answer = schemas.document()["paths"][path][method]["responses"][declared]
        # Where no content is declared, there is to be none.
        content = answer.get("content", {"application/json": {"schema": {"not": {}}}})
        reference = content["application/json"]["schema"]
    return schemas.validator(reference, schemas.document()["components"]["schemas"])
