"""A small interface of the tests' own."""

from threading import Barrier
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.http import Http404
from django.urls import include, path
from rest_framework import exceptions, serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_layer.errors import DomainError, RefusedError, TooFastError
from channels_layer.models import Event
from channels_layer.rest.authentication import actor_of
from channels_layer.rest.fields import TextField
from channels_layer.rest.lists import paging
from channels_layer.rest.permissions import (
    IsAdministrator,
    IsAgent,
    IsAgentReadsAdministratorWrites,
    IsPerson,
    IsSupervisor,
)

REFUSALS: dict[str, Exception] = {
    "conflict": DomainError("No.", extra={"owner": {"name": "Bob"}}),
    "refused": RefusedError(),
    "fast": TooFastError(retry_after=1.2),
    "missing": Http404("secret"),
    "denied": PermissionDenied("secret"),
    "throttled": exceptions.Throttled(wait=3),
    "media": exceptions.UnsupportedMediaType("text/plain"),
    "model": ValidationError("Bad."),
    "bug": LookupError("secret"),
}


class NoteSerializer(serializers.Serializer[Any]):
    """A note."""

    text = TextField()
    tags = serializers.ListField(child=serializers.CharField(max_length=5), required=False)


class NotesView(APIView):
    """Reads and writes notes."""

    permission_classes = [IsAgent]
    scope = "chats"
    written: list[str] = []

    def get(self, request: Request) -> Response:
        """Who asks?"""
        actor = actor_of(request)
        return Response({"kind": actor.kind, "sender": actor.reference, "label": actor.label})

    def post(self, request: Request) -> Response:
        """Write."""
        note = NoteSerializer(data=request.data)
        note.is_valid(raise_exception=True)
        text = note.validated_data["text"]
        if text in REFUSALS:
            raise REFUSALS[text]
        self.written.append(text)
        return Response({"number": len(self.written), "text": text}, status=201)


class UploadView(NotesView):
    """Takes a file."""

    parser_classes = [MultiPartParser]

    def post(self, request: Request) -> Response:
        """Read the file."""
        file = request.FILES["file"]
        self.written.append(file.name)
        return Response({"name": file.name, "text": file.read().decode()}, status=201)


class OutsideView(NotesView):
    """Writes each of its notes for good while it works, as what asks the network must."""

    writes_outside = True
    were_atomic: list[bool] = []
    meeting: Barrier | None = None

    def post(self, request: Request) -> Response:
        """Write and commit at once; with a barrier wait for the other requests first."""
        self.were_atomic.append(connection.in_atomic_block)
        if self.meeting is not None:
            self.meeting.wait(timeout=10)
        return super().post(request)


class PagesView(APIView):
    """Pages of events."""

    permission_classes = [IsAgent]
    scope = "chats"

    def get(self, request: Request) -> Response:
        """Return a page, newest first."""
        rows = Event.objects.values("id", "seq", "at")
        page = paging.page(rows, request, order=("-at", "-id"))
        return Response(page.body([row["seq"] for row in page.rows]))


class PersonView(NotesView):
    """For people."""

    permission_classes = [IsPerson]


class SupervisorView(NotesView):
    """For supervisors."""

    permission_classes = [IsSupervisor]


class AdministratorView(NotesView):
    """For administrators."""

    permission_classes = [IsAdministrator]


class MixedView(NotesView):
    """Agents read, administrators write."""

    permission_classes = [IsAgentReadsAdministratorWrites]


class KeylessView(NotesView):
    """Names no scope."""

    scope = ""


urlpatterns = [
    path("api/v1/notes/", NotesView.as_view()),
    path("api/v1/upload/", UploadView.as_view()),
    path("api/v1/outside/", OutsideView.as_view()),
    path("api/v1/pages/", PagesView.as_view()),
    path("api/v1/person/", PersonView.as_view()),
    path("api/v1/supervisor/", SupervisorView.as_view()),
    path("api/v1/administrator/", AdministratorView.as_view()),
    path("api/v1/mixed/", MixedView.as_view()),
    path("api/v1/keyless/", KeylessView.as_view()),
    path("api/v1/", include("channels_layer.api_urls")),
]
