"""Clients of the cast."""

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from tests import factories
from tests.api import clients


@pytest.fixture
def anonymous(db: None) -> APIClient:
    """Return a client without credentials."""
    return APIClient()


@pytest.fixture
def api(alice: User) -> APIClient:
    """Alice's browser."""
    return clients.browser(alice)


@pytest.fixture
def bobs(bob: User) -> APIClient:
    """Bob's browser."""
    return clients.browser(bob)


@pytest.fixture
def strangers(mallory: User) -> APIClient:
    """Mallory's browser."""
    return clients.browser(mallory)


@pytest.fixture
def administrators(db: None) -> APIClient:
    """Return an administrator's browser."""
    return clients.browser(factories.person("dora", role="administrator"))


@pytest.fixture
def shop(db: None) -> APIClient:
    """Another system whose key holds every scope."""
    return clients.system()
