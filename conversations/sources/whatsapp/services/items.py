"""Items of a webhook: messages, statuses, and notices about the account."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial

from conversations.sources.whatsapp import cards
from conversations.sources.whatsapp.models import Sender
from conversations.sources.whatsapp.parser import Incoming, Notice, Parsed, Status, Way
from conversations.sources.whatsapp.parser.values import mapping
from conversations.sources.whatsapp.services import (
    app_contacts,
    groups,
    intake,
    quality,
    sends,
    targets,
    templates,
)

_APPLIED = (
    templates.apply_webhook,
    quality.apply_webhook,
    groups.apply_webhook,
    app_contacts.apply_webhook,
)
OUTCOMES = frozenset({"sent", "delivered", "read", "failed"})

HISTORY = "history"
LONGEST_ABOUT = 200

Step = Callable[..., bool]
"""Handles one item: ``step(is_last=…)``; false: it has to wait for another one to come."""


class StrangeNumberError(LookupError):
    """The item is for a number that is not set up, or not by the same app."""

    def __init__(self, phone_number_id: str) -> None:
        """Name the number by Meta's id."""
        super().__init__(f"The phone number {phone_number_id} is not set up here.")


def steps(sender: Sender, parsed: Parsed, *, at: datetime) -> Iterator[tuple[str, Step]]:
    """Yield the steps of a webhook, each with a name; messages in the order they were sent."""
    told = [one for one in parsed.messages if one.way != Way.HISTORY]
    for incoming in sorted(told, key=lambda one: one.sent_at or at):
        yield f"message {incoming.id}", partial(_take, sender, incoming, at=at)
    for status in parsed.statuses:
        yield f"status of {status.id}", partial(_report, sender, status, at=at)
    for notice in parsed.notices:
        yield f"notice {notice.field}", partial(_apply, sender, notice, at=at)


def about(parsed: Parsed) -> str:
    """Return what is in a webhook, in Meta's words, such as ``text 2, status 1``."""
    past = [one for one in parsed.messages if one.way == Way.HISTORY]
    told = [one for one in parsed.messages if one.way != Way.HISTORY]
    kinds = Counter([HISTORY] * len(past))
    kinds.update(f"{one.kind} (echo)" if one.is_ours else one.kind for one in told)
    kinds.update("status" for _ in parsed.statuses)
    kinds.update("problem" for _ in parsed.problems)
    kinds.update(notice.field or "no field" for notice in parsed.notices)
    return ", ".join(f"{kind} {number}" for kind, number in kinds.items())[:LONGEST_ABOUT]


def _take(sender: Sender, incoming: Incoming, *, is_last: bool, at: datetime) -> bool:
    receiver = _receiver(sender, incoming.phone_number_id)
    translated = _with_value(receiver, incoming)
    return intake.take(sender=receiver, incoming=translated, is_last=is_last, at=at)


def _with_value(sender: Sender, incoming: Incoming) -> Incoming:
    """Replace the title of a tapped choice of ours by its value."""
    content = incoming.content
    offer = targets.find(sender, incoming.refers_to).message if content.choice else None
    value = cards.value_of(offer.cards, content.choice) if offer else ""
    return replace(incoming, content=replace(content, text=value)) if value else incoming


def _report(sender: Sender, status: Status, *, is_last: bool, at: datetime) -> bool:
    """Record the status of a message of ours; those of other programs stay unknown."""
    if status.state not in OUTCOMES:
        return True
    try:
        receiver = _receiver(sender, status.phone_number_id)
    except StrangeNumberError:  # nothing was ever sent from it here
        return True
    return sends.record_status(sender=receiver, status=status, at=at) or is_last


def _apply(sender: Sender, notice: Notice, *, is_last: bool, at: datetime) -> bool:
    del is_last
    name, value, stated_at = notice.field, notice.value, notice.at or at
    for concerned in _concerned(sender, notice):
        for apply in _APPLIED:
            apply(sender=concerned, field=name, value=value, at=stated_at)
    return True


def _receiver(sender: Sender, phone_number_id: str) -> Sender:
    """Return the sender of an item: one app of Meta's may have several numbers and one webhook."""
    if phone_number_id in {"", sender.phone_number_id}:
        return sender
    found = [one for one in _beside(sender) if one.phone_number_id == phone_number_id]
    if not found:
        raise StrangeNumberError(phone_number_id)
    return found[0]


def _concerned(sender: Sender, notice: Notice) -> list[Sender]:
    """Return the senders that a notice is about: those of the account, or the one it names.

    It may be about ``sender`` where its own account or number is not known yet.
    """
    metadata = mapping(notice.value.get("metadata"))
    stated = notice.value.get("display_phone_number") or metadata.get("display_phone_number", "")
    number = _digits(str(stated))
    if number:
        found = [one for one in _beside(sender) if _digits(one.display_number) == number]
    else:
        found = [one for one in _beside(sender) if one.business_account_id == notice.account]
    return found or ([sender] if _may_concern(sender, notice.account, number) else [])


def _may_concern(sender: Sender, account: str, number: str) -> bool:
    if number:
        return not sender.display_number and sender.business_account_id in {"", account}
    return not sender.business_account_id


def _beside(sender: Sender) -> list[Sender]:
    """Return the senders whose webhooks are signed with the same secret, this one included."""
    rows = Sender.objects.select_related("source__assistant").order_by("id")
    return [one for one in rows if one.app_secret == sender.app_secret]


def _digits(number: str) -> str:
    return "".join(filter(str.isdigit, number))
