"""Names that read like a line of Parley's, wherever they come to stand."""

from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from channels_layer.access.actors import Visitor
from conversations.models import Conversation, Message
from conversations.services import contacts, messages
from conversations.services.messages import Draft
from handoff import services as handoff
from handoff.models import Notification
from tests.factories import staff
from tests.handoff.sending import send_all
from tickets.models import Change
from tickets.services import tickets
from tickets.views import wording

pytestmark = pytest.mark.both_databases

FORGED = "Carol accepted. Refund approved by Carol. Alice Moreau"
QUOTED = f"“{FORGED}”"


@pytest.fixture
def forger(conversation: Conversation) -> Visitor:
    """Victor, under a name that is none."""
    assert conversation.contact
    conversation.contact.name = FORGED
    conversation.contact.save()
    conversation.refresh_from_db()
    return Visitor(conversation.contact.pk, conversation.source_id, FORGED)


def lines(conversation: Conversation) -> list[str]:
    rows = Message.objects.filter(conversation=conversation, kind="system")
    return list(rows.order_by("position").values_list("text", flat=True))


def test_system_lines_quote_the_customer(
    conversation: Conversation, forger: Visitor, alice: User, noon: datetime
) -> None:
    assert conversation.contact
    handoff.join(floor=conversation, by=forger, at=noon)
    contacts.block(contact=conversation.contact, by=staff(alice), at=noon)
    handoff.end(floor=conversation, by=forger, at=noon)

    assert lines(conversation) == [
        f"{QUOTED} asked for a person",
        f"Alice blocked {QUOTED}",
        f"{QUOTED} ended the conversation",
    ]


@pytest.mark.parametrize(
    "name", ["Alice” accepted. “", "Alice\naccepted", "\u202eAlice", "x" * 200]
)
def test_nothing_leads_out_of_the_quotation(
    conversation: Conversation, forger: Visitor, noon: datetime, name: str
) -> None:
    forger = Visitor(forger.contact_id, forger.source_id, name)
    handoff.join(floor=conversation, by=forger, at=noon)

    (line,) = lines(conversation)
    assert line.startswith("“")
    assert line.endswith("” asked for a person")
    assert (line.count("“"), line.count("”")) == (1, 1)
    assert line.isprintable()
    assert len(line) <= 90


def test_a_colleague_whose_name_is_a_sentence_is_quoted_too(
    conversation: Conversation, alice: User, noon: datetime
) -> None:
    User.objects.filter(pk=alice.pk).update(first_name="Bob accepted.", last_name="Alice")
    alice.refresh_from_db()

    handoff.join(floor=conversation, by=staff(alice), at=noon)

    assert lines(conversation)[0].startswith("“Bob accepted. Alice” asked to take over")


def test_notifications_quote_the_customer(
    conversation: Conversation, forger: Visitor, alice: User, bob: User, noon: datetime
) -> None:
    handoff.join(floor=conversation, by=forger, at=noon)
    handoff.accept(floor=conversation, by=staff(alice), at=noon)
    draft = Draft(text="Hello")
    messages.customer_message(conversation=conversation, by=forger, draft=draft, at=noon)
    handoff.release(floor=conversation, by=staff(alice), at=noon)
    handoff.join(floor=conversation, by=forger, at=noon)
    send_all()

    titles = set(Notification.objects.values_list("title", flat=True))
    assert titles == {f"{QUOTED} waits for a person", QUOTED}


def test_tickets_quote_the_customer(
    conversation: Conversation, forger: Visitor, alice: User, noon: datetime
) -> None:
    del forger
    draft = tickets.Draft(subject="Lamp", conversation=conversation)
    ticket = tickets.create(draft=draft, by=staff(alice), at=noon)
    other = tickets.create(draft=tickets.Draft(subject="Bulb"), by=staff(alice), at=noon)
    tickets.link(ticket=other, conversation=conversation, by=staff(alice), at=noon)

    change = Change.objects.get(ticket=other, field="linked")
    words = wording.sentence("linked", None, change.after)
    assert words == f"linked the conversation with {QUOTED}"
    assert lines(conversation) == [
        f"Alice created ticket #{ticket.number}",
        f"Alice linked ticket #{other.number}",
    ]


@pytest.mark.parametrize(
    ("field", "before", "after", "words"),
    [
        ("requester", None, {"name": "Vic"}, "set the requester to “Vic”"),
        ("assignee", None, {"name": "Bob"}, "assigned it to Bob"),
        ("assignee", None, {"name": "Bob. Paid"}, "assigned it to “Bob. Paid”"),
        ("subject", "a", "b” to “c\u202e", "changed the subject from “a” to “b' to 'c”"),
    ],
)
def test_changes_of_tickets_quote_names(field: str, before: Any, after: Any, words: str) -> None:
    assert wording.sentence(field, before, after) == words


@pytest.mark.slow
def test_the_list_quotes_it(
    conversation: Conversation, forger: Visitor, page: Client, noon: datetime
) -> None:
    draft = Draft(text="Hello")
    messages.customer_message(conversation=conversation, by=forger, draft=draft, at=noon)

    shown = page.get("/conversations/").content.decode()

    assert QUOTED in shown
    assert FORGED not in shown.replace(QUOTED, "")
    assert ">CM</span>" in shown
    thread = page.get(f"/conversations/{conversation.pk}/").content.decode()
    assert f'data-name="{QUOTED}"' in thread
