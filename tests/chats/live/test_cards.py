"""Cards of an answer: made by ``present``, kept with the message that the run leaves."""

import pytest

from chats.live import Runtime
from chats.models import ToolCall
from conversations import cards
from conversations.models import Attachment, Conversation, Message
from conversations.objects.message import message_object, visitor_message
from tests import factories
from tests.chats import talk
from tests.chats.live.conftest import Audience
from tests.chats.servers import DemoModelServer
from tests.factories import NOON

pytestmark = pytest.mark.both_databases


@pytest.fixture
def presenting(conversation: Conversation) -> Conversation:
    """A conversation whose assistant may show cards."""
    conversation.assistant.tools = ["present"]
    conversation.assistant.save()
    return conversation


def ask(runtime: Runtime, conversation: Conversation, text: str) -> Message:
    """Let the customer say something; return the answer."""
    talk.say(conversation, text)
    runtime.answer(conversation.pk)
    return talk.messages(conversation)[-1]


def test_what_is_presented_stands_on_the_message(
    runtime: Runtime, presenting: Conversation, audience: Audience
) -> None:
    answer = ask(runtime, presenting, "My order? [demo:cards=table+buttons]")
    assert [card["type"] for card in answer.cards] == ["table", "buttons"]
    assert answer.text.startswith("Please choose what fits")
    shown = [event for event in audience.visitors if event["type"] == "message.created"][-1]
    assert shown["data"]["cards"] == answer.cards
    assert not any(event["type"].startswith("tool_") for event in audience.visitors)


def test_the_model_reads_its_cards_as_text(
    runtime: Runtime, presenting: Conversation, demo_model: DemoModelServer
) -> None:
    ask(runtime, presenting, "My order? [demo:cards=buttons]")
    ask(runtime, presenting, "Thanks")
    said = demo_model.last()["body"]["messages"]
    assert "What shall we do?\nEach is free of charge for you.\n- Refund\n" in str(
        [one["content"] for one in said if one["role"] == "assistant"][-1]
    )


def test_wrong_cards_are_told_to_the_model_and_shown_to_nobody(
    runtime: Runtime, presenting: Conversation
) -> None:
    answer = ask(runtime, presenting, "Look [demo:cards=image:cat.png]")
    assert answer.cards == []
    call = ToolCall.objects.get()
    assert call.status == "failed"
    assert call.result == (
        '{"error":"There is no picture “cat.png” in this conversation. There are: none."}'
    )


def picture(conversation: Conversation, message: Message) -> Attachment:
    """Return a picture that was sent along with ``message``."""
    return Attachment.objects.create(
        actor="system",
        conversation=conversation,
        message=message,
        name="lamp.png",
        content_type="image/png",
        kind=Attachment.Kind.IMAGE,
        file_type="png",
        size=1,
        path="none",
        created_at=NOON,
    )


def test_an_image_is_a_picture_of_this_conversation(
    runtime: Runtime, presenting: Conversation
) -> None:
    sent = picture(presenting, talk.say(presenting, "This is it"))
    answer = ask(runtime, presenting, "Look [demo:cards=image:lamp.png]")
    (card,) = message_object(answer)["cards"]
    assert card["file"]["id"] == str(sent.pk)
    assert card["file"]["url"].startswith(f"/files/{sent.pk}/original?until=")
    seen = visitor_message(message_object(answer))
    assert seen
    assert seen["cards"] == [card]


@pytest.mark.parametrize("is_foreign", [True, False])
def test_a_picture_that_the_customer_does_not_see_is_not_shown(
    runtime: Runtime, presenting: Conversation, *, is_foreign: bool
) -> None:
    other = factories.conversation() if is_foreign else presenting
    message = talk.say(other, "This is it")
    picture(other, message)
    if not is_foreign:
        Message.objects.filter(pk=message.pk).update(is_public=False)
    assert ask(runtime, presenting, "Look [demo:cards=image:lamp.png]").cards == []


def test_an_answer_of_cards_alone_is_a_message(runtime: Runtime, presenting: Conversation) -> None:
    answer = ask(runtime, presenting, "My order? [demo:cards=table,empty]")
    presenting.refresh_from_db()
    assert answer.text == ""
    assert presenting.last_message_text.startswith("Order ORD-12345 Item | Number | Price")
    assert cards.as_text(answer.cards).startswith("Order ORD-12345")
