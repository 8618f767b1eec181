"""Changes of what was said: reactions, edits, deletes, statuses; in any order, and too early."""

import pytest

from channels_layer.models import Event
from conversations.models import Attachment, Message
from conversations.sources.whatsapp.models import Inbound, MediaFetch, Sender, WebhookEvent
from tests.conversations.sources.whatsapp import payloads
from tests.conversations.sources.whatsapp.conftest import (
    Meta,
    noon,
    said,
    sent,
    the_contact,
    the_conversation,
)
from tests.queries import conversation_writes

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

IMAGE = {"id": "media-1", "mime_type": "image/jpeg", "sha256": "abc", "caption": "Broken!"}


def test_a_reaction_is_put_changed_and_taken_back(meta: Meta) -> None:
    meta.send(payloads.text("Hi", wamid="1"))
    with conversation_writes() as writes:
        meta.send(payloads.reaction("👍", "1", wamid="2"))
    assert len(writes) == 1
    (put,) = Message.objects.get().reactions
    assert put == {
        "emoji": "👍",
        "author_kind": "customer",
        "author_id": str(the_contact().pk),
        "author_name": "Victor",
    }
    meta.send(payloads.reaction("🎉", "1", wamid="3", timestamp=payloads.SENT + 1))
    assert [one["emoji"] for one in Message.objects.get().reactions] == ["🎉"]
    meta.send(payloads.reaction(None, "1", wamid="4", timestamp=payloads.SENT + 2))
    assert Message.objects.get().reactions == []
    updates = Event.objects.filter(type="message.updated").order_by("seq")
    assert [len(event.data["reactions"]) for event in updates] == [1, 1, 0]


def test_an_older_reaction_changes_nothing_any_more(meta: Meta) -> None:
    meta.send(payloads.text("Hi", wamid="1"))
    meta.send(payloads.reaction(None, "1", wamid="3", timestamp=payloads.SENT + 2))
    meta.send(payloads.reaction("👍", "1", wamid="2", timestamp=payloads.SENT + 1))
    assert Message.objects.get().reactions == []


def test_a_reaction_to_ours_keeps_the_window_open(meta: Meta) -> None:
    meta.send(payloads.text("Hi"))
    ours = sent(the_conversation(), "Hello", "wamid.ours")
    meta.later(hours=2)
    meta.send(payloads.reaction("❤️", "wamid.ours", wamid="2", timestamp=payloads.SENT + 7200))
    ours.refresh_from_db()
    assert [one["emoji"] for one in ours.reactions] == ["❤️"]
    assert the_conversation().window_expires_at == noon(hours=26)


def test_a_reaction_waits_for_its_message(meta: Meta) -> None:
    meta.send(payloads.reaction("👍", "1", wamid="2"))
    assert meta.event().state == "queued"
    assert not Inbound.objects.exists()
    meta.send(payloads.text("Hi", wamid="1"))
    meta.later(seconds=2)
    assert [one["emoji"] for one in Message.objects.get().reactions] == ["👍"]


def test_a_reaction_that_waited_in_vain_becomes_a_line(meta: Meta) -> None:
    meta.send(payloads.reaction("👍", "wamid.of-old", wamid="2"))
    for _ in range(14):
        meta.later(seconds=5)
    assert said() == ["“Victor” reacted with 👍 to an older message"]
    assert Message.objects.get().kind == "system"
    assert meta.event().state == "done"


def test_edits_and_deletes_change_the_message(meta: Meta) -> None:
    meta.send(payloads.message("image", wamid="1", image=IMAGE))
    after = {"original_message_id": "1", "message": {"type": "image", "image": {"caption": "New"}}}
    meta.send(payloads.message("edit", wamid="2", edit=after))
    message = Message.objects.get()
    assert (message.text, message.edited_at) == ("New", noon())
    meta.send(payloads.message("revoke", wamid="3", revoke={"original_message_id": "1"}))
    assert said() == ["This message was deleted."]
    assert not Attachment.objects.exists()
    meta.send(payloads.message("edit", wamid="4", edit=after))
    assert said() == ["This message was deleted."]


