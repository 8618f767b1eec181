"""Threads of any length, written straight into the tables."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from conversations.models import Conversation, Message

SCRIPT = """
from uuid import UUID
from conversations.models import Conversation
from tests.conversations.long_threads.lengthening import lengthen
from tests.servers import waiting
rows = Conversation.objects.filter(pk="{id}")
waiting.until(lambda: not rows.get().has_unanswered)
lengthen(UUID("{id}"), {number})
"""
AGO = timedelta(days=1)
"""The newest is a day old: a line with its day stands over every page of the thread."""
APART = timedelta(minutes=3)
BATCH = 1000
CROSSED = 6
"""Each so many'th answer came after the next question."""
SENTENCE = "line {position} " + "of what was said about the lamp "


def in_order(positions: list[int]) -> list[int]:
    """Return the positions of a lengthened thread's entries as they are shown."""
    return sorted(positions, key=lambda one: one if one % CROSSED else one - 1.5)


@transaction.atomic
def lengthen(identifier: UUID, number: int) -> None:
    """Write ``number`` messages in a row, of customer and assistant in turn."""
    conversation = Conversation(pk=identifier).locked()
    start = conversation.last_position
    end = start + number
    rows = [
        Message(
            conversation=conversation,
            position=position,
            behind=None if position % CROSSED else position - 2,
            author_kind="customer" if position % 2 else "assistant",
            author_name="Nils Holgersson" if position % 2 else "Ada",
            actor="system",
            text=(SENTENCE * (1 + position % 4)).format(position=position),
            created_at=conversation.created_at - AGO - APART * (end - position),
        )
        for position in range(start + 1, end + 1)
    ]
    Message.objects.bulk_create(rows, batch_size=BATCH)
    customer = end if end % 2 else end - 1
    Conversation.objects.filter(pk=identifier).update(
        last_position=end,
        message_count=conversation.message_count + number,
        customer_count=conversation.customer_count + (number + 1) // 2,
        last_customer_position=max(customer, conversation.last_customer_position),
        answered_position=end,
    )
