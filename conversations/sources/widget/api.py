"""The frame's own HTTP calls (CONTRACT 6), below ``/widget/<key>/``."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_layer.errors import ForbiddenError
from channels_layer.rest import paging, values
from conversations.api import uploads
from conversations.models import Conversation
from conversations.objects.attachment import AttachmentObject, attachment_object, linked
from conversations.objects.message import VisitorMessage
from conversations.selectors import messages
from conversations.selectors.conversations import conversation_for
from conversations.services import attachments
from conversations.services.conversations import stop_answer
from conversations.sources.widget import objects, origins, pages, prechat, selectors
from conversations.sources.widget.authentication import IsAnybody, IsVisitor, VisitorAuthentication
from conversations.sources.widget.models import VisitorToken
from conversations.sources.widget.objects import (
    WidgetConversation,
    WidgetMessages,
    WidgetRun,
    WidgetSession,
)
from conversations.sources.widget.serializers import (
    BeginningSerializer,
    SaySerializer,
    SessionRequestSerializer,
)
from conversations.sources.widget.services import conversations, rates, sessions
from conversations.sources.widget.services.conversations import Beginning
from conversations.sources.widget.services.sessions import Opened, SessionRequest

MAX_BROWSER = 300


class ForeignOriginError(ForbiddenError):
    """The request came from a page that is not ours."""

    code = "foreign_origin"
    detail = _("Only the widget's own frame may ask here.")


class WidgetView(APIView):
    """A call of one widget's frame: from our origin, with a token of that widget."""

    authentication_classes = [VisitorAuthentication]
    permission_classes = [IsVisitor]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check the widget and the origin before anything else."""
        self.widget = selectors.widget_for(kwargs["key"])
        if not origins.is_ours(request):
            raise ForeignOriginError
        super().initial(request, *args, **kwargs)

    def finalize_response(self, *args: Any, **kwargs: Any) -> Response:
        """Keep the response out of every cache."""
        response: Response = super().finalize_response(*args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    @property
    def token(self) -> VisitorToken:
        """The visitor's token; the permission guarantees it."""
        assert isinstance(self.request.auth, VisitorToken)
        return self.request.auth

    @property
    def address(self) -> str:
        """The hashed network address of the visitor."""
        return rates.hashed_address(self.request.META.get("REMOTE_ADDR") or "")

    def conversation(self, identifier: UUID) -> Conversation:
        """Return the visitor's own conversation, or 404."""
        return conversation_for(self.token.actor, identifier)


