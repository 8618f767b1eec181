"""Calling in: where nobody answers from the WhatsApp Business app, a person here is asked for."""

from datetime import datetime, timedelta

from django.db.models import F
from django.utils.translation import gettext_noop as _

from channels_layer.access.actors import System
from conversations.models import Conversation
from conversations.sources.whatsapp import KIND
from handoff import outside
from handoff.models import Control, Lifecycle

PATIENCE = timedelta(minutes=15)
"""How long a customer waits for a colleague outside before somebody here is asked."""
AT_ONCE = 100
REASON = _("Nobody has answered from the WhatsApp Business app.")
SENTENCES = (REASON,)
"""What is stored, to be read in the reader's language."""


def call_in(*, at: datetime) -> int:
    """Put conversations into the queue whose customers wait in vain; return how many."""
    waiting = Conversation.objects.filter(
        source__kind=KIND,
        lifecycle=Lifecycle.ACTIVE,
        control=Control.AGENT,
        owner=None,
        last_customer_position__gt=F("answered_position"),
        last_message_at__lte=at - PATIENCE,
    )
    found = list(waiting.order_by("last_message_at", "id")[:AT_ONCE])
    for conversation in found:
        outside.call_in(floor=conversation, by=System(), reason=REASON, at=at)
    return len(found)
