"""Details of a contact: what staff wrote holds, and whoever claims something else is not lost."""

from datetime import datetime
from typing import Any

import pytest

from conversations.models import Contact, Conversation, Variable
from conversations.services import contacts, conversations
from conversations.sources.widget.models import Widget
from tests import factories
from tests.conversations.sources.widget.conftest import Frame

pytestmark = pytest.mark.both_databases

MALLORY = {"name": "Mallory", "email": "mallory@example.com"}


@pytest.fixture
def maya(widget: Widget) -> Frame:
    """Maya's browser, in which the shop has signed her in."""
    frame = Frame(widget)
    frame.open(identity=frame.identity("42", name="Maya", email="maya@example.com"))
    return frame


def test_a_known_contact_s_conversations_show_what_was_unknown(widget: Widget) -> None:
    maya = Frame(widget)
    maya.open(identity=maya.identity("42"))
    maya.start()
    before = Conversation.objects.get()

    Frame(widget).open(identity=maya.identity("42", name="Maya Lindqvist"))

    after = Conversation.objects.get()
    assert Contact.objects.get().name == "Maya Lindqvist"
    assert "maya lindqvist" in after.search_text
    assert after.changed_at > before.changed_at


def test_a_signed_id_signs_no_name_and_no_email(maya: Frame) -> None:
    maya.open(identity=maya.identity("42", **MALLORY))

    contact = Contact.objects.get()
    assert (contact.name, contact.email) == ("Maya", "maya@example.com")
    assert contact.attributes == {
        "claimed_name": "Mallory",
        "claimed_email": "mallory@example.com",
    }


def test_a_claim_publishes_no_conversation(maya: Frame) -> None:
    maya.start()
    before = Conversation.objects.values("changed_at", "seq").get()

    for name in ("Mallory", "Mona", "Mallory"):
        maya.open(token=maya.token, identity={"name": name})

    assert Contact.objects.get().attributes["claimed_name"] == "Mallory"
    assert Conversation.objects.values("changed_at", "seq").get() == before


@pytest.mark.parametrize("corrected", [{"name": "Maja", "email": "m@example.com"}, {"name": ""}])
def test_nothing_changes_or_fills_what_staff_wrote(
    maya: Frame, noon: datetime, corrected: dict[str, Any]
) -> None:
    contacts.update(contact=Contact.objects.get(), **corrected, at=noon)
    known = Contact.objects.values("name", "email", "phone").get()
    maya.widget.prechat_fields = [{"name": "name", "label": "Name", "type": "text"}]
    maya.widget.save()

    maya.open(identity=maya.identity("42", **MALLORY))
    maya.open(token=maya.token, identity=maya.identity("42", **MALLORY))
    maya.start(variables={"name": "Mallory"})

    assert Contact.objects.values("name", "email", "phone").get() == known


def test_a_name_is_one_line_without_signs_that_nobody_sees(widget: Widget) -> None:
    frame = Frame(widget)
    frame.open(identity=frame.identity("42", name="Maya\nCarol \u202eaccepted\u2066"))

    assert Contact.objects.get().name == "Maya Carol accepted"


@pytest.mark.parametrize("origin", [Variable.Origin.PERSON, Variable.Origin.API])
def test_a_visitor_overwrites_no_variable_of_others(
    maya: Frame, origin: Variable.Origin, noon: datetime
) -> None:
    begun = maya.start(variables={"plan": "silver"})
    conversations.set_variables(
        conversation=Conversation.objects.get(),
        values={"plan": "gold"},
        origin=origin,
        by=factories.staff(factories.person("alice")),
        at=noon,
    )

    assert maya.say(begun, "Hello", variables={"plan": "platinum", "cart": 3}).status_code == 201

    kept = dict(Variable.objects.values_list("name", "value"))
    assert kept == {"plan": "gold", "cart": "3"}


@pytest.mark.slow
def test_all_messages_together_set_a_bounded_number_of_variables(maya: Frame) -> None:
    begun = maya.start()
    for part in range(2):
        more = {f"v{part}.{number}": "x" for number in range(50)}
        assert maya.say(begun, "Hello", variables=more).status_code == 201

    response = maya.say(begun, "Hello", variables={"one.more": "x", "v0.1": "y"})

    assert response.status_code == 201
    assert Variable.objects.count() == 100
    assert Variable.objects.get(name="v0.1").value == "y"
    assert Conversation.objects.get().message_count == 3


def test_too_many_variables_of_the_site_keep_no_conversation_from_beginning(maya: Frame) -> None:
    large = {f"v{number}": "\u4e2d" * 2_000 for number in range(6)}
    begun = maya.start(variables={**large, "plan": "gold", "odd": "a\x01b"})

    kept = set(Variable.objects.values_list("name", flat=True))
    assert kept == {"v0", "v1", "v2", "v3", "v4", "plan"}
    assert maya.say(begun, "Hello", variables={"v5": "\u4e2d" * 2_000}).status_code == 201
    assert not Variable.objects.filter(name="v5").exists()


@pytest.mark.parametrize("value", [{"a": {"b": 1}}, ["x"], {}, [[]]])
def test_a_variable_is_no_structure(maya: Frame, value: Any) -> None:
    response = maya.post("conversations", {"variables": {"plan": value}})

    assert response.status_code == 400
    assert list(response.json()["fields"]) == ["variables.plan"]
