"""Clients of the cast, and an answer in the making."""

from datetime import datetime

import orjson
import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from channels_layer.access.actors import System
from chats.engine.parts import Call, Step, UsageReport
from chats.models import Run, ToolCall
from chats.services import journal, openings
from chats.services.endings import Result
from conversations.models import Conversation
from conversations.services import messages
from conversations.services.messages import Draft
from tests import factories
from tests.api import clients

IBAN = "SE35"
REFUND = {"amount": 189, "iban": IBAN}
"""The arguments of the call that waits."""


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


@pytest.fixture
def run(conversation: Conversation, noon: datetime) -> Run:
    """Return an answer that a worker is writing."""
    by = System(name="Victor")
    messages.customer_message(conversation=conversation, by=by, draft=Draft(text="Hi"), at=noon)
    found = openings.next_run(conversation_id=conversation.pk, at=noon).run
    assert found is not None
    journal.start_step(run=found, number=1, call=factories.PLANNED, at=noon)
    return found


@pytest.fixture
def call(run: Run, noon: datetime) -> ToolCall:
    """Return a refund that waits for a person's decision."""
    wanted = Call(
        id="call_1",
        name="issue_refund",
        raw=orjson.dumps(REFUND).decode(),
        arguments=REFUND,
        needs_approval=True,
    )
    step = Step(1, "", "tool_calls", (wanted,), UsageReport(100, 20))
    journal.finish_step(run=run, step=step, prompt=100, at=noon)
    journal.wait_for_approval(run=run, result=Result("stop", ""), at=noon)
    return ToolCall.objects.get()
