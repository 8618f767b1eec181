"""``/api/v1/contacts/``: the customers."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_layer.access.actors import Actor
from channels_layer.rest import (
    PAGING,
    IsAgent,
    actor_of,
    page_of,
    parameters_of,
    query_of,
    readable,
)
from conversations.api.conversations import listed
from conversations.filters import ContactFilter
from conversations.models import Contact
from conversations.objects.contact import HIDDEN, ContactObject, contact_object
from conversations.objects.conversation import ConversationObject
from conversations.selectors import contacts as selectors
from conversations.serializers.contacts import ContactChange
from conversations.services import contacts as services


class ContactsView(APIView):
    """``/contacts/``: all of them, or those that match."""

    permission_classes = [IsAgent]
    scope = "contacts"

    @extend_schema(
        operation_id="contacts_list",
        parameters=parameters_of(ContactFilter),
        responses=page_of(ContactObject),
    )
    def get(self, request: Request) -> Response:
        """List contacts, newest first."""
        query = query_of(ContactFilter, request, at=timezone.now())
        page = query.page(query.queryset())
        return Response(page.body([contact_object(row) for row in page.rows]))


class ContactView(APIView):
    """``/contacts/<id>/``: one of them."""

    permission_classes = [IsAgent]
    scope = "contacts"

    @extend_schema(responses=ContactObject)
    def get(self, request: Request, id: UUID) -> Response:
        """Show a contact."""
        actor = actor_of(request)
        return _shown(selectors.contact_for(actor, id), actor)

    @extend_schema(request=ContactChange, responses=ContactObject)
    def patch(self, request: Request, id: UUID) -> Response:
        """Change what is known of a contact."""
        actor = actor_of(request)
        contact = selectors.contact_for(actor, id)
        body = ContactChange(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        services.update(contact=contact, **body.validated_data, at=timezone.now())
        return _shown(selectors.contact_for(actor, id), actor)


class BlockView(APIView):
    """``block``: this contact may no longer use the assistant."""

    permission_classes = [IsAgent]
    scope = "contacts"

    @extend_schema(request=None, responses=ContactObject)
    def post(self, request: Request, id: UUID) -> Response:
        """Block the contact in all its conversations."""
        actor = actor_of(request)
        contact = selectors.contact_for(actor, id)
        services.block(contact=contact, by=actor, at=timezone.now())
        return _shown(selectors.contact_for(actor, id), actor)


class UnblockView(APIView):
    """``unblock``: this contact may use the assistant again."""

    permission_classes = [IsAgent]
    scope = "contacts"

    @extend_schema(request=None, responses=ContactObject)
    def post(self, request: Request, id: UUID) -> Response:
        """Unblock the contact; the assistant picks up what is unanswered."""
        actor = actor_of(request)
        contact = selectors.contact_for(actor, id)
        services.unblock(contact=contact, by=actor, at=timezone.now())
        return _shown(selectors.contact_for(actor, id), actor)


class ContactConversationsView(APIView):
    """``conversations/`` of a contact."""

    permission_classes = [IsAgent]
    scope = "conversations"

    @extend_schema(
        operation_id="contacts_conversations_list",
        parameters=PAGING,
        responses=page_of(ConversationObject),
    )
    def get(self, request: Request, id: UUID) -> Response:
        """List the contact's conversations, newest activity first."""
        actor = actor_of(request)
        contact = selectors.contact_for(actor, id)
        return listed(selectors.conversations_of(contact, actor), request)


def _shown(contact: Contact, actor: Actor) -> Response:
    """Respond with a contact; a key that may only write learns nothing of it."""
    return Response(readable(contact_object(contact), by=actor, scope="contacts", hidden=HIDDEN))