class SessionView(WidgetView):
    """``POST /widget/<key>/session``: begin, continue or identify; ``DELETE``: forget the token."""

    def get_authenticators(self) -> list[Any]:
        """Return no authenticators: a first visit has no token, a later one sends it as data."""
        return super().get_authenticators() if self.request.method == "DELETE" else []

    def get_permissions(self) -> Sequence[Any]:
        """Return the permission: everybody may begin, only a visitor's token can be forgotten."""
        return super().get_permissions() if self.request.method == "DELETE" else [IsAnybody()]

    @extend_schema(request=SessionRequestSerializer, responses=WidgetSession)
    def post(self, request: Request, key: str) -> Response:
        """Open the session."""
        del key
        serializer = SessionRequestSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        wanted = SessionRequest(
            secret=serializer.validated_data["token"],
            claim=serializer.claim(),
            address=self.address,
        )
        opened = sessions.open(widget=self.widget, request=wanted, at=timezone.now())
        return Response(self._body(opened))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, key: str) -> Response:
        """Revoke the token."""
        del request, key
        sessions.forget(token=self.token, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _body(self, opened: Opened) -> dict[str, Any]:
        own = selectors.conversations_of(opened.token.actor)
        return {
            "token": opened.secret,
            "contact": objects.contact_object(opened.token.contact),
            "conversations": [selectors.conversation_object(one) for one in own],
            "config": objects.config_object(self.widget),
        }


class ConversationsView(WidgetView):
    """``POST /widget/<key>/conversations``: begin a conversation."""

    @extend_schema(
        request=BeginningSerializer, responses={201: WidgetConversation, 200: WidgetConversation}
    )
    def post(self, request: Request, key: str) -> Response:
        """Begin it, or return the one that this ``client_id`` began."""
        del key
        serializer = BeginningSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        data = serializer.validated_data
        beginning = Beginning(
            variables=prechat.checked(self.widget.prechat_fields, data["variables"]),
            context={
                "page": self._page(data["page"]),
                "browser": request.headers.get("User-Agent", "")[:MAX_BROWSER],
            },
            client_id=data["client_id"],
            address=self.address,
        )
        conversation, is_new = conversations.start(
            widget=self.widget, visitor=self.token.actor, beginning=beginning, at=timezone.now()
        )
        return Response(selectors.conversation_object(conversation), status=201 if is_new else 200)

    def _page(self, reported: dict[str, str]) -> dict[str, str]:
        """Return the page that is stored, its address as the widget allows."""
        page = dict(reported)
        if url := page.pop("url", ""):
            page["url"] = pages.address(url, with_query=self.widget.keep_page_query)
        return page


class MessagesView(WidgetView):
    """``/widget/<key>/conversations/<id>/messages``: read a page, or write."""

    @extend_schema(responses=WidgetMessages)
    def get(self, request: Request, key: str, id: UUID) -> Response:
        """Return the newest page, or the one before or after a position."""
        del key
        conversation = self.conversation(id)
        shown = selectors.conversation_object(conversation)
        page = messages.page(
            conversation,
            self.token.actor,
            before=values.position(request.query_params, "before"),
            after=values.position(request.query_params, "after"),
            limit=paging.limit_of(request.query_params),
        )
        rows = page.messages
        return Response(
            {
                "next": rows[-1].position if rows and page.has_later else None,
                "previous": rows[0].position if rows and page.has_earlier else None,
                "results": objects.message_objects(rows),
                "conversation": shown,
            }
        )

    @extend_schema(request=SaySerializer, responses={201: VisitorMessage, 200: VisitorMessage})
    def post(self, request: Request, key: str, id: UUID) -> Response:
        """Write: 201 with the message, or 200 with the one this ``client_id`` wrote."""
        del key
        conversation = self.conversation(id)
        serializer = SaySerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        message, is_new = conversations.say(
            widget=self.widget,
            conversation=conversation,
            visitor=self.token.actor,
            draft=serializer.draft(),
            variables=prechat.checked([], serializer.validated_data["variables"]),
            at=timezone.now(),
        )
        return Response(objects.message_object(message), status=201 if is_new else 200)


class AttachmentsView(WidgetView):
    """``POST /widget/<key>/conversations/<id>/attachments``: upload a file for a message."""

    parser_classes = [MultiPartParser]

    @extend_schema(request=None, responses={201: AttachmentObject})
    def post(self, request: Request, key: str, id: UUID) -> Response:
        """Store the file: 201, or 413, or 415."""
        del key
        self.conversation(id)
        upload = uploads.upload_of(request)
        attachment = attachments.store(upload=upload, by=self.token.actor, at=timezone.now())
        return Response(linked(attachment_object(attachment)), status=201)


class EscalateView(WidgetView):
    """``POST /widget/<key>/conversations/<id>/escalate``: request a person."""

    @extend_schema(request=None, responses=WidgetConversation)
    def post(self, request: Request, key: str, id: UUID) -> Response:
        """Request a person; return the place in the queue."""
        del request, key
        conversation = conversations.escalate(
            conversation=self.conversation(id), visitor=self.token.actor, at=timezone.now()
        )
        return Response(selectors.conversation_object(conversation))


class WithdrawView(WidgetView):
    """``POST /widget/<key>/conversations/<id>/withdraw``: stop waiting for a person."""

    @extend_schema(request=None, responses=WidgetConversation)
    def post(self, request: Request, key: str, id: UUID) -> Response:
        """Give up the place in the queue; the assistant goes on."""
        del request, key
        conversation = conversations.withdraw(
            conversation=self.conversation(id), visitor=self.token.actor, at=timezone.now()
        )
        return Response(selectors.conversation_object(conversation))


class CancelView(WidgetView):
    """``POST /widget/<key>/conversations/<id>/runs/<id>/cancel``: stop the answer."""

    @extend_schema(request=None, responses={202: WidgetRun})
    def post(self, request: Request, key: str, id: UUID, run: UUID) -> Response:
        """Request the stop, or 409 ``not_running``."""
        del request, key
        conversation = self.conversation(id)
        stop_answer(conversation=conversation, run=run, by=self.token.actor, at=timezone.now())
        return Response({"id": str(run)}, status=status.HTTP_202_ACCEPTED)


class EndView(WidgetView):
    """``POST /widget/<key>/conversations/<id>/end``: end it."""

    @extend_schema(request=None, responses=WidgetConversation)
    def post(self, request: Request, key: str, id: UUID) -> Response:
        """End, or leave it ended."""
        del request, key
        conversation = conversations.end(
            conversation=self.conversation(id), visitor=self.token.actor, at=timezone.now()
        )
        return Response(selectors.conversation_object(conversation))
