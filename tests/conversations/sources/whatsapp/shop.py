"""The shop of the tests of the table: a number, a customer, a group, and what each row changes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from channels_layer import times
from channels_layer.access.actors import System, Visitor
from channels_layer.work import jobs
from chats.services import openings, prompts
from config.demo.graph import table
from config.demo.graph.senders import Sender as DemoSender
from config.demo.graph.table.row import Row
from config.demo.graph.world import Chat, Item, Json, World
from conversations import origins
from conversations.models import Contact, Conversation, Delivery, Message
from conversations.services import messages
from conversations.services.messages import Draft
from conversations.sources.whatsapp.models import Sender, Template, WebhookEvent
from conversations.sources.whatsapp.services import events
from handoff import services as handoff
from handoff.models import Handoff, Switch
from tests.conversations.sources.whatsapp import payloads
from tests.conversations.sources.whatsapp.conftest import make_sender

PARLEY = System()
PHONE = "46701740605"
HEARD = "wamid.heard"


def demo_chat() -> Chat:
    """Return a chat on the demo's phone with the number of the tests."""
    world = World()
    sender = DemoSender.read(
        {
            "sender_id": "s",
            "phone_number_id": payloads.PHONE_NUMBER_ID,
            "webhook": "http://127.0.0.1:9/",
            "app_secret": "secret",
            "access_token": "token",
            "business_account_id": "WABA",
            "display_number": "+46 8 00 00",
        }
    )
    return world.chat(world.add(sender), next(iter(world.people.values())))


@contextmanager
def undone() -> Iterator[None]:
    """Take back at the end what is written within."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass(frozen=True)
class Seen:
    """What there is at one moment: the keys of messages, the floors, the numbers of other rows."""

    messages: frozenset[Any]
    floors: dict[Any, tuple[Any, ...]]
    counts: tuple[int, ...]


class Shop:
    """A number whose customer, colleague outside and group have written, and Parley as well."""

    def __init__(self) -> None:
        """Let each of them write once; the assistant has the floor."""
        self.now = times.now()
        self.sender: Sender = make_sender(verified_name="Shop")
        self.template = Template.objects.create(
            sender=self.sender,
            name="order_shipped",
            language="en_US",
            status="PENDING",
            category="MARKETING",
            synced_at=self.now - timedelta(days=1),
        )
        self.chat = demo_chat()
        self.said = self._bubble("messages: text", is_mine=True)
        self.talk = Conversation.objects.get()
        self.heard = self._answer("Yes, it is.")
        self.echo = self._bubble("smb_message_echoes: text", is_echo=True)
        handoff.release(floor=self.talk, by=PARLEY, at=self.now)
        self.send(table.BY_NAME["messages: in a group"])
        self.group = Conversation.objects.exclude(pk=self.talk.pk).get()
        self.told = (self.told_of(self.talk), self.told_of(self.group))

    def _bubble(self, name: str, *, is_mine: bool = False, is_echo: bool = False) -> Message:
        """Let a row come, and remember it on the phone; return its message."""
        value = self.send(table.BY_NAME[name])
        (part,) = value.get("messages") or value["message_echoes"]
        item = Item(
            id=part["id"], is_mine=is_mine, is_echo=is_echo, kind="text", content={}, at=0.0
        )
        self.chat.items.append(item)
        return Message.objects.filter(kind="message").latest("position")

    def _answer(self, text: str) -> Message:
        message, _ = messages.post(
            conversation=self.talk, by=PARLEY, draft=Draft(text=text), at=self.now
        )
        Delivery.objects.filter(message=message).update(provider_id=HEARD, state="sent")
        Message.objects.filter(pk=message.pk).update(status="sent")
        item = Item(id=HEARD, is_mine=False, kind="text", content={}, at=0.0)
        self.chat.items.append(item)
        return message

    def made(self, row: Row) -> Json:
        """Return the value of a row's webhook."""
        return table.made(row, self.chat)

    def send(self, row: Row, value: Json | None = None) -> Json:
        """Let the webhook of a row come, and work it; return its value."""
        value = value or self.made(row)
        body = payloads.envelope(value, field=row.field)
        body["entry"][0]["time"] = int(self.now.timestamp())
        assert events.store(sender=self.sender, body=json.dumps(body).encode(), at=self.now)
        events.work(sender_id=self.sender.pk, clock=lambda: self.now)
        return value

    def event(self) -> WebhookEvent:
        """Return the webhook that came last."""
        return WebhookEvent.objects.latest("id")

    def seen(self) -> Seen:
        """Return what there is now."""
        floors = Conversation.objects.values_list(
            "pk", "control", "switch", "lifecycle", "owner", "epoch", "answer_due_at"
        )
        models = (Contact, Conversation, Delivery, Handoff)
        return Seen(
            messages=frozenset(Message.objects.values_list("pk", flat=True)),
            floors={pk: tuple(floor) for pk, *floor in floors},
            counts=tuple(model.objects.count() for model in models),
        )

    def new(self, before: Seen) -> list[Message]:
        """Return the messages and lines that have come since, but for lines about the floor."""
        rows = Message.objects.exclude(pk__in=before.messages).filter(change="")
        return list(rows.order_by("conversation_id", "position"))

    def told_of(self, talk: Conversation) -> list[Json]:
        """Return the prompt of an answer, as if the assistant had the floor and were asked."""
        at = self.now + timedelta(hours=1)
        with undone():
            talk = Conversation.objects.get(pk=talk.pk)
            talk = handoff.release(floor=talk, by=PARLEY, at=self.now)
            talk = handoff.set_switch(floor=talk, switch=Switch.ACTIVE, by=PARLEY, at=self.now)
            if not (talk.has_unanswered and talk.answer_due_at):
                self._ask(talk)
            run = openings.next_run(conversation_id=talk.pk, at=at).run
            assert run is not None
            return prompts.build(run=run, at=at).context.messages

    def _ask(self, talk: Conversation) -> None:
        assert talk.contact is not None
        by = Visitor(talk.contact.pk, talk.source_id, talk.contact.label)
        draft = Draft(text="And?", said_at=self.now)
        messages.customer_message(conversation=talk, by=by, draft=draft, at=self.now)

    def fresh(self) -> Conversation:
        """Return the customer's conversation as it is now."""
        return Conversation.objects.get(pk=self.talk.pk)


def shown(message: Message) -> str:
    """Return what staff read of a message: what stands beside it, its words, its files."""
    files = message.attachments.order_by("id").values_list("name", flat=True)
    return "\n".join(filter(None, [origins.words_of(message.cards), message.text, *files]))


def hinted() -> set[str]:
    """Return the names of the tasks that are hinted at once the transaction ends."""
    waiting: list[Any] = [one[1] for one in connection.run_on_commit]
    return {call.args[0] for call in waiting if getattr(call, "func", None) is jobs._hand_over}
