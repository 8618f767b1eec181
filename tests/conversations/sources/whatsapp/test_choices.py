"""Choices: what a card offers is read whole, and what is tapped sends its value."""

from typing import Any
from uuid import uuid4

import pytest

from conversations.models import Conversation
from conversations.services import thread
from conversations.services.thread import Entry, assistant_author
from conversations.sources.whatsapp import cards
from conversations.sources.whatsapp.models import Sender
from tests.conversations.sources.whatsapp import payloads
from tests.conversations.sources.whatsapp.conftest import Meta, said
from tests.conversations.sources.whatsapp.graph import DemoGraphServer
from tests.conversations.sources.whatsapp.helpers import NOON, PHONE, deliver, only, requests

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LONG = "size-" + "x" * 300
CARD = {
    "type": "buttons",
    "title": "Sizes",
    "text": "Which size fits?",
    "buttons": [{"title": "Small", "value": "size-s"}, {"title": "Large", "value": LONG}],
}


@pytest.fixture
def meta(number: Sender) -> Meta:
    """Meta's servers, which send webhooks for the number at the demo Graph."""
    return Meta(number)


def offer(conversation: Conversation, text: str = "Here you are.") -> None:
    """Let the assistant offer the sizes."""
    entry = Entry(author=assistant_author(conversation.assistant), text=text, cards=[CARD])
    thread.append(conversation.locked(), entry, at=NOON)
    deliver(conversation)


def tapped(meta: Meta, wamid: str, id: str, title: str) -> str:
    """Let the customer tap an answer; return the thread's newest message."""
    reply: dict[str, Any] = {"type": "button_reply", "button_reply": {"id": id, "title": title}}
    message = payloads.message(
        "interactive", interactive=reply, context={"id": wamid}, **{"from": PHONE}
    )
    meta.send(message, contacts=[payloads.contact(wa_id=PHONE)])
    return said()[-1]


@pytest.mark.parametrize(("title", "value"), [("Small", "size-s"), ("Large", LONG)])
def test_what_is_tapped_sends_its_value(
    talking: Conversation, meta: Meta, graph: DemoGraphServer, title: str, value: str
) -> None:
    offer(talking)
    assert tapped(meta, only().provider_id, value[:200], title) == value


def test_what_is_tapped_marks_the_card(talking: Conversation, meta: Meta) -> None:
    offer(talking)
    tapped(meta, only().provider_id, "size-s", "Small")
    answer, said = talking.messages.order_by("-position")[:2][::-1]
    assert (answer.cards[0]["chosen"], said.cards[-1]["type"]) == (0, "choice")


def test_what_is_tapped_elsewhere_sends_its_title(talking: Conversation, meta: Meta) -> None:
    offer(talking)
    assert tapped(meta, only().provider_id, "unknown", "Small") == "Small"
    assert talking.messages.count() == 2


def test_a_card_keeps_its_own_words_below_a_text(
    talking: Conversation, graph: DemoGraphServer
) -> None:
    offer(talking)
    [request] = requests(graph, "interactive")
    assert request["interactive"]["body"]["text"] == "Here you are.\n\nSizes\n\nWhich size fits?"


def test_a_text_that_leaves_no_room_for_the_card_leaves_by_itself(
    talking: Conversation, graph: DemoGraphServer
) -> None:
    offer(talking, "x" * (cards.LONGEST_BODY - 10))
    first, second = requests(graph)
    assert first["text"]["body"].startswith("xxx")
    assert second["interactive"]["body"]["text"] == "Sizes\n\nWhich size fits?"


def test_what_stands_beside_a_choice_stands_in_its_row() -> None:
    items = [
        {
            "title": "Arc desk lamp, green and very tall",
            "note": "€164.00",
            "description": "Tuesday",
        },
        {"title": "Sand", "value": "s" * 300},
    ]
    made = cards.interactive({"type": "list", "items": items}, "Which one?")
    long, short = made["action"]["sections"][0]["rows"]
    assert long == {
        "id": "Arc desk lamp, green and very tall",
        "title": "Arc desk lamp, green and",
        "description": "€164.00 · Tuesday",
    }
    assert short == {"id": "s" * 200, "title": "Sand"}


def test_a_picture_of_a_card_is_sent_with_its_words(talking: Conversation) -> None:
    file = {"id": str(uuid4()), "kind": "image"}
    picture = {"type": "image", "title": "Lamp", "text": "Green", "file": file}
    entry = Entry(author=assistant_author(talking.assistant), text="Look", cards=[picture, CARD])
    message = thread.append(talking.locked(), entry, at=NOON)
    first, second = (part.content for part in message.deliveries.order_by("part"))
    assert first["interactive"]["body"]["text"] == "Look\n\nSizes\n\nWhich size fits?"
    assert second == {"type": "media", "attachment": file["id"], "caption": "Lamp\nGreen"}
