"""The catalogue: an assistant's tools, with its own rules of who approves them."""

import pytest
from django.core.exceptions import ValidationError

from chats import tools
from conversations.models import Assistant

pytestmark = pytest.mark.django_db


@pytest.mark.django_db
def test_offers_an_assistants_tools_in_its_order() -> None:
    assistant = Assistant(name="Ada", tools=["request_handoff", "gone", "search_knowledge"])
    offer = tools.offer(assistant)
    assert [tool.name for tool in offer.tools] == ["request_handoff", "search_knowledge"]
    assert offer.out_of_order == []


def test_an_assistants_rule_holds_before_the_tools_own() -> None:
    assistant = Assistant(
        name="Ada",
        tools=["create_ticket", "search_knowledge"],
        tool_rules={"create_ticket": "supervisor", "search_knowledge": "never"},
    )
    ticket, search = tools.offer(assistant).tools
    assert (ticket.needs_approval, ticket.role) == (True, "supervisor")
    assert not search.needs_approval


def test_a_rule_is_one_of_those_that_there_are() -> None:
    assistant = Assistant(name="Ada", tool_rules={"create_ticket": "nobody"})
    with pytest.raises(ValidationError, match="never, agent, supervisor, administrator"):
        assistant.clean_fields(exclude=["id"])
