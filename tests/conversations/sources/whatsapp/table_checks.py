"""What the words of the table's columns mean, in thread, prompt and floor."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from config.demo.graph import table
from config.demo.graph.table.row import Row
from config.demo.graph.world import Json
from conversations.models import Contact, Conversation, Identity, Message
from conversations.sources.whatsapp import errors
from conversations.sources.whatsapp.models import Sender, WebhookEvent
from conversations.sources.whatsapp.services import events, groups
from handoff.models import Control, Switch
from tests.conversations.sources.whatsapp.shop import (
    HEARD,
    PHONE,
    Seen,
    Shop,
    hinted,
    shown,
)


@dataclass(frozen=True)
class Came:
    """A row that came: its webhook and its value, and what there was before."""

    row: Row
    value: Json
    before: Seen
    event: WebhookEvent


DELETED = "This message was deleted."
MOVED = "4670222"

Check = Callable[[Shop, Came], Any]


def _words(shop: Shop, came: Came) -> None:
    (message,) = shop.new(came.before)
    assert (message.author_kind, message.kind) == ("customer", "message")
    assert message.conversation_id == shop.talk.pk


def _answered(shop: Shop, came: Came) -> None:
    talk = shop.fresh()
    assert (talk.control, talk.switch) == (Control.AI, Switch.ACTIVE)
    assert talk.answer_due_at is not None
    assert shop.seen().counts == came.before.counts


def _still(shop: Shop, came: Came) -> None:
    """Nobody has the floor who had it not, nothing is due, and nothing but lines has come."""
    now = shop.seen()
    assert (now.floors, now.counts[1:]) == (came.before.floors, came.before.counts[1:])
    assert {one.kind for one in shop.new(came.before)} <= {Message.Kind.SYSTEM}


def _line(shop: Shop, came: Came) -> None:
    lines = shop.new(came.before)
    assert [one.kind for one in lines] == ["system"] * len(came.row.staff.splitlines())


def _changed(shop: Shop, came: Came) -> None:
    (sent,) = came.value.get("messages") or came.value["message_echoes"]
    is_of_echo = came.row.field.startswith("smb") and came.row.type != "reaction"
    before = shop.echo if is_of_echo else shop.said
    after = Message.objects.get(pk=before.pk)
    reactions = [one["emoji"] for one in after.reactions]
    assert reactions == (["👍"] if came.row.type == "reaction" else [])
    match came.row.type:
        case "edit":
            assert after.text == sent["edit"]["message"]["text"]["body"]
        case "revoke":
            assert after.text == DELETED
        case _:
            assert after.text == before.text


def _in_group(shop: Shop, came: Came) -> None:
    (message,) = shop.new(came.before)
    assert message.conversation_id == shop.group.pk
    assert message.author_name == "Elin Bergström"


def _paused(shop: Shop, came: Came) -> None:
    group = Conversation.objects.get(pk=shop.group.pk)
    assert (group.control, group.switch) == (Control.REQUESTED, Switch.PAUSED)
    assert group.answer_due_at is None
    assert groups.group_of(group) == came.value["messages"][0]["group_id"]
    assert shop.seen().floors[shop.talk.pk] == came.before.floors[shop.talk.pk]


def _group_named(shop: Shop, came: Came) -> None:
    (part,) = came.value["groups"]
    stated = part.get("subject") or part["group_subject"]["text"]
    assert Contact.objects.get(conversations=shop.group.pk).name == stated


def _colleague(shop: Shop, came: Came) -> None:
    (message,) = shop.new(came.before)
    assert (message.author_kind, message.author_name) == ("agent", "WhatsApp Business app")
    assert message.conversation_id == shop.talk.pk
    shop.send(came.row, {**came.value, "repeated": True})
    assert shop.new(came.before) == [message]


def _taken(shop: Shop, came: Came) -> None:
    talk = shop.fresh()
    (_control, _switch, _lifecycle, _owner, epoch, _due) = came.before.floors[talk.pk]
    assert (talk.is_held_outside, talk.epoch, talk.answer_due_at) == (True, epoch + 1, None)


def _not_doubled(shop: Shop, came: Came) -> None:
    (echo,) = came.value["message_echoes"]
    before = shop.seen()
    shop.send(came.row, {**came.value, "message_echoes": [{**echo, "id": HEARD}]})
    assert shop.seen() == before


def _number(shop: Shop, came: Came) -> None:
    del came
    contact = Contact.objects.get(conversations=shop.talk.pk)
    assert contact.phone == f"+{MOVED}"
    assert not contact.identities.filter(external_id=PHONE).exists()
    assert shop.fresh().external_id == MOVED


def _user_id(shop: Shop, came: Came) -> None:
    contact = Contact.objects.get(conversations=shop.talk.pk)
    assert contact.identities.filter(external_id=shop.chat.person.user_id).exists()


def _kept(shop: Shop, came: Came) -> None:
    assert events.prune(at=shop.now + timedelta(days=200)) > 0
    came.event.refresh_from_db()
    assert came.event.body


def _named_in_book(shop: Shop, came: Came) -> None:
    contacts = Contact.objects.filter(conversations=shop.talk.pk)
    assert contacts.get().name == "Elin Bergström"
    contacts.update(name="")
    shop.send(came.row, {**came.value, "repeated": True})
    assert contacts.get().name == "Nina Berg"


def _nobody_new(shop: Shop, came: Came) -> None:
    (entry,) = came.value["state_sync"]
    strange = {**entry, "contact": {**entry["contact"], "phone_number": "4670999"}}
    shop.send(came.row, {**came.value, "state_sync": [strange]})
    assert shop.seen().counts == came.before.counts


def _logged(shop: Shop, came: Came) -> None:
    assert came.event.about
    name = came.row.type.partition(" ")[0] or came.row.field
    assert name in came.event.about or "problem" in came.event.about


def _reasoned(shop: Shop, came: Came) -> None:
    assert came.event.state == "failed"
    assert came.event.error.startswith("Meta reported ")


def _status(state: str) -> Check:
    def check(shop: Shop, came: Came) -> None:
        del came
        assert Message.objects.get(pk=shop.heard.pk).status == state

    return check


def _undelivered(shop: Shop, came: Came) -> None:
    _status("failed")(shop, came)
    assert Message.objects.get(pk=shop.heard.pk).error == errors.words_of_status(
        131026, "Message undeliverable"
    )


def _sender(**fields: str) -> Check:
    def check(shop: Shop, came: Came) -> None:
        del came
        after = Sender.objects.get(pk=shop.sender.pk)
        assert {name: getattr(after, name) for name in fields} == fields
        assert {name: getattr(shop.sender, name) for name in fields} != fields

    return check


def _template(**fields: str) -> Check:
    def check(shop: Shop, came: Came) -> None:
        del came
        assert {name: getattr(shop.template, name) for name in fields} != fields
        after = type(shop.template).objects.get(pk=shop.template.pk)
        assert {name: getattr(after, name) for name in fields} == fields

    return check


def _template_state(shop: Shop, came: Came) -> None:
    _template(status="APPROVED", reason="")(shop, came)
    shop.send(came.row, {**came.value, "event": "REJECTED", "reason": "INVALID_FORMAT"})
    _template(status="REJECTED", reason="INVALID_FORMAT")(shop, came)


def _fetched(shop: Shop, came: Came) -> None:
    del shop, came
    assert "conversations.sync_templates" in hinted()


def _known_group(shop: Shop, came: Came) -> None:
    (part,) = came.value["groups"]
    identity = Identity.objects.get(external_id=groups.address_of(part["group_id"]))
    assert identity.contact.name == part["subject"]
    assert not identity.contact.conversations.exists()


def _restricted(shop: Shop, came: Came) -> None:
    assert not shop.sender.is_paused
    after = Sender.objects.get(pk=shop.sender.pk)
    assert (after.is_paused, bool(after.restriction)) == (True, True)
    del came


def _freed(shop: Shop, came: Came) -> None:
    del came
    assert not Sender.objects.get(pk=shop.sender.pk).is_paused


CHECKS: dict[str, Check] = {
    "a message": _words,
    "it is answered": _answered,
    "nothing is answered": _still,
    "a line in the thread": _line,
    "the message changes": _changed,
    "the contact gets the number": _number,
    "the contact gets the id": _user_id,
    "the group gets its name": _group_named,
    "the group is known by its name": _known_group,
    "a message in a conversation of the group's": _in_group,
    "a person is asked for, the assistant is paused,"
    " and what is written goes to the group and to nobody alone": _paused,
    "a message of a colleague, once": _colleague,
    "the floor moves as at a person's first message, and the answer in progress ends": _taken,
    "what Parley sent itself is not doubled": _not_doubled,
    "kept with its webhook for good and not imported": _kept,
    "not shown in a thread, and no run begins": _still,
    "a contact that has no name gets it": _named_in_book,
    "nobody becomes a contact by it": _nobody_new,
    "one tick at our message": _status("sent"),
    "two ticks at our message": _status("delivered"),
    "prices and Meta's conversation are not used": _still,
    "our message is marked as read": _status("read"),
    "our message shows as failed, with the reason and what to do": _undelivered,
    "the log of webhooks in the admin names it": _logged,
    "the log of webhooks in the admin names it, with Meta's reason": _reasoned,
    "the webhook shows as failed in the admin, with Meta's reason": _reasoned,
    "the template's state changes, with the reason": _template_state,
    "the template's rating changes": _template(quality="GREEN"),
    "the template's category changes": _template(category="UTILITY"),
    "the templates are fetched again": _fetched,
    "rating and limit of the number change": _sender(messaging_limit="TIER_10K"),
    "the limit of its numbers changes": _sender(messaging_limit="TIER_10K"),
    "an approved name is shown": _sender(verified_name="Nordhem"),
    "nothing is sent until it is free again, and a banner says why": _restricted,
    "the number sends again": _freed,
}
"""What proves each part of the table's last column."""


