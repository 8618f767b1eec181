"""Packets by a real model call: a good one, and one that takes too long."""

import time
from functools import partial
from typing import Any

from chats.live import Runtime
from chats.services import packets
from conversations.models import Conversation
from handoff import services as handoff
from handoff.models import Handoff
from tests import factories
from tests.chats import talk
from tests.factories import NOON


def packet_after(runtime: Runtime, text: str, *, within: float) -> dict[str, Any]:
    """Let a customer write ``text`` and request a person; write the packet."""
    conversation: Conversation = factories.conversation()
    talk.say(conversation, text)
    alice = factories.staff(factories.person("alice"))
    waiting = handoff.join(floor=conversation, by=alice, at=NOON)
    row = Handoff.objects.get(conversation=waiting)
    complete = partial(runtime.complete, within=within)
    assert packets.write(handoff_id=row.pk, complete=complete, at=NOON)
    row.refresh_from_db()
    assert row.packet is not None
    return dict(row.packet)


def test_the_model_writes_it(runtime: Runtime) -> None:
    packet = packet_after(runtime, "My lamp flickers, order 88123", within=20)
    assert packet["by"] == "model"
    assert "88123" in packet["summary"]


def test_a_slow_model_is_not_waited_for(runtime: Runtime) -> None:
    began = time.monotonic()
    packet = packet_after(runtime, "My lamp flickers [demo:stall-first]", within=0.3)
    assert time.monotonic() - began < 5
    assert packet["by"] == "rules"
    assert packet["summary"].startswith("My lamp flickers")
