"""Clients of the tests' own interface."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from channels_layer.access import keys
from tests.channels_layer.rest.views import NotesView
from tests.factories import NOON

Issue = Callable[..., APIClient]


@pytest.fixture(autouse=True)
def written(settings: object) -> Iterator[list[str]]:
    """Yield the interface of the tests' own, and what was written through it."""
    settings.ROOT_URLCONF = "tests.channels_layer.rest.views"  # type: ignore[attr-defined]
    NotesView.written.clear()
    yield NotesView.written
    NotesView.written.clear()


@pytest.fixture
def with_key(db: None) -> Issue:
    """Makes clients with a key of the given scopes."""

    def issue(*scopes: str, name: str = "Shop") -> APIClient:
        client = APIClient()
        secret = keys.issue(name=name, scopes=scopes, at=NOON)[1]
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
        return client

    return issue


@pytest.fixture
def system(with_key: Issue) -> APIClient:
    """Return a key that may read and write notes."""
    return with_key("chats:read", "chats:write")


def signed_in(user: User) -> APIClient:
    """Make the client of a person, which must send CSRF tokens as a browser must."""
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(user)
    return client
