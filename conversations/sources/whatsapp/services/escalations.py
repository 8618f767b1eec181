"""Calling in: where nobody answers from the WhatsApp Business app, a person here is asked for."""

from datetime import datetime, timedelta

from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext_noop as _

from channels_layer.access.actors import System
from conversations.models import AuthorKind, Conversation, Message
from conversations.sources.whatsapp import KIND
from handoff import outside
from handoff.models import Control, Lifecycle, Switch

PATIENCE = timedelta(minutes=15)
"""How long a customer waits for a colleague outside before somebody here is asked."""
AT_ONCE = 100
REASON = _("Nobody has answered from the WhatsApp Business app.")
SENTENCES = (REASON,)
"""What is stored, to be read in the reader's language."""


def call_in(*, at: datetime) -> int:
    """Put conversations into the queue whose customers wait in vain; return how many.

    The wait begins with the first message that nobody answered; writing on does not put it off.
    Nobody is called for a contact who is blocked.
    """
    unanswered = Message.objects.filter(
        conversation=OuterRef("pk"),
        author_kind=AuthorKind.CUSTOMER,
        position__gt=OuterRef("answered_position"),
    )
    first = unanswered.order_by("position").values("created_at")[:1]
    waiting = (
        Conversation.objects.filter(
            source__kind=KIND,
            lifecycle=Lifecycle.ACTIVE,
            control=Control.AGENT,
            owner=None,
            last_customer_position__gt=F("answered_position"),
        )
        .exclude(switch=Switch.BLOCKED)
        .annotate(waits_since=Subquery(first))
        .filter(waits_since__lte=at - PATIENCE)
    )
    found = list(waiting.order_by("waits_since", "id")[:AT_ONCE])
    for conversation in found:
        outside.call_in(floor=conversation, by=System(), reason=REASON, at=at)
    return len(found)
