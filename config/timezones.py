"""Times in the reader's zone, which the browser sets in a cookie."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.decorators import sync_only_middleware

COOKIE = "timezone"
LONGEST = 64


@sync_only_middleware
def time_zone(
    answer: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Return middleware that activates the zone of the cookie; UTC for an unknown one."""

    def within_zone(request: HttpRequest) -> HttpResponse:
        with timezone.override(_zone(request.COOKIES.get(COOKIE, ""))):
            return answer(request)

    return within_zone


def _zone(name: str) -> ZoneInfo | None:
    if not name or len(name) > LONGEST:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
