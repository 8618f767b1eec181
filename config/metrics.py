"""``/metrics`` for Prometheus: for this machine, or with the token."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView


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
