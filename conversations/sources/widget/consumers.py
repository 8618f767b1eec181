"""``/ws/v1/visitor/``: the socket of the widget's visitors."""

from collections.abc import Hashable

from django.utils import timezone

from channels_layer.access.actors import Actor
from channels_layer.errors import ForbiddenError
from channels_layer.sockets import origins
from channels_layer.sockets.consumer import SocketConsumer
from channels_layer.sockets.frames import Frame
from conversations.sources.widget import selectors


class VisitorConsumer(SocketConsumer):
    """The socket of visitors, who authenticate by the token of their hello; cookies are ignored.

    A page that is not ours may open the socket only if a widget allows its origin, and is let in
    only with a token of that very widget.
    """

    audience = "visitor"

    async def allows_origin(self) -> bool:
        """Return whether the handshake comes from our frame, or a page that some widget allows."""
        if origins.is_ours(self.scope):
            return True
        return await self.hub.database.run(selectors.is_allowed_somewhere, self._page)

    def authenticate(self, greeting: Frame) -> Actor | None:
        """Return the visitor of the token; a page of another widget's is forbidden."""
        secret = greeting.get("token")
        if not isinstance(secret, str):
            return None
        token = selectors.token_for(secret, at=timezone.now())
        if token is None:
            return None
        if not origins.is_ours(self.scope) and self._page not in token.widget.allowed_origins:
            raise ForbiddenError
        return token.actor

    @property
    def credential(self) -> Hashable:
        """The token, as it is shown by this page."""
        return type(self), self._greeting.get("token"), self._page, origins.is_ours(self.scope)

    @property
    def _page(self) -> str:
        return origins.header(self.scope, b"origin") or ""
