"""``/metrics`` for Prometheus: for this machine, or with the token."""

from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView
from django_prometheus.middleware import PrometheusAfterMiddleware


class AfterMiddleware(PrometheusAfterMiddleware):
    """Counts and times requests by view, method and status, none of which a client makes up."""

    def label_metric(
        self, metric: Any, request: HttpRequest, response: Any = None, **labels: Any
    ) -> Any:
        """Label by a method that exists; the library times every word that is sent as one."""
        if "method" in labels:
            labels["method"] = self._method(request)
        return super().label_metric(metric, request, response, **labels)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Return the metrics of this process; 403 for all others."""
    if not (_knows_token(request) or _is_on_this_machine(request)):
        return JsonResponse({"code": "forbidden", "detail": "Loopback or token only."}, status=403)
    response: HttpResponse = ExportToDjangoView(request)
    return response


def _knows_token(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and constant_time_compare(given, token)


def _is_on_this_machine(request: HttpRequest) -> bool:
    """Return whether the peer is loopback and no proxy has forwarded the request."""
    if any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP")):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
