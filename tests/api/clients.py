"""Clients of the REST interface: a person's browser, another system's key."""

from typing import Any

from django.contrib.auth.models import User
from rest_framework.test import APIClient

from channels_layer.access import keys
from channels_layer.access.actors import Key
from channels_layer.access.keys import ALL_SCOPES
from tests.factories import NOON

V1 = "/api/v1"


def browser(user: User) -> APIClient:
    """Return a client with the session of ``user``."""
    client = APIClient()
    client.force_login(user)
    return client


def system(*scopes: str, name: str = "Shop") -> APIClient:
    """Return a client with a fresh key of ``scopes``; all of them by default."""
    _, client = key_and_client(*scopes, name=name)
    return client


def key_and_client(*scopes: str, name: str = "Shop") -> tuple[Key, APIClient]:
    """Return a key as an actor, and a client that uses it."""
    key, secret = keys.issue(name=name, scopes=scopes or ALL_SCOPES, at=NOON)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return Key(key), client


def refusal(response: Any) -> tuple[int, str]:
    """Return what was refused and how: status and code."""
    return response.status_code, response.json()["code"]
