"""Beginning a conversation and writing into it, with nothing around it."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from tests.bench.references.bare_view import by_orm

View = Callable[[HttpRequest, UUID], HttpResponse]


def conversations(request: HttpRequest) -> HttpResponse:
    """Begin a conversation."""
    del request
    return created({"id": str(by_orm.begin(at=timezone.now()))})


def writing(write: Callable[..., dict[str, Any]]) -> View:
    """Return a view that writes a message, all of it in one transaction."""

    def view(request: HttpRequest, id: UUID) -> HttpResponse:
        asked = json.loads(request.body)
        with transaction.atomic():
            shown = write(
                conversation=id,
                text=asked["text"],
                client_id=asked["client_id"],
                key=request.headers.get("Idempotency-Key"),
                at=timezone.now(),
            )
        return created(shown)

    return view


def created(shown: dict[str, Any]) -> HttpResponse:
    """Answer with what was made, and how long the answer is, which a middleware says otherwise."""
    response = JsonResponse(shown, status=201)
    response["Content-Length"] = str(len(response.content))
    return response
