"""Messages whose frames would pass 64 KiB: nothing is sent of them, their readers start afresh."""

from datetime import datetime

import pytest
from django.contrib.auth.models import User

from channels_layer.log import events
from channels_layer.transport.broadcast import MAX_FRAME_BYTES
from conversations.models import Conversation
from conversations.services import messages
from conversations.services.messages import Draft
from tests.factories import staff

EMOJI = "\U0001f600" * 10_000
LINKS = "x.eu " * 2_000
CONTROLS = "\x01" * 10_000


@pytest.mark.parametrize(
    ("text", "readers"),
    [
        ("x" * 10_000, "staff visitor"),
        (EMOJI, "staff"),
        (LINKS, "staff visitor"),
        (CONTROLS, "staff"),
    ],
)
def test_frames_are_whole_or_none(
    conversation: Conversation, alice: User, noon: datetime, text: str, readers: str
) -> None:
    messages.post(conversation=conversation, by=staff(alice), draft=Draft(text=text), at=noon)
    rows = events.since(conversation.topic, after=0, limit=50) or []

    for audience in "staff", "visitor":
        sent = [getattr(frames, audience) for _, frames in rows]
        assert all(sent) == (audience in readers)
        assert max(len(frame.encode()) for frame in sent if frame) <= MAX_FRAME_BYTES
