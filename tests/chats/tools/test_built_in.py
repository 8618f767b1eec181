"""The built-in tools: the customer of the conversation, what they said, and the time."""

from typing import Any

import pytest

from channels_layer.errors import RefusedError
from chats import tools
from chats.models import Run
from chats.tools import ToolContext
from conversations.models import Contact, Conversation, Variable
from tests import factories
from tests.factories import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def conversation() -> Conversation:
    victor = factories.ContactFactory.create(name="Victor", email="victor@example.org")
    return begun(victor)


def begun(contact: Contact, **values: Any) -> Conversation:
    conversation = factories.conversation(contact=contact)
    Conversation.objects.filter(pk=conversation.pk).update(**values)
    return conversation


@pytest.fixture
def context(conversation: Conversation) -> ToolContext:
    run = Run.objects.create(
        conversation=conversation,
        assistant=conversation.assistant,
        epoch=conversation.epoch,
        status=Run.Status.RUNNING,
        answers_to=1,
        fence=1,
        started_at=NOON,
        model="demo",
    )
    return ToolContext(
        call="1",
        run_id=run.pk,
        conversation_id=conversation.pk,
        assistant_id=conversation.assistant_id,
        assistant_name="Ada",
        epoch=run.epoch,
        fence=run.fence,
        at=NOON,
    )


def call(name: str, context: ToolContext, /, **arguments: Any) -> Any:
    tool = tools.find(name)
    assert tool
    return tool.handler(context, arguments)


def test_looks_up_the_customer_of_this_conversation_alone(
    context: ToolContext, conversation: Conversation
) -> None:
    assert conversation.contact
    begun(conversation.contact, title="A lamp")
    begun(factories.ContactFactory.create(), title="Somebody else's")
    found = call("lookup_contact", context)
    told = {*found["known"].values(), *found["stated_but_not_verified"]}
    assert any("Victor" in one for one in told)
    assert [one["title"] for one in found["earlier_conversations"]] == ["A lamp"]


def test_remembers_what_the_customer_said(context: ToolContext, conversation: Conversation) -> None:
    assert call("remember_variable", context, name="order", value="ORD-1") == {"remembered": True}
    row = Variable.objects.get(conversation=conversation)
    assert (row.name, row.value, row.origin) == ("order", "ORD-1", "extracted")


def test_does_not_overwrite_what_a_person_wrote(
    context: ToolContext, conversation: Conversation
) -> None:
    Variable.objects.create(
        conversation=conversation, name="order", value="ORD-9", origin="person", updated_at=NOON
    )
    said = call("remember_variable", context, name="order", value="ORD-1")
    assert not said["remembered"]
    assert "ORD-9" in said["why"]


def test_tells_the_time_elsewhere(context: ToolContext) -> None:
    told = call("current_time", context, time_zone="Asia/Tokyo")
    assert told["time"] == f"{(NOON.hour + 9) % 24:02}:{NOON.minute:02}"


@pytest.mark.parametrize("name", ["Mars/Base", "../etc/passwd", ""])
def test_refuses_a_time_zone_that_there_is_not(context: ToolContext, name: str) -> None:
    if not name:
        assert call("current_time", context, time_zone=name)["time_zone"]
        return
    with pytest.raises(RefusedError, match="Europe/Stockholm"):
        call("current_time", context, time_zone=name)