def _as_before(shop: Shop, came: Came) -> None:
    talk, group = shop.told
    assert shop.told_of(shop.talk) == talk
    if "groups" in came.value:
        assert shop.told_of(shop.group) == group


def _in_role(role: str, *, before: str = "") -> Check:
    """Return a check that the words of the row stand in the prompt, in one message of ``role``."""

    def check(shop: Shop, came: Came) -> None:
        (new,) = shop.new(came.before)
        told = shop.told_of(new.conversation)
        found = [str(one["content"]) for one in told if one["role"] == role]
        lines = [before, *shown(new).splitlines()]
        assert any(all(line in content for line in lines) for content in found), found
        others = [str(one["content"]) for one in told if one["role"] not in {role, "user"}]
        assert not [one for one in others if shown(new).splitlines()[-1] in one]

    return check


def _edited(shop: Shop, came: Came) -> None:
    (sent,) = came.value.get("messages") or came.value["message_echoes"]
    is_of_echo = came.row.field.startswith("smb")
    before = (shop.echo if is_of_echo else shop.said).text
    after = sent["edit"]["message"]["text"]["body"] if came.row.type == "edit" else DELETED
    told = "\n".join(str(one["content"]) for one in shop.told_of(shop.talk))
    assert (after in told, before in told) == (True, False)


def _told(words: str, *, of_group: bool = False) -> Check:
    """Return a check that the model is told ``words``, which it was not before."""

    def check(shop: Shop, came: Came) -> None:
        del came
        talk, before = (shop.group, shop.told[1]) if of_group else (shop.talk, shop.told[0])
        assert words not in str(before)
        assert words in str(shop.told_of(talk))

    return check


MODEL: dict[str, Check] = {
    table.SAME: _in_role("user"),
    table.COLLEAGUE: _in_role("assistant", before="[human colleague WhatsApp Business app]: "),
    table.NOTHING: _as_before,
    "the new words": _edited,
    "that it was deleted": _edited,
    "the number of now": _told("+4670222"),
    "the group's name": _told("Lamp club Oslo", of_group=True),
}
"""What proves the column of what the model is told."""
