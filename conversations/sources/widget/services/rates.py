"""Rates: how much visitors, addresses and widgets may begin within a time.

A rate is refused with the seconds to wait. None of them lets a crowd keep a newcomer out: what one
address has begun counts against that address alone, and where a whole widget is flooded every
address still gets a few.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings

from channels_layer.access.actors import Visitor
from channels_layer.errors import TooFastError
from conversations.models import Contact, Conversation
from conversations.sources.widget.models import VisitorToken, Widget
from handoff.models import Handoff


@dataclass(frozen=True)
class Rate:
    """At most so many within a time."""

    most: int
    window: timedelta


MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
SESSIONS_PER_ADDRESS = Rate(120, MINUTE)
SESSIONS_PER_WIDGET = Rate(1200, MINUTE)
SESSIONS_IN_A_FLOOD = Rate(3, MINUTE)
"""What an address gets while its widget is flooded."""
SESSIONS_PER_VISITOR = Rate(60, MINUTE)
"""How often a token continues its session, and how many tokens one contact is given."""
STARTS_PER_VISITOR = (Rate(20, MINUTE), Rate(60, HOUR))
STARTS_PER_ADDRESS = Rate(60, MINUTE)
TALKS_PER_VISITOR = (Rate(20, MINUTE), Rate(15, timedelta(seconds=15)))
"""In how many conversations a visitor may write within a minute, and at once."""
ESCALATIONS_PER_VISITOR = Rate(6, HOUR)


def hashed_address(address: str) -> str:
    """Return a keyed hash of a network address (of the /64 of an IPv6 one), empty for none.

    A loopback address is that of a proxy nobody declared, so it says nothing of who asks.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    if parsed.is_loopback:
        return ""
    if isinstance(parsed, IPv6Address):
        address = str(ip_network((int(parsed), 64), strict=False))
    key = f"visitor address {settings.SECRET_KEY}".encode()
    return hmac.new(key, address.encode(), sha256).hexdigest()[:32]


def refuse_sessions(*, widget: Widget, address: str, at: datetime) -> None:
    """Raise ``TooFastError`` where too many sessions begin; ``address`` is a hashed one."""
    tokens = VisitorToken.objects.all()
    own = tokens.filter(address=address)
    if address:
        _refuse(own, SESSIONS_PER_ADDRESS, column="created_at", at=at)
    of_widget = tokens.filter(widget=widget)
    if _wait(of_widget, SESSIONS_PER_WIDGET, column="created_at", at=at):
        _refuse(own.filter(widget=widget), SESSIONS_IN_A_FLOOD, column="created_at", at=at)


def refuse_tokens(*, contact: Contact, at: datetime) -> None:
    """Raise ``TooFastError`` where a contact is given too many tokens."""
    own = VisitorToken.objects.filter(contact=contact)
    _refuse(own, SESSIONS_PER_VISITOR, column="created_at", at=at)


def count_session(*, token: VisitorToken, at: datetime) -> None:
    """Count one more session of a token whose contact is locked; ``TooFastError`` for too many.

    Each session takes its share of the window, one after the other, until the window is full.
    """
    rate = SESSIONS_PER_VISITOR
    token.refresh_from_db(fields=["opened_until"])
    until = max(token.opened_until or at, at) + rate.window / rate.most
    if until - at > rate.window:
        raise TooFastError(retry_after=(until - at - rate.window).total_seconds())
    token.opened_until = until
    token.save(update_fields=["opened_until"])


def refuse_starts(*, visitor: Visitor, address: str, at: datetime) -> None:
    """Raise ``TooFastError`` where a visitor or an address begins too many conversations."""
    own = Conversation.objects.filter(contact=visitor.contact_id)
    _refuse(own, *STARTS_PER_VISITOR, column="created_at", at=at)
    if address:
        of_address = Conversation.objects.filter(address=address)
        _refuse(of_address, STARTS_PER_ADDRESS, column="created_at", at=at)


def refuse_talks(*, visitor: Visitor, conversation: Conversation, at: datetime) -> None:
    """Raise ``TooFastError`` where a visitor writes in too many conversations at once."""
    own = Conversation.objects.filter(contact=visitor.contact_id, customer_count__gt=0)
    others = own.exclude(pk=conversation.pk)
    _refuse(others, *TALKS_PER_VISITOR, column="last_message_at", at=at)


def refuse_escalations(*, visitor: Visitor, at: datetime) -> None:
    """Raise ``TooFastError`` where a visitor requests a person again and again."""
    requested = Handoff.objects.filter(
        conversation__contact=visitor.contact_id, requested_by=visitor.reference
    )
    _refuse(requested, ESCALATIONS_PER_VISITOR, column="requested_at", at=at)


def _refuse(rows: Any, *rates: Rate, column: str, at: datetime) -> None:
    if wait := _wait(rows, *rates, column=column, at=at):
        raise TooFastError(retry_after=wait)


def _wait(rows: Any, *rates: Rate, column: str, at: datetime) -> float:
    """Return in how many seconds one more is within all ``rates``; 0 for now."""
    longest = max(rate.window for rate in rates)
    least, most = min(rate.most for rate in rates), max(rate.most for rate in rates)
    recent = rows.filter(**{f"{column}__gt": at - longest}).order_by(f"-{column}")
    times = list(recent.values_list(column, flat=True)[least - 1 : most])
    reached = [rate for rate in rates if rate.most - least < len(times)]
    waits = [(times[one.most - least] + one.window - at).total_seconds() for one in reached]
    wait: float = max(waits, default=0.0)
    return max(wait, 0.1) if wait > 0 else 0.0
