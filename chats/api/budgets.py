"""``/api/v1/budgets/``: what models may cost."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_layer.rest import IsAgentReadsAdministratorWrites, actor_of, page_of
from chats.objects.budget import BudgetObject, budget_object
from chats.selectors import budgets as selectors
from chats.serializers.budgets import BudgetChange, BudgetStart
from chats.services import limits


class BudgetsView(APIView):
    """``/budgets/``: all limits; a new one."""

    permission_classes = [IsAgentReadsAdministratorWrites]
    scope = "usage"

    @extend_schema(operation_id="budgets_list", responses=page_of(BudgetObject))
    def get(self, request: Request) -> Response:
        """List all budgets by scope."""
        found = [budget_object(row) for row in selectors.budgets(actor_of(request))]
        return Response({"next": None, "previous": None, "results": found})

    @extend_schema(request=BudgetStart, responses={201: BudgetObject})
    def post(self, request: Request) -> Response:
        """Set a budget; 409 `budget_exists` where there is one of its scope and assistant."""
        body = BudgetStart(data=request.data)
        body.is_valid(raise_exception=True)
        budget = limits.add(**body.validated_data, at=timezone.now())
        return Response(budget_object(budget), status=status.HTTP_201_CREATED)


class BudgetView(APIView):
    """``/budgets/<id>/``: one of them."""

    permission_classes = [IsAgentReadsAdministratorWrites]
    scope = "usage"

    @extend_schema(responses=BudgetObject)
    def get(self, request: Request, id: UUID) -> Response:
        """Show a budget."""
        return Response(budget_object(selectors.budget_for(actor_of(request), id)))

    @extend_schema(request=BudgetChange, responses=BudgetObject)
    def patch(self, request: Request, id: UUID) -> Response:
        """Change a budget; it holds for the next call of a model."""
        budget = selectors.budget_for(actor_of(request), id)
        body = BudgetChange(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        budget = limits.change(budget=budget, **body.validated_data, at=timezone.now())
        return Response(budget_object(budget))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, id: UUID) -> Response:
        """Remove a budget."""
        limits.remove(budget=selectors.budget_for(actor_of(request), id))
        return Response(status=status.HTTP_204_NO_CONTENT)
