"""``/ws/v1/visitor/``: the socket of the widget's visitors."""

from channels.db import database_sync_to_async
from django.utils import timezone

from channels_layer.access.actors import Actor
from channels_layer.errors import ForbiddenError
from channels_layer.sockets import origins
from channels_layer.sockets.consumer import SocketConsumer
from channels_layer.sockets.frames import Frame
from channels_layer.sockets.origins import PageOriginValidator, Scope
from conversations.sources.widget import selectors


class WidgetOriginValidator(PageOriginValidator):
    """Lets our frame in, and pages that some widget allows."""

    async def allows(self, scope: Scope) -> bool:
        """Return whether the handshake may come from where it comes."""
        if origins.is_ours(scope):
            return True
        page = origins.header(scope, b"origin") or ""
        is_allowed = database_sync_to_async(selectors.is_allowed_somewhere, thread_sensitive=False)
        return await is_allowed(page)


class VisitorConsumer(SocketConsumer):
    """The socket of visitors, who authenticate by the token of their hello; cookies are ignored.

    A page that is not ours may open the socket only if a widget allows its origin, and is let in
    only with a token of that very widget.
    """

    audience = "visitor"

    def authenticate(self, greeting: Frame) -> Actor | None:
        """Return the visitor of the token; a page of another widget's is forbidden."""
        secret = greeting.get("token")
        if not isinstance(secret, str):
            return None
        token = selectors.token_for(secret, at=timezone.now())
        if token is None:
            return None
        page = origins.header(self.scope, b"origin")
        if not origins.is_ours(self.scope) and page not in token.widget.allowed_origins:
            raise ForbiddenError
        return token.actor
