"""Who it is: numbers that pass from one person to another, and people whose user id changes."""

from typing import Any

import pytest

from channels_layer import times
from channels_layer.access.actors import System
from channels_layer.models import Event
from conversations.models import Contact, Conversation, Identity, Message
from conversations.sources.whatsapp.models import Inbound
from handoff import services as handoff
from tests.conversations.sources.whatsapp import payloads
from tests.conversations.sources.whatsapp.conftest import (
    Meta,
    noon,
    said,
    the_contact,
    the_conversation,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NUMBER = payloads.VICTOR
NO_NUMBER: dict[str, Any] = {"from": None}


def says(meta: Meta, text: str, user_id: str | None, seconds: int = 0, **fields: Any) -> None:
    """Let a customer write from Victor's number, or from the one in ``fields``."""
    at = payloads.SENT + seconds
    more: payloads.Json = {"from_user_id": user_id, "timestamp": str(at), **fields}
    meta.send(payloads.text(text, wamid=f"wamid.{text}", **more), contacts=None)


def notice(meta: Meta, system: payloads.Json, seconds: int = 60, **fields: Any) -> None:
    """Deliver a system message about a change of a customer's account."""
    basis = {"wamid": "wamid.notice", "system": system, "timestamp": str(payloads.SENT + seconds)}
    meta.send(payloads.message("system", **{**basis, **fields}), contacts=None)


def owner(external_id: str) -> Contact:
    """Return whose identity it is."""
    return Identity.objects.get(external_id=external_id).contact


def test_a_number_that_passed_on_opens_nobody_s_history(meta: Meta) -> None:
    says(meta, "Number only", None)
    says(meta, "I am Ann", "SE.1", 1)
    says(meta, "I am Ben", "SE.2", 60)

    ann, ben = owner("SE.1"), owner("SE.2")
    assert ann != ben
    assert (owner(NUMBER), ann.phone, ben.phone) == (ben, "", f"+{NUMBER}")
    old, new = Conversation.objects.order_by("id")
    assert (old.contact, old.external_id, NUMBER in old.search_text) == (ann, "SE.1", False)
    assert (new.contact, new.external_id) == (ben, NUMBER)
    line = Message.objects.get(conversation=old, kind="system")
    assert (line.is_public, NUMBER in line.text) == (False, True)
    assert said() == ["Number only", "I am Ann", line.text, "I am Ben"]
    hers = Inbound.objects.filter(identity__contact=ann).values_list("wamid", flat=True)
    assert set(hers) == {"wamid.Number only", "wamid.I am Ann"}


def test_a_contact_known_by_user_id_who_gets_a_used_number_has_it_alone(meta: Meta) -> None:
    says(meta, "I am Ann", "SE.1")
    says(meta, "I am Ben", "SE.2", 30, **NO_NUMBER)
    says(meta, "Still Ben", "SE.2", 60)

    ann, ben = owner("SE.1"), owner("SE.2")
    assert (owner(NUMBER), ann.phone, ben.phone) == (ben, "", f"+{NUMBER}")
    assert Conversation.objects.get(contact=ann).external_id == "SE.1"
    assert Conversation.objects.get(contact=ben).external_id == NUMBER


@pytest.mark.parametrize("is_known", [True, False])
def test_what_was_sent_before_takes_the_number_from_nobody(
    meta: Meta,
    is_known: bool,  # noqa: FBT001
) -> None:
    if is_known:
        says(meta, "First", "SE.1", **NO_NUMBER)
    says(meta, "I am Ben", "SE.2", 60)
    says(meta, "Late from Ann", "SE.1", 30)

    ann, ben = owner("SE.1"), owner("SE.2")
    assert (owner(NUMBER), ann.phone, ben.phone) == (ben, "", f"+{NUMBER}")
    assert Conversation.objects.get(contact=ann).external_id == "SE.1"
    assert Message.objects.get(text="Late from Ann").author_id == str(ann.pk)


def test_the_window_is_the_person_s_and_not_the_conversation_s(meta: Meta) -> None:
    says(meta, "Hi", "SE.1")
    ended = the_conversation()
    handoff.end(floor=ended, by=System(), at=noon())
    meta.later(hours=25)
    says(meta, "Ho", "SE.1", 25 * 3600)
    handoff.reopen(floor=ended, by=System(), at=noon(hours=25))
    meta.later(hours=2)
    says(meta, "Hu", "SE.1", 27 * 3600)
    says(meta, "Late", "SE.1", 26 * 3600)

    windows = Conversation.objects.values_list("window_expires_at", flat=True)
    assert list(windows) == [noon(hours=51), noon(hours=51)]
    updates = Event.objects.filter(topic=ended.topic, type="conversation.updated").order_by("-seq")
    assert updates[0].data["window_expires_at"] == times.iso(noon(hours=51))


def test_a_contact_without_name_and_number_is_called_by_the_username(meta: Meta) -> None:
    card = {"profile": {"username": "ann.k"}, "user_id": "SE.1"}
    meta.send(payloads.text("Hi", from_user_id="SE.1", **NO_NUMBER), contacts=[card])

    assert (the_contact().label, Contact.objects.matching("@ann.k").get()) == (
        "@ann.k",
        the_contact(),
    )
    assert "@ann.k" in the_conversation().search_text
    assert Message.objects.get().author_name == "@ann.k"


def test_a_changed_user_id_is_followed(meta: Meta) -> None:
    says(meta, "Hi", "SE.1", **NO_NUMBER)
    change = {"type": "user_changed_user_id", "user_id": "SE.9", "previous_user_id": "SE.1"}
    notice(meta, change, **NO_NUMBER, from_user_id="SE.9")
    says(meta, "Ho", "SE.9", 90, **NO_NUMBER)

    assert list(Identity.objects.values_list("external_id", flat=True)) == ["SE.9"]
    assert (owner("SE.9"), the_conversation().external_id) == (the_contact(), "SE.9")


def test_a_changed_number_changes_the_user_id_too(meta: Meta) -> None:
    says(meta, "Hi", "SE.1")
    change = {
        "type": "user_changed_number",
        "wa_id": "4711",
        "user_id": "SE.9",
        "previous_user_id": "SE.1",
    }
    notice(meta, change, from_user_id="SE.9")
    says(meta, "Ho", "SE.9", 90, **{"from": "4711"})

    assert set(Identity.objects.values_list("external_id", flat=True)) == {"4711", "SE.9"}
    assert (the_contact().phone, the_conversation().external_id) == ("+4711", "4711")


def test_a_notice_makes_nobody_a_stranger(meta: Meta) -> None:
    says(meta, "Hi", "SE.1")
    notice(meta, {"type": "user_changed_user_id", "user_id": "SE.9"}, from_user_id="SE.9")
    says(meta, "Ho", "SE.9", 90)

    assert (owner("SE.9"), owner(NUMBER)) == (the_contact(), the_contact())
    assert the_conversation().last_message_at == noon()