def test_changes_of_what_never_comes_are_not_lost(meta: Meta) -> None:
    after = {"original_message_id": "1", "message": {"type": "text", "text": {"body": "New"}}}
    meta.send(
        payloads.message("edit", wamid="2", edit=after),
        payloads.message("revoke", wamid="3", revoke={"original_message_id": "0"}),
    )
    for _ in range(14):
        meta.later(seconds=5)
    assert said() == ["New"]
    meta.send(payloads.message("image", wamid="0", image=IMAGE))
    assert said() == ["New", "This message was deleted."]
    assert not MediaFetch.objects.exists()


def test_statuses_reach_the_message(meta: Meta) -> None:
    meta.send(payloads.text("Hi"))
    ours = sent(the_conversation(), "Hello", "wamid.ours")
    for state in ("read", "delivered", "sent"):
        meta.deliver(payloads.status_body(payloads.status("wamid.ours", state)))
    ours.refresh_from_db()
    assert ours.status == "read"


def test_a_failure_is_shown_in_plain_words(meta: Meta) -> None:
    meta.send(payloads.text("Hi"))
    ours = sent(the_conversation(), "Hello", "wamid.ours")
    errors = [{"code": 131026, "title": "Message undeliverable"}]
    meta.deliver(payloads.status_body(payloads.status("wamid.ours", "failed", errors=errors)))
    ours.refresh_from_db()
    assert (ours.status, ours.error.startswith("WhatsApp cannot reach")) == ("failed", True)


def test_a_status_waits_for_its_message(meta: Meta) -> None:
    meta.deliver(payloads.status_body(payloads.status("wamid.ours", "delivered")))
    assert meta.event().state == "queued"
    status_event = meta.event().pk
    meta.send(payloads.text("Hi"))
    ours = sent(the_conversation(), "Hello", "wamid.ours")
    meta.later(seconds=2)
    ours.refresh_from_db()
    assert ours.status == "delivered"
    assert WebhookEvent.objects.get(pk=status_event).state == "done"


def test_a_status_of_another_program_is_let_go_after_a_minute(meta: Meta) -> None:
    meta.deliver(payloads.status_body(payloads.status("wamid.theirs", "delivered")))
    for _ in range(14):
        meta.later(seconds=5)
    assert (meta.event().state, meta.event().error) == ("done", "")


def test_what_concerns_the_account_is_handed_on(meta: Meta, sender: Sender) -> None:
    change = {"display_phone_number": "468 00 00", "current_limit": "TIER_10K"}
    meta.deliver(payloads.envelope(change, field="phone_number_quality_update"))
    assert meta.event().state == "done"
    sender.refresh_from_db()
    assert sender.messaging_limit == "TIER_10K"


FOREIGN = {"display_phone_number": "4711", "current_limit": "TIER_10K"}
OWN = {"max_daily_conversations_per_business": "TIER_10K"}


@pytest.mark.parametrize(
    ("known", "change", "is_heeded"),
    [
        ({}, FOREIGN, False),
        ({"business_account_id": "Other"}, OWN, False),
        ({"business_account_id": ""}, OWN, True),
        ({"business_account_id": ""}, FOREIGN, False),
        ({"display_number": ""}, FOREIGN, True),
        ({"display_number": "", "business_account_id": "Other"}, FOREIGN, False),
    ],
)
def test_what_concerns_others_changes_nothing_here(
    meta: Meta,
    sender: Sender,
    known: dict[str, str],
    change: dict[str, str],
    is_heeded: bool,  # noqa: FBT001
) -> None:
    Sender.objects.filter(pk=sender.pk).update(**known)
    field = "business_capability_update" if change is OWN else "phone_number_quality_update"
    meta.deliver(payloads.envelope(change, field=field))
    sender.refresh_from_db()
    assert sender.messaging_limit == ("TIER_10K" if is_heeded else "")
