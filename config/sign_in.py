"""Signing in: how many wrong passwords are heard by account, by address, by both (decision 10)."""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

_TOO_MANY = 429
_BOTH = ("username", "ip_address")
# Failures within the cool-off, by what they have in common.
BOUNDS = {_BOTH: 10, ("username",): 20, ("ip_address",): 30}
# An IPv6 customer has at least so large a network, and may take any address of it.
_NETWORK_BITS = 64


class Handler(AxesDatabaseHandler):
    """Counts failures; the bound of both is the only one where the account signed in before."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Return ``AXES_FAILURE_LIMIT``, which is 1, where a bound is reached, else 0."""
        return 0 if opens_at(request, credentials) is None else 1


def opens_at(request: Any, credentials: dict[str, Any] | None) -> datetime | None:
    """Return when the next password is heard; None if it is heard now."""
    known = {
        "username": get_client_username(request, credentials),
        "ip_address": request.axes_ip_address,
    }
    is_home = AccessLog.objects.filter(**known).exists()
    bounds = [_BOTH] if is_home else BOUNDS
    moments = [
        _opens_at({name: known[name] for name in names}, BOUNDS[names], request.axes_attempt_time)
        for names in bounds
    ]
    return max((moment for moment in moments if moment is not None), default=None)


def network(request: HttpRequest) -> str | None:
    """Return the address of a request as failures are counted: of IPv6 the network."""
    text = request.META.get("REMOTE_ADDR", "")
    try:
        address = ip_address(text)
    except ValueError:
        return None
    address = getattr(address, "ipv4_mapped", None) or address
    if isinstance(address, IPv6Address) and not address.is_loopback:
        return str(ip_network((address, _NETWORK_BITS), strict=False).network_address)
    return str(address)


def refuse(request: Any, *_arguments: Any) -> HttpResponse:
    """Answer a sign-in that is not heard: the page that says how long to wait, 429."""
    at = request.axes_attempt_time
    until = opens_at(request, request.axes_credentials) or at
    seconds = max(1, ceil((until - at).total_seconds()))
    context = {"minutes": ceil(seconds / 60), "path": request.path}
    response = render(request, "429.html", context, status=_TOO_MANY)
    response["Retry-After"] = str(seconds)
    return response


def _opens_at(common: dict[str, Any], most: int, at: datetime) -> datetime | None:
    """Return when enough failures are over for one more; None if there are not too many."""
    cool_off: timedelta = settings.AXES_COOLOFF_TIME
    attempts = AccessAttempt.objects.filter(**common, attempt_time__gte=at - cool_off)
    rows = list(
        attempts.order_by("attempt_time").values_list("failures_since_start", "attempt_time")
    )
    left = sum(failures for failures, _time in rows)
    over: datetime | None = None
    for failures, time in rows:
        if left < most:
            break
        left -= failures
        over = time + cool_off
    return over
