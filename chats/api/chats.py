"""``/api/v1/chats/``: one's own chats with assistants."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_layer.access.actors import Actor
from channels_layer.rest import IsAgent, actor_of, page_of, parameters_of, query_of
from chats.filters import ChatFilter
from chats.objects.chat import ChatObject, chat_object
from chats.serializers.chats import ChatChange, ChatStart, Rewording
from chats.services import chats as services
from chats.services import runs
from conversations.api import messages
from conversations.models import Conversation
from conversations.objects.message import MessageObject, message_object
from conversations.selectors import conversations as selectors
from conversations.selectors.messages import message_for


class ChatsView(APIView):
    """``/chats/``: all one's own; a new one."""

    permission_classes = [IsAgent]
    scope = "chats"

    @extend_schema(
        operation_id="chats_list",
        parameters=parameters_of(ChatFilter),
        responses=page_of(ChatObject),
    )
    def get(self, request: Request) -> Response:
        """List one's chats, newest activity first."""
        actor = actor_of(request)
        query = query_of(ChatFilter, request, at=timezone.now())
        page = query.page(selectors.rows(query.queryset(), actor))
        found = selectors.conversation_objects(page.rows)
        return Response(page.body([chat_object(row) for row in found]))

    @extend_schema(request=ChatStart, responses={201: ChatObject, 200: ChatObject})
    def post(self, request: Request) -> Response:
        """Begin a chat; with a text the assistant answers."""
        actor = actor_of(request)
        body = ChatStart(data=request.data)
        body.is_valid(raise_exception=True)
        chat, is_new = services.start(**body.validated_data, by=actor, at=timezone.now())
        shown = chat_object(selectors.conversation_object(chat, actor, scope=self.scope))
        code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return Response(shown, status=code)


@extend_schema_view(
    get=extend_schema(operation_id="chats_messages_list"),
    post=extend_schema(operation_id="chats_messages_create"),
)
class MessagesView(messages.MessagesView):
    """``/chats/<id>/messages/``: the thread of one's own chat, as every conversation's."""

    scope = "chats"

    def conversation(self, actor: Actor, identifier: UUID) -> Conversation:
        """Return the chat, or 404."""
        return selectors.chat_for(actor, identifier)


class QuestionView(APIView):
    """``/chats/<id>/messages/<message>/``: one's own newest question."""

    permission_classes = [IsAgent]
    scope = "chats"

    @extend_schema(request=Rewording, responses=MessageObject)
    def patch(self, request: Request, id: UUID, message: UUID) -> Response:
        """Ask a question in other words; the former answer stays, marked."""
        actor = actor_of(request)
        question = message_for(actor, selectors.chat_for(actor, id), message)
        body = Rewording(data=request.data)
        body.is_valid(raise_exception=True)
        question = runs.reword(message=question, **body.validated_data, by=actor, at=timezone.now())
        return Response(message_object(question))


class ChatView(APIView):
    """``/chats/<id>/``: one of them."""

    permission_classes = [IsAgent]
    scope = "chats"

    @extend_schema(responses=ChatObject)
    def get(self, request: Request, id: UUID) -> Response:
        """Show a chat."""
        actor = actor_of(request)
        chat = selectors.chat_for(actor, id)
        return Response(chat_object(selectors.conversation_object(chat, actor, scope=self.scope)))

    @extend_schema(request=ChatChange, responses=ChatObject)
    def patch(self, request: Request, id: UUID) -> Response:
        """Give a title that stays, or let another assistant go on."""
        actor = actor_of(request)
        chat = selectors.chat_for(actor, id)
        body = ChatChange(data=request.data)
        body.is_valid(raise_exception=True)
        chat = services.change(conversation=chat, **body.validated_data, at=timezone.now())
        return Response(chat_object(selectors.conversation_object(chat, actor, scope=self.scope)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, id: UUID) -> Response:
        """Delete the chat and everything under it."""
        chat = selectors.chat_for(actor_of(request), id)
        services.delete(conversation=chat, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
