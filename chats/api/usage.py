"""``/api/v1/usage/``: what model calls took, by day, assistant, purpose or model."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_layer.rest import IsSupervisor
from chats.objects.usage import UsageReportObject, usage_report
from chats.selectors import usage
from chats.selectors.usage_rows import ROWS
from chats.serializers.usage import UsageQuery


class UsageView(APIView):
    """``/usage/``: totals for supervisors."""

    permission_classes = [IsSupervisor]
    scope = "usage"

    @extend_schema(
        parameters=[
            OpenApiParameter("from", str, description="The first day; 29 days before the last."),
            OpenApiParameter("to", str, description="The last day; today, in the server's zone."),
            OpenApiParameter("by", str, enum=list(ROWS), description="`day` unless said."),
        ],
        responses=UsageReportObject,
    )
    def get(self, request: Request) -> Response:
        """Show what was spent in some days, in rows and in all."""
        asked: dict[str, Any] = {name: request.query_params[name] for name in request.query_params}
        query = UsageQuery(data=asked, context={"at": timezone.now()})
        query.is_valid(raise_exception=True)
        since, until, by = (query.validated_data[name] for name in ("from", "to", "by"))
        rows = usage.between(since, until)
        found = usage_report(since, until, by, ROWS[by](rows), usage.total(rows))
        return Response(found)
