"""What tests of tickets share: clients, and a ticket of Victor's."""

from datetime import datetime

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from conversations.models import Conversation
from tests.api import clients
from tests.chats.conftest import demo_model, demo_model_process
from tests.chats.live.conftest import runtime, shared_runtime
from tests.factories import staff
from tickets.models import Ticket
from tickets.services import tickets
from tickets.services.tickets import Draft

__all__ = ["demo_model", "demo_model_process", "runtime", "shared_runtime"]


@pytest.fixture
def api(alice: User) -> APIClient:
    """Alice's browser."""
    return clients.browser(alice)


@pytest.fixture
def bobs(bob: User) -> APIClient:
    """Bob's browser."""
    return clients.browser(bob)


@pytest.fixture
def shop(db: None) -> APIClient:
    """Another system whose key holds every scope."""
    return clients.system()


@pytest.fixture
def ticket(conversation: Conversation, alice: User, noon: datetime) -> Ticket:
    """Return a ticket that Alice raised from Victor's conversation."""
    draft = Draft(
        subject="Cracked base", description="Lamp arrived broken", conversation=conversation
    )
    return tickets.create(draft=draft, by=staff(alice), at=noon)
