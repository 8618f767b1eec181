"""Authentication: staff by session, systems by API key. Both end in ``request.actor``."""

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.request import Request

from channels_layer import times
from channels_layer.access import actors, keys
from channels_layer.access.actors import Actor, Key
from channels_layer.models import ApiKey


class KeyUser:
    """DRF's user for a request with an API key: signed in, yet no person."""

    is_authenticated = True
    is_active = True
    is_anonymous = False
    is_staff = False
    pk = None

    def __init__(self, key: ApiKey) -> None:
        """Keep the key."""
        self.key = key

    def __str__(self) -> str:
        """Show the key's name."""
        return self.key.name


class KeyAuthentication(BaseAuthentication):
    """``Authorization: Bearer <key>``."""

    def authenticate(self, request: Request) -> tuple[Any, Key] | None:
        """Return the key; refuse a wrong or revoked one, leave other schemes alone."""
        if bearer(request.META.get("HTTP_AUTHORIZATION", "")) is None:
            return None
        key = key_of(request._request)  # noqa: SLF001 - DRF's wrapper hides it
        if key is None:
            raise AuthenticationFailed(_("This API key is not valid."))
        actor = Key(key)
        request.actor = actor  # type: ignore[attr-defined]
        return KeyUser(key), actor

    def authenticate_header(self, request: Request) -> str:
        """Return the scheme for ``WWW-Authenticate``, which makes the answer a 401."""
        del request
        return 'Bearer realm="api"'


class StaffSessionAuthentication(SessionAuthentication):
    """The session cookie of a signed-in person, with the CSRF token on every change."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """Return the person; without a role, they are signed in but pass no permission."""
        request.actor = None  # type: ignore[attr-defined]
        found = super().authenticate(request)
        if found is None:
            return None
        user: User = found[0]
        actor = actors.for_user(user)
        request.actor = actor  # type: ignore[attr-defined]
        return user, actor


def actor_of(request: Request) -> Actor:
    """Return the request's actor; raise ``NotAuthenticated`` when there is none."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise NotAuthenticated
    return actor


def key_of(request: HttpRequest) -> ApiKey | None:
    """Return the valid key in the header of a request, which is looked up once."""
    if not hasattr(request, "api_key"):
        secret = bearer(request.META.get("HTTP_AUTHORIZATION", ""))
        found = None if secret is None else keys.find(secret, at=times.now())
        request.api_key = found  # type: ignore[attr-defined]
    key: ApiKey | None = request.api_key  # type: ignore[attr-defined]
    return key


def bearer(header: str) -> str | None:
    """Return the secret of an ``Authorization`` header, or None for another scheme."""
    scheme, _, secret = header.partition(" ")
    return secret.strip() if scheme.lower() == "bearer" and secret.strip() else None
