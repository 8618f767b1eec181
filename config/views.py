"""Pages and fragments of the frame."""

from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth import views as auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from drf_spectacular.views import SpectacularAPIView
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from channels_layer.errors import InvalidError
from channels_layer.pages import StaffView
from channels_layer.transport import broadcast

ICON = settings.BASE_DIR / "channels_layer" / "static" / "ui" / "icon.svg"
ICON_SECONDS = 86_400


@require_safe
@cache_control(public=True, max_age=ICON_SECONDS)
def favicon(request: HttpRequest) -> HttpResponse:
    """``/favicon.ico``: the icon, for those who ask without having read a page."""
    del request
    return HttpResponse(_icon(), content_type="image/svg+xml")


class LogoutView(auth.LogoutView):
    """``/logout/``: end the session and the sockets that it opened."""

    def post(self, request: HttpRequest, *args: str, **kwargs: Any) -> HttpResponse:
        """Sign out."""
        user = request.user.pk
        response = super().post(request, *args, **kwargs)
        if user is not None:
            broadcast.revoke(f"user:{user}")
        return response


class NavigationView(StaffView):
    """``/navigation/``: the parts of the navigation that change, to be swapped by their name."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer the items with their counts, and the recent chats."""
        return render(request, "config/_navigation_parts.html")


class SchemaView(SpectacularAPIView):
    """``/api/schema/``: as the caller accepts it, or as ``format`` says: json or yaml."""

    def get_renderers(self) -> list[BaseRenderer]:
        """Return the renderers of the format that is wanted; a refusal is JSON."""
        renderers: list[BaseRenderer] = super().get_renderers()
        wanted = self.request.GET.get("format")
        if wanted is None:
            return renderers
        return [one for one in renderers if one.format == wanted] or [JSONRenderer()]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a format that does not exist."""
        if type(self.get_renderers()[0]) is JSONRenderer:
            reason = _("One of %(known)s, please.") % {"known": "json, yaml"}
            raise InvalidError(reason, fields={"format": [reason]})
        super().initial(request, *args, **kwargs)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:  # noqa: FBT001, FBT002 - the library's signature
        """Answer in the format that is named, whatever else the caller accepts."""
        is_named = "format" in request.query_params
        return super().perform_content_negotiation(request, force=force or is_named)


@cache
def _icon() -> bytes:
    return ICON.read_bytes()
