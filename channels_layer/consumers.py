"""``/ws/v1/``: the socket of staff, and of systems with an API key."""

from collections.abc import Hashable
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.module_loading import import_string

from channels_layer import times
from channels_layer.access import actors, keys
from channels_layer.access.actors import Actor, Key, Staff
from channels_layer.errors import ForbiddenError
from channels_layer.rest import bearer
from channels_layer.sockets import origins
from channels_layer.sockets.consumer import SocketConsumer
from channels_layer.sockets.frames import Frame


class StaffConsumer(SocketConsumer):
    """Staff come by session cookie; systems by ``Authorization: Bearer`` or the token of hello."""

    audience = "staff"

    def authenticate(self, greeting: Frame) -> Actor | None:
        """Return the API key or the person; a person without a role is forbidden."""
        secret = self._secret(greeting)
        if secret is not None:
            return self._by_key(secret)
        return self._by_session()

    @property
    def credential(self) -> Hashable:
        """The key, or the session."""
        secret = self._secret(self._greeting)
        return type(self), secret is None, self._session if secret is None else secret

    def _secret(self, greeting: Frame) -> Any:
        return greeting.get("token") or bearer(origins.header(self.scope, b"authorization") or "")

    @property
    def _session(self) -> str | None:
        return self.scope["cookies"].get(settings.SESSION_COOKIE_NAME)

    def _by_key(self, secret: object) -> Key | None:
        key = keys.find(secret, at=times.now()) if isinstance(secret, str) else None
        return Key(key) if key else None

    def _by_session(self) -> Staff | None:
        key = self._session
        if not key:
            return None
        request = HttpRequest()
        request.session = _store(key)
        user = get_user(request)
        if not user.is_authenticated:
            return None
        staff = actors.for_user(user)
        if staff is None:
            raise ForbiddenError
        return staff


def _store(key: str) -> SessionBase:
    store: SessionBase = import_string(f"{settings.SESSION_ENGINE}.SessionStore")(key)
    return store
