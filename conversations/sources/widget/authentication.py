"""Authentication at the widget: a visitor by its token. Cookies are ignored, so none is abused."""

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from channels_layer import times
from channels_layer.access.actors import Visitor
from channels_layer.rest import bearer
from conversations.sources.widget import selectors
from conversations.sources.widget.models import VisitorToken
from conversations.sources.widget.services import sessions
from conversations.sources.widget.services.sessions import TokenRefusedError


class VisitorUser:
    """DRF's user of a visitor's request: authenticated, yet no member of the staff."""

    is_authenticated = True
    is_active = True
    is_anonymous = False
    is_staff = False
    pk = None

    def __init__(self, token: VisitorToken) -> None:
        """Keep the token."""
        self.token = token

    def __str__(self) -> str:
        """Return the contact's name."""
        return self.token.contact.label


class VisitorAuthentication(BaseAuthentication):
    """``Authorization: Bearer <visitor token>``, valid at the ``widget`` of the view."""

    def authenticate(self, request: Request) -> tuple[Any, VisitorToken] | None:
        """Return the token's visitor; an unknown or foreign one raises ``TokenRefusedError``."""
        request.actor = None  # type: ignore[attr-defined]
        secret = bearer(request.META.get("HTTP_AUTHORIZATION", ""))
        if secret is None:
            return None
        at = times.now()
        widget = request.parser_context["view"].widget
        token = selectors.token_for(secret, widget=widget, at=at)
        if token is None:
            raise TokenRefusedError
        sessions.touch(token=token, at=at)
        request.actor = token.actor  # type: ignore[attr-defined]
        return VisitorUser(token), token

    def authenticate_header(self, request: Request) -> str:
        """Return how to authenticate; its presence makes the response a 401."""
        del request
        return 'Bearer realm="widget"'


class IsVisitor(BasePermission):
    """The permission of visitors with a token of this widget."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Let visitors through."""
        del view
        return isinstance(getattr(request, "actor", None), Visitor)


class IsAnybody(BasePermission):
    """The permission of everybody, where a visitor gets the first token."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Let everybody through."""
        del request, view
        return True
