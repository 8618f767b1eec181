"""``/api/v1/conversations/<id>/variables/``: what is known in a conversation, and from where."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_layer.access.actors import Staff
from channels_layer.rest import IsAgent, actor_of, page_of
from conversations.models import Variable
from conversations.objects.conversation import VariableObject, variable_object
from conversations.selectors import conversations as selectors
from conversations.serializers.conversations import VariableChange
from conversations.services import conversations as services


class VariablesView(APIView):
    """``variables/``: all of them; setting one."""

    permission_classes = [IsAgent]
    scope = "conversations"

    @extend_schema(operation_id="conversations_variables_list", responses=page_of(VariableObject))
    def get(self, request: Request, id: UUID) -> Response:
        """List the variables by name."""
        conversation = selectors.conversation_for(actor_of(request), id)
        rows = [variable_object(row) for row in selectors.variables(conversation)]
        return Response({"next": None, "previous": None, "results": rows})

    @extend_schema(request=VariableChange, responses=VariableObject)
    def put(self, request: Request, id: UUID) -> Response:
        """Set one variable."""
        actor = actor_of(request)
        conversation = selectors.conversation_for(actor, id)
        body = VariableChange(data=request.data)
        body.is_valid(raise_exception=True)
        name = body.validated_data["name"]
        is_person = isinstance(actor, Staff)
        services.set_variables(
            conversation=conversation,
            values={name: body.validated_data["value"]},
            origin=Variable.Origin.PERSON if is_person else Variable.Origin.API,
            by=actor,
            at=timezone.now(),
        )
        return Response(variable_object(selectors.variable(conversation, name)))
