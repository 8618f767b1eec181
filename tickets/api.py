"""``/api/v1/tickets/`` and the tickets of a conversation."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_layer.access.actors import Actor
from channels_layer.errors import ForbiddenError
from channels_layer.rest import (
    PAGING,
    IsAgent,
    actor_of,
    page_of,
    paging,
    parameters_of,
    query_of,
    readable,
)
from conversations.objects.message import with_links
from conversations.selectors import conversations as conversation_selectors
from tickets import proposals, selectors
from tickets.filters import ORDERS, UPDATED, TicketFilter
from tickets.models import Ticket
from tickets.objects import (
    CommentObject,
    ProposalObject,
    TicketObject,
    TicketRefusal,
    without_content,
    without_requester,
)
from tickets.serializers import (
    CommentDraft,
    ConversationReference,
    TicketChange,
    TicketDraft,
    conversation_of,
)
from tickets.services import comments
from tickets.services import tickets as services

COMMENT_ORDER = ("created_at", "id")


class TicketsView(APIView):
    """``/tickets/``: all of them by the list's filters; a new one."""

    permission_classes = [IsAgent]
    scope = "tickets"

    @extend_schema(
        operation_id="tickets_list",
        parameters=parameters_of(TicketFilter),
        responses=page_of(TicketObject),
    )
    def get(self, request: Request) -> Response:
        """List tickets, last changed first unless ``order`` says otherwise."""
        query = query_of(TicketFilter, request, at=timezone.now())
        page = query.page(selectors.rows(query.queryset()))
        return Response(page.body(selectors.ticket_objects(page.rows)))

    @extend_schema(request=TicketDraft, responses={201: TicketObject})
    def post(self, request: Request) -> Response:
        """Raise a ticket."""
        actor = actor_of(request)
        body = TicketDraft(data=request.data)
        body.is_valid(raise_exception=True)
        ticket = services.create(draft=body.draft(actor), by=actor, at=timezone.now())
        shown = selectors.ticket_object(ticket)
        shown = readable(shown, by=actor, scope=self.scope, hidden=without_requester)
        return Response(shown, status=status.HTTP_201_CREATED)


class TicketView(APIView):
    """``/tickets/<number or id>/``: one of them."""

    permission_classes = [IsAgent]
    scope = "tickets"

    @extend_schema(responses=TicketObject)
    def get(self, request: Request, key: str) -> Response:
        """Show one ticket."""
        actor = actor_of(request)
        return _shown(selectors.ticket_for(actor, key), actor)

    @extend_schema(request=TicketChange, responses={200: TicketObject, 409: TicketRefusal})
    def patch(self, request: Request, key: str) -> Response:
        """Change fields; 409 ``stale_version`` with what changed since the version one saw."""
        actor = actor_of(request)
        ticket = selectors.ticket_for(actor, key)
        body = TicketChange(data=request.data)
        body.is_valid(raise_exception=True)
        ticket = services.update(
            ticket=ticket, values=body.values(), seen=body.seen(), by=actor, at=timezone.now()
        )
        return _shown(ticket, actor)


class CommentsView(APIView):
    """``comments/``: what was said on a ticket; saying something."""

    permission_classes = [IsAgent]
    scope = "tickets"

    @extend_schema(
        operation_id="tickets_comments_list", parameters=PAGING, responses=page_of(CommentObject)
    )
    def get(self, request: Request, key: str) -> Response:
        """List comments in the order in which they were written."""
        ticket = selectors.ticket_for(actor_of(request), key)
        page = paging.page(selectors.comments(ticket), request, order=COMMENT_ORDER)
        found = selectors.comment_objects(page.rows)
        return Response(page.body([with_links(one) for one in found]))

    @extend_schema(request=CommentDraft, responses={201: CommentObject, 200: CommentObject})
    def post(self, request: Request, key: str) -> Response:
        """Comment on a ticket; 200 with the first one for a ``client_id`` seen before."""
        actor = actor_of(request)
        ticket = selectors.ticket_for(actor, key)
        body = CommentDraft(data=request.data)
        body.is_valid(raise_exception=True)
        comment, is_new = comments.add(
            ticket=ticket, remark=body.remark(), by=actor, at=timezone.now()
        )
        code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        (shown,) = selectors.comment_objects([comment])
        return Response(with_links(shown), status=code)


class LinkView(APIView):
    """``link``: a ticket and a conversation belong together."""

    permission_classes = [IsAgent]
    scope = "tickets"

    @extend_schema(request=ConversationReference, responses=TicketObject)
    def post(self, request: Request, key: str) -> Response:
        """Link a ticket and a conversation; done already is fine."""
        actor, named = actor_of(request), _named(request)
        ticket = selectors.ticket_for(actor, key)
        conversation = conversation_of(actor, named)
        ticket = services.link(
            ticket=ticket, conversation=conversation, by=actor, at=timezone.now()
        )
        return _shown(ticket, actor)


class UnlinkView(APIView):
    """``unlink``: they no longer belong together."""

    permission_classes = [IsAgent]
    scope = "tickets"

    @extend_schema(request=ConversationReference, responses=TicketObject)
    def post(self, request: Request, key: str) -> Response:
        """Unlink a ticket and a conversation; not linked is fine."""
        actor, named = actor_of(request), _named(request)
        ticket = selectors.ticket_for(actor, key)
        conversation = conversation_of(actor, named)
        ticket = services.unlink(
            ticket=ticket, conversation=conversation, by=actor, at=timezone.now()
        )
        return _shown(ticket, actor)


class ConversationTicketsView(APIView):
    """``/conversations/<id>/tickets/``: what was raised from a conversation or linked to it."""

    permission_classes = [IsAgent]
    scope = "tickets"

    @extend_schema(
        operation_id="conversations_tickets_list",
        parameters=PAGING,
        responses=page_of(TicketObject),
    )
    def get(self, request: Request, id: UUID) -> Response:
        """List the conversation's tickets, last changed first."""
        actor = actor_of(request)
        conversation = conversation_selectors.conversation_for(actor, id)
        page = paging.page(
            selectors.rows(selectors.tickets_of(conversation, actor)),
            request,
            order=ORDERS[UPDATED].columns,
        )
        return Response(page.body(selectors.ticket_objects(page.rows)))


class ProposalView(APIView):
    """``/conversations/<id>/ticket-proposal``: how a ticket about it could read."""

    permission_classes = [IsAgent]
    scope = "tickets"
    writes_outside = True

    @extend_schema(request=None, responses=ProposalObject)
    def post(self, request: Request, id: UUID) -> Response:
        """Ask the utility model for a subject and description; plain text when it is slow.

        They tell what was said, so a key has to be allowed to read conversations, too.
        """
        actor = actor_of(request)
        if not actor.may("conversations:read"):
            raise ForbiddenError
        conversation = conversation_selectors.conversation_for(actor, id)
        return Response(proposals.propose(conversation, at=timezone.now()))


def _shown(ticket: Ticket, actor: Actor) -> Response:
    """Respond with a ticket; a key that may only write learns nothing of it."""
    shown = selectors.ticket_object(ticket)
    return Response(readable(shown, by=actor, scope="tickets", hidden=without_content))


def _named(request: Request) -> str:
    body = ConversationReference(data=request.data)
    body.is_valid(raise_exception=True)
    return str(body.validated_data["conversation"])
