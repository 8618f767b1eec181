"""Echoes: what colleagues write in the WhatsApp Business app, once, and the floor moves."""

from datetime import timedelta
from typing import Any

import pytest

from channels_layer.access.actors import Staff, System
from channels_layer.work.audits import Scope
from conversations.audit import floors_agree
from conversations.models import Conversation, Delivery, Message
from conversations.services import contacts, messages
from conversations.services.messages import Draft
from conversations.sources.whatsapp.models import Inbound, MediaFetch, Sender
from conversations.sources.whatsapp.services import escalations, events
from handoff import outside
from handoff import services as handoff
from handoff.models import Control, Handoff, Switch
from tests import factories
from tests.conversations.sources.whatsapp import payloads
from tests.conversations.sources.whatsapp.conftest import (
    Meta,
    noon,
    said,
    sent,
    the_contact,
    the_conversation,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def echo(words: str, *, wamid: str = "echo.1", **fields: Any) -> payloads.Json:
    """Return what Meta sends of a colleague's text to Victor."""
    usual = {"from": "4680000", "to": payloads.VICTOR, "id": wamid, "type": "text"}
    return {**usual, "timestamp": str(payloads.SENT), "text": {"body": words}, **fields}


def echoes(*found: payloads.Json, field: str = "smb_message_echoes") -> payloads.Json:
    value = payloads.value(messages=None, contacts=None, message_echoes=list(found))
    return payloads.envelope(value, field=field)


def the_agent() -> Staff:
    return factories.staff(factories.person("alice"))


def agreed() -> list[str]:
    return list(floors_agree(Scope(at=noon(), is_strict=False)))


@pytest.mark.parametrize("field", ["smb_message_echoes", "message_echoes"])
def test_a_colleague_s_words_take_the_floor(meta: Meta, field: str) -> None:
    meta.send(payloads.text("Hi"))
    epoch = the_conversation().epoch
    meta.deliver(echoes(echo("We come on Thursday"), field=field))
    talk = the_conversation()
    assert (talk.control, talk.owner, talk.epoch) == (Control.AGENT, None, epoch + 1)
    assert (talk.answer_due_at, talk.has_unanswered) == (None, False)
    assert said() == ["Hi", "WhatsApp Business app took over from Ada", "We come on Thursday"]
    written = Message.objects.get(text="We come on Thursday")
    assert (written.author_kind, written.author_name) == ("agent", "WhatsApp Business app")
    assert (written.user, written.kind, written.status) == (None, "message", "sent")
    assert not Delivery.objects.exists()
    assert agreed() == []


def test_it_counts_once_however_often_it_comes(meta: Meta) -> None:
    for number in range(3):
        meta.deliver(echoes(echo("Once"), echo("Once", repetition=number)))
    assert said().count("Once") == 1


def test_a_customer_without_a_conversation_gets_one(meta: Meta) -> None:
    meta.deliver(echoes(echo("Your lamp is here")))
    talk = the_conversation()
    assert (talk.control, talk.window_expires_at) == (Control.AGENT, None)
    assert talk.contact is not None
    assert talk.contact.phone == f"+{payloads.VICTOR}"
    meta.send(payloads.text("Thanks", timestamp=payloads.SENT + 5))
    assert the_conversation().answer_due_at is None
    assert said()[-2:] == ["Your lamp is here", "Thanks"]


def test_a_user_id_alone_names_the_customer(meta: Meta) -> None:
    meta.deliver(echoes(echo("Hello", to=None, to_user_id="SE.1")))
    assert the_conversation().external_id == "SE.1"


def test_what_parley_sent_itself_is_not_doubled(meta: Meta) -> None:
    meta.send(payloads.text("Hi"))
    sent(the_conversation(), "Hello", "wamid.ours")
    meta.deliver(echoes(echo("Hello", wamid="wamid.ours"), field="message_echoes"))
    assert said() == ["Hi", "Hello"]
    assert the_conversation().control == Control.AI


def test_an_echo_waits_while_a_message_is_being_sent(meta: Meta) -> None:
    meta.send(payloads.text("Hi"))
    sent(the_conversation(), "Hello", "")
    Delivery.objects.update(state="sending")
    meta.deliver(echoes(echo("Hello", wamid="wamid.ours")))
    assert said() == ["Hi", "Hello"]
    Delivery.objects.update(state="sent", provider_id="wamid.ours")
    meta.later(seconds=3)
    assert (said(), meta.event().state) == (["Hi", "Hello"], "done")


def test_an_owner_keeps_the_floor(meta: Meta) -> None:
    meta.send(payloads.text("Hi"))
    alice = the_agent()
    messages.post(conversation=the_conversation(), by=alice, draft=Draft(text="Hello"), at=noon())
    meta.deliver(echoes(echo("I am here, too")))
    assert the_conversation().owner == alice.user
    assert agreed() == []


def test_anybody_may_accept_what_is_held_outside(meta: Meta) -> None:
    meta.deliver(echoes(echo("Hello")))
    alice = the_agent()
    talk = handoff.accept(floor=the_conversation(), by=alice, at=noon())
    assert (talk.control, talk.owner) == (Control.AGENT, alice.user)
    assert Handoff.objects.get().agent == alice.user
    assert agreed() == []


def test_who_writes_here_takes_it_over(meta: Meta) -> None:
    meta.send(payloads.text("Hi"))
    meta.deliver(echoes(echo("Hello")))
    alice = the_agent()
    messages.post(conversation=the_conversation(), by=alice, draft=Draft(text="Here"), at=noon())
    assert the_conversation().owner == alice.user
    assert said()[-2:] == ["Alice accepted", "Here"]
    assert agreed() == []


def test_it_can_be_released_to_the_assistant(meta: Meta) -> None:
    meta.deliver(echoes(echo("Hello")))
    handoff.release(floor=the_conversation(), by=the_agent(), at=noon())
    meta.send(payloads.text("And the lamp?", timestamp=payloads.SENT + 5))
    assert the_conversation().control == Control.AI
    assert the_conversation().answer_due_at is not None
    assert agreed() == []


def test_an_old_echo_takes_nothing_back(meta: Meta) -> None:
    meta.deliver(echoes(echo("First")))
    meta.now = noon(minutes=10)
    handoff.release(floor=the_conversation(), by=the_agent(), at=meta.now)
    meta.deliver(echoes(echo("Second", wamid="echo.2", timestamp=payloads.SENT + 60)))
    assert (the_conversation().control, said()[-1]) == (Control.AI, "Second")


def test_an_echo_of_the_second_of_the_release_takes_the_floor(meta: Meta) -> None:
    """Meta's times are whole seconds: it may have been written before or after the release."""
    meta.deliver(echoes(echo("First")))
    meta.now = noon(milliseconds=600)
    handoff.release(floor=the_conversation(), by=the_agent(), at=meta.now)
    meta.now = noon(milliseconds=900)
    meta.deliver(echoes(echo("Second", wamid="echo.2")))
    assert (the_conversation().control, agreed()) == (Control.AGENT, [])


def test_what_the_customer_said_later_still_waits(meta: Meta) -> None:
    meta.now = noon(seconds=30)
    meta.send(payloads.text("And the price?", timestamp=payloads.SENT + 20))
    meta.deliver(echoes(echo("Hello", timestamp=payloads.SENT + 10)))
    assert the_conversation().has_unanswered


def test_nobody_waits_in_vain_for_a_colleague_outside(meta: Meta) -> None:
    meta.deliver(echoes(echo("Hello")))
    meta.send(payloads.text("Are you there?", timestamp=payloads.SENT + 5))
    assert escalations.call_in(at=noon(minutes=14)) == 0
    assert escalations.call_in(at=noon(minutes=16)) == 1
    talk = the_conversation()
    assert (talk.control, talk.is_waiting) == (Control.REQUESTED, True)
    assert talk.request_reason == escalations.REASON
    assert escalations.call_in(at=noon(minutes=17)) == 0
    assert agreed() == []
    meta.deliver(echoes(echo("Yes", wamid="echo.2", timestamp=payloads.SENT + 1000)))
    assert (the_conversation().control, agreed()) == (Control.AGENT, [])


def test_writing_on_does_not_put_off_who_is_called_in(meta: Meta) -> None:
    meta.send(payloads.text("Hi", timestamp=payloads.SENT - 3600))
    meta.deliver(echoes(echo("Hello")))
    for minutes in (5, 10, 15, 19):
        late = payloads.SENT + 60 * minutes
        meta.later(minutes=5)
        meta.send(payloads.text("Well?", wamid=f"{minutes}", timestamp=late))
    assert escalations.call_in(at=noon(minutes=19, seconds=59)) == 0
    assert escalations.call_in(at=noon(minutes=20)) == 1


def test_an_answer_from_outside_begins_the_wait_anew(meta: Meta) -> None:
    meta.deliver(echoes(echo("Hello")))
    meta.send(payloads.text("Price?", wamid="1", timestamp=payloads.SENT + 5))
    meta.deliver(echoes(echo("Ten", wamid="echo.2", timestamp=payloads.SENT + 600)))
    meta.later(minutes=11)
    meta.send(payloads.text("And that?", wamid="2", timestamp=payloads.SENT + 660))
    assert escalations.call_in(at=noon(minutes=20)) == 0
    assert escalations.call_in(at=noon(minutes=26)) == 1


def test_nobody_is_called_in_for_who_is_blocked(meta: Meta) -> None:
    meta.deliver(echoes(echo("Hello")))
    alice = the_agent()
    contacts.block(contact=the_contact(), by=alice, at=noon())
    assert (the_conversation().control, agreed()) == (Control.AI, [])
    meta.deliver(echoes(echo("Hello again", wamid="echo.2", timestamp=payloads.SENT + 1)))
    meta.send(payloads.text("Are you there?", timestamp=payloads.SENT + 5))
    assert escalations.call_in(at=noon(minutes=16)) == 0
    talk = the_conversation()
    outside.call_in(floor=talk, by=System(), reason="Late", at=noon(minutes=16))
    talk = the_conversation()
    assert (talk.is_waiting, talk.answer_due_at, agreed()) == (False, None, [])
    contacts.unblock(contact=the_contact(), by=alice, at=noon(minutes=17))
    assert escalations.call_in(at=noon(minutes=17)) == 1


def test_files_come_along(meta: Meta) -> None:
    image = {"id": "media-1", "mime_type": "image/jpeg", "caption": "This one"}
    meta.deliver(echoes(echo("", type="image", text=None, image=image)))
    written = Message.objects.get(kind="message")
    assert (written.text, written.attachments.get().name) == ("This one", "Photo")
    assert MediaFetch.objects.get().media_id == "media-1"


def test_changes_of_what_a_colleague_wrote(meta: Meta) -> None:
    meta.send(payloads.text("Hi", wamid="1"))
    after = {"original_message_id": "echo.1", "message": {"type": "text", "text": {"body": "Fri"}}}
    react = {"message_id": "1", "emoji": "👍"}
    meta.deliver(
        echoes(
            echo("Thu"),
            echo("", wamid="echo.2", type="edit", edit=after),
            echo("", wamid="echo.3", type="reaction", reaction=react),
        )
    )
    assert Message.objects.filter(text="Fri", author_kind="agent").exists()
    (put,) = Message.objects.get(text="Hi").reactions
    assert (put["author_kind"], put["author_name"]) == ("agent", "WhatsApp Business app")
    meta.send(payloads.reaction("🎉", "1", wamid="4", timestamp=payloads.SENT - 5))
    assert len(Message.objects.get(text="Hi").reactions) == 2
    gone = {"original_message_id": "echo.1"}
    meta.deliver(echoes(echo("", wamid="echo.5", type="revoke", revoke=gone)))
    assert not Message.objects.filter(text="Fri").exists()


def test_the_window_is_the_customer_s_alone(meta: Meta) -> None:
    meta.send(payloads.text("Hi"))
    meta.now = noon(hours=5)
    meta.deliver(echoes(echo("Hello", timestamp=payloads.SENT + 5 * 3600)))
    assert the_conversation().window_expires_at == noon(hours=24)


def test_an_ended_conversation_goes_on(meta: Meta) -> None:
    meta.send(payloads.text("Hi"))
    handoff.end(floor=the_conversation(), by=System(), at=noon())
    meta.deliver(echoes(echo("One more thing", timestamp=payloads.SENT + 60)))
    talk = the_conversation()
    assert (talk.lifecycle, talk.control) == ("active", Control.AGENT)


def test_a_paused_conversation_stays_so(meta: Meta) -> None:
    meta.send(payloads.text("Hi"))
    handoff.set_switch(floor=the_conversation(), switch=Switch.PAUSED, by=System(), at=noon())
    meta.deliver(echoes(echo("Hello")))
    assert (the_conversation().control, the_conversation().switch) == (Control.AI, "paused")
    assert agreed() == []


def test_history_is_kept_and_shown_to_nobody(meta: Meta, sender: Sender) -> None:
    past = payloads.text("Long ago", wamid="old.1", timestamp=payloads.SENT - 999_999)
    value = {"history": [{"threads": [{"id": payloads.VICTOR, "messages": [past]}]}]}
    meta.deliver(payloads.envelope(value, field="history"))
    assert not Conversation.objects.exists()
    assert not Inbound.objects.exists()
    assert (meta.event().state, meta.event().about) == ("done", "history 1")
    assert events.prune(at=noon() + timedelta(days=99)) == 0
    assert "Long ago" in meta.event().body
