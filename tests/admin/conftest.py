"""An administrator's browser."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from handoff import services
from tests import factories


@pytest.fixture
def dora(db: None) -> User:
    """Return an administrator."""
    user = factories.person("dora")
    services.appoint(user=user, role="administrator")
    return user


@pytest.fixture
def office(dora: User) -> Client:
    """Dora's browser."""
    client = Client()
    client.force_login(dora)
    return client
