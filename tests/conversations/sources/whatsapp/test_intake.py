"""Intake: what customers send stands in conversations, once, whatever comes how often and when."""

import pytest

from channels_layer.access.actors import System
from conversations.models import (
    Contact,
    Conversation,
    Identity,
    Message,
)
from conversations.services import contacts
from conversations.sources.whatsapp.models import Inbound, MediaFetch, Sender
from handoff import services as handoff
from tests.conversations.sources.whatsapp import payloads
from tests.conversations.sources.whatsapp.conftest import (
    Meta,
    make_sender,
    noon,
    said,
    sent,
    the_contact,
    the_conversation,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ANN = {"from": None, "from_user_id": "SE.77"}
ANN_CARD = {"profile": {"name": "Ann", "username": "ann"}, "user_id": "SE.77"}
IMAGE = {"id": "media-1", "mime_type": "image/jpeg", "sha256": "abc", "caption": "Broken!"}
VOICE = {"id": "media-2", "mime_type": "audio/ogg; codecs=opus", "voice": True}
ADVERT = {"source_url": "https://fb.me/x", "headline": "Lamps"}


def wamid(number: int) -> str:
    """Return one of Meta's ids."""
    return f"wamid.{number}"


# ---------------------------------------------------------------- who and where


def test_a_first_message_begins_a_conversation(meta: Meta, sender: Sender) -> None:
    meta.send(payloads.text("Hi"))

    contact, conversation = the_contact(), the_conversation()
    assert (contact.name, contact.phone) == ("Victor", f"+{payloads.VICTOR}")
    assert conversation.external_id == payloads.VICTOR
    assert (conversation.source, conversation.contact) == (sender.source, contact)
    assert conversation.window_expires_at == noon(hours=24)
    assert conversation.answer_due_at is not None
    assert "victor" in conversation.search_text
    message = Message.objects.get()
    assert (message.text, message.author_kind, message.author_name) == ("Hi", "customer", "Victor")
    assert message.actor == f"contact:{contact.pk}"
    assert meta.event().state == "done"


def test_a_customer_without_a_phone_number_is_known_by_the_user_id(meta: Meta) -> None:
    meta.send(payloads.text("Hi", **ANN), contacts=[ANN_CARD])
    meta.send(payloads.text("Me again", wamid="2", **ANN), contacts=[ANN_CARD])

    contact = the_contact()
    assert (contact.name, contact.phone) == ("Ann", "")
    assert contact.attributes == {"whatsapp_username": "ann"}
    assert the_conversation().external_id == "SE.77"
    assert said() == ["Hi", "Me again"]


def test_a_known_number_that_comes_with_a_user_id_stays_one_contact(meta: Meta) -> None:
    meta.send(payloads.text("Hi"))
    meta.send(payloads.text("Ho", wamid="2", from_user_id="SE.1"))
    meta.send(payloads.text("Hu", wamid="3", **{**ANN, "from_user_id": "SE.1"}), contacts=None)

    contact = the_contact()
    identities = Identity.objects.filter(contact=contact).values_list("external_id", flat=True)
    assert set(identities) == {payloads.VICTOR, "SE.1"}
    assert the_conversation().external_id == payloads.VICTOR
    assert said() == ["Hi", "Ho", "Hu"]


def test_a_number_that_becomes_known_is_used_from_then_on(meta: Meta) -> None:
    meta.send(payloads.text("Hi", **ANN), contacts=[ANN_CARD])
    meta.send(payloads.text("Ho", wamid="2", from_user_id="SE.77"))

    assert the_contact().phone == f"+{payloads.VICTOR}"
    assert the_conversation().external_id == payloads.VICTOR


def test_the_user_id_identifies_before_the_number(meta: Meta) -> None:
    meta.send(payloads.text("Hi"))
    meta.send(payloads.text("Ho", wamid="2", **ANN), contacts=[ANN_CARD])
    meta.send(payloads.text("Hu", wamid="3", from_user_id="SE.77"), contacts=None)

    ann = Contact.objects.get(name="Ann")
    assert Message.objects.get(text="Hu").author_id == str(ann.pk)


def test_a_name_that_a_person_gave_stays(meta: Meta) -> None:
    meta.send(payloads.text("Hi"), contacts=None)
    assert the_contact().label == f"+{payloads.VICTOR}"
    meta.send(payloads.text("Ho", wamid="2"))
    assert "victor" in the_conversation().search_text
    contacts.update(contact=the_contact(), name="Vic", at=noon())
    meta.send(payloads.text("Hu", wamid="3"))
    assert the_contact().name == "Vic"


def test_an_open_conversation_goes_on(meta: Meta) -> None:
    meta.send(payloads.text("Hi"))
    meta.later(days=9)
    meta.send(payloads.text("Ho", wamid="2", timestamp=payloads.SENT + 9 * 86400))
    assert the_conversation().message_count == 2


@pytest.mark.parametrize(("hours", "conversations"), [(23, 1), (25, 2)])
def test_an_ended_one_reopens_within_a_day(meta: Meta, hours: int, conversations: int) -> None:
    meta.send(payloads.text("Hi"))
    handoff.end(floor=the_conversation(), by=System(), at=noon())
    meta.later(hours=hours)
    meta.send(payloads.text("Ho", wamid="2"))

    assert Conversation.objects.count() == conversations
    newest = Conversation.objects.order_by("-id")[0]
    assert (newest.lifecycle, newest.control) == ("active", "ai")
    assert newest.answer_due_at is not None


def test_a_blocked_contact_s_messages_are_stored_and_not_answered(meta: Meta) -> None:
    meta.send(payloads.text("Hi"))
    contacts.block(contact=the_contact(), by=System(), at=noon())
    meta.send(payloads.text("Ho", wamid="2"))

    assert "Ho" in said()
    assert the_conversation().answer_due_at is None


def test_customers_are_never_too_fast(meta: Meta) -> None:
    meta.send(*(payloads.text(str(number), wamid=wamid(number)) for number in range(20)))
    assert len(said()) == 20


def test_where_a_customer_came_from_is_kept(meta: Meta) -> None:
    meta.send(payloads.text("Hi", referral=ADVERT))
    assert the_conversation().context["referral"] == ADVERT


# ---------------------------------------------------------------- what


def test_files_are_expected(meta: Meta, sender: Sender) -> None:
    meta.send(
        payloads.message("image", image=IMAGE), payloads.message("audio", wamid="2", audio=VOICE)
    )

    first, second = Message.objects.order_by("position")
    photo, voice = first.attachments.get(), second.attachments.get()
    assert (first.text, second.text) == ("Broken!", "")
    assert (photo.kind, photo.status, photo.content_type) == ("image", "fetching", "image/jpeg")
    assert (voice.kind, voice.status, voice.name) == ("audio", "fetching", "Voice note")
    fetches = MediaFetch.objects.order_by("id").values_list("media_id", "sha256", "sender")
    assert list(fetches) == [("media-1", "abc", sender.pk), ("media-2", "", sender.pk)]
    assert the_conversation().last_message_text == "Voice note"


@pytest.mark.parametrize("is_late", [False, True])
def test_answers_are_linked_in_any_order(meta: Meta, is_late: bool) -> None:  # noqa: FBT001
    question = payloads.text("Which one?", wamid="1")
    answer = payloads.text("This one", wamid="2", context={"id": "1"})
    for message in (answer, question) if is_late else (question, answer):
        meta.send(message)

    rows = {message.text: message for message in Message.objects.all()}
    assert rows["This one"].reply_to == rows["Which one?"]
    assert rows["Which one?"].reply_to is None


def test_a_button_is_the_customer_s_words_with_what_they_answer(meta: Meta) -> None:
    meta.send(payloads.text("Hi"))
    asked = sent(the_conversation(), "Which size?", "wamid.ours")
    reply = {"type": "button_reply", "button_reply": {"id": "l", "title": "Large"}}
    meta.send(
        payloads.message("interactive", wamid="2", interactive=reply, context={"id": "wamid.ours"})
    )
    answer = Message.objects.get(text="Large")
    assert (answer.author_kind, answer.reply_to) == ("customer", asked)


def test_unknown_types_are_shown(meta: Meta) -> None:
    meta.send(payloads.message("hologram", hologram={"x": 1}))
    assert said() == ["Unsupported message: hologram"]


def test_a_changed_number_is_followed(meta: Meta) -> None:
    meta.send(payloads.text("Hi"))
    change = {"type": "user_changed_number", "body": "Victor has a new number", "wa_id": "4711"}
    meta.send(payloads.message("system", wamid="2", system=change), contacts=None)
    meta.send(payloads.text("Ho", wamid="3", **{"from": "4711"}), contacts=None)

    assert (the_contact().phone, the_conversation().external_id) == ("+4711", "4711")
    assert said() == ["Hi", "WhatsApp reports: “Victor has a new number”", "Ho"]
    assert Message.objects.get(position=2).kind == "system"
    assert the_conversation().customer_count == 2


# ---------------------------------------------------------------- when and how often


def test_times_are_meta_s_and_never_run_backwards(meta: Meta) -> None:
    meta.later(minutes=9)
    meta.send(payloads.text("1", wamid="1", timestamp=payloads.SENT + 60))
    meta.send(payloads.text("2", wamid="2", timestamp=payloads.SENT + 30))
    meta.send(payloads.text("3", wamid="3", timestamp=payloads.SENT + 99999))

    times = Message.objects.order_by("position").values_list("created_at", flat=True)
    assert list(times) == [noon(minutes=1), noon(minutes=1), noon(minutes=9)]
    conversation = the_conversation()
    assert conversation.last_message_at == noon(minutes=9)
    assert conversation.window_expires_at == noon(hours=24, minutes=9)


def test_the_messages_of_one_call_stand_in_the_order_in_which_they_were_sent(meta: Meta) -> None:
    times = {"a": 3, "b": 1, "c": 2}
    meta.send(
        *(
            payloads.text(name, wamid=name, timestamp=payloads.SENT + at)
            for name, at in times.items()
        )
    )
    assert said() == ["b", "c", "a"]


def test_a_burst_is_one_conversation_with_one_answer_due(meta: Meta, sender: Sender) -> None:
    sender.source.gather_seconds = 2
    sender.source.save()
    for number in range(5):
        meta.send(payloads.message("image", wamid=wamid(number), image=IMAGE))
    assert the_conversation().customer_count == 5
    assert the_conversation().answer_due_at == noon(seconds=2)


def test_the_same_message_in_other_words_of_meta_s_counts_once(meta: Meta) -> None:
    meta.send(payloads.text("Hi"))
    meta.send(payloads.text("Hi"), payloads.text("Ho", wamid="2"))
    assert said() == ["Hi", "Ho"]
    assert Inbound.objects.count() == 2


def test_a_replay_is_one_for_ever(meta: Meta) -> None:
    meta.send(payloads.text("Hi"))
    meta.later(days=400)
    meta.send(payloads.text("Hi"), messaging_product="changed")
    assert said() == ["Hi"]
    assert the_conversation().window_expires_at == noon(hours=24)


def test_a_bad_item_stops_no_other(meta: Meta) -> None:
    nobody = payloads.text("Who?", wamid="1", **{"from": None})
    meta.send(nobody, payloads.text("Hi", wamid="2"), contacts=[])
    assert said() == ["Hi"]
    event = meta.event()
    assert (event.state, "message 1: NobodyError" in event.error) == ("queued", True)
    for _ in range(2):
        meta.later(days=1)
    event = meta.event()
    assert (event.state, "It does not say who sent it." in event.error) == ("failed", True)
    assert said() == ["Hi"]


def test_numbers_of_the_same_app_share_a_webhook(meta: Meta) -> None:
    other = make_sender(phone_number_id="7")
    change = payloads.value(payloads.text("Hi"), metadata={"phone_number_id": "7"})
    meta.deliver(payloads.envelope(change))
    assert the_conversation().source == other.source
    assert Inbound.objects.get().sender == other


@pytest.mark.parametrize("secret", [None, "another app's"])
def test_a_number_of_another_app_is_not_reached(meta: Meta, secret: str | None) -> None:
    if secret:
        make_sender(phone_number_id="7", app_secret=secret)
    change = payloads.value(payloads.text("Hi"), metadata={"phone_number_id": "7"})
    meta.deliver(payloads.envelope(change))
    assert not Message.objects.exists()
    assert "The phone number 7 is not set up here." in meta.event().error
