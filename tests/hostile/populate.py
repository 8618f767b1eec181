"""Fills everything that pages show with hostile texts; run with the server's database."""

import json
import sys
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client, override_settings

from channels_layer import times
from channels_layer.access.actors import Staff
from channels_layer.ids import new_id
from chats.models import Run, RunStep, ToolCall
from chats.services import chats
from conversations.models import (
    Assistant,
    Attachment,
    AuthorKind,
    Conversation,
    Message,
    Source,
    Variable,
)
from conversations.services import thread
from conversations.services.conversations import Opening, start
from conversations.services.thread import Author, Entry
from conversations.sources.widget.services import sessions
from conversations.sources.widget.services.sessions import Opened, SessionRequest
from handoff.models import Notification
from tests import factories
from tests.conversations.sources.widget.conftest import make_widget
from tests.hostile.payloads import payloads
from tests.rights.world import administrator
from tickets.models import Comment
from tickets.services import comments, tickets
from tickets.services.comments import Remark

PER_SCENE = 12
"""Texts of one sink on a page: four kinds of messages fill a page of 50."""
KINDS = ("customer", "assistant", "agent", "note")
CHAT_KINDS = ("customer", "assistant")
"""All that a chat has."""


def cookie_of(user: User) -> str:
    """Sign in; return the session's cookie."""
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


@override_settings(EVENT_CHECK="")
@transaction.atomic
def plant(number: int) -> None:
    """Use ``number`` texts in every place; print the ids of what was made.

    Nobody follows meanwhile: to check every event three times takes longer than to write it.
    """
    alice, at = factories.person("alice"), times.now()
    actor, widget = factories.staff(alice), make_widget()
    texts = payloads(number)
    scenes = []
    for begin in range(0, number, PER_SCENE):
        share = texts[begin : begin + PER_SCENE]
        opened = sessions.open(widget=widget, request=SessionRequest(), at=at)
        scenes.append(Scene(share, actor, opened, f"scene{begin}x", at).populate())
    for text in texts[:30]:
        Notification.objects.create(
            user=alice, kind="x", title=text[:200], text=text[:300], cause=text[:80], created_at=at
        )
    facts = {
        "alice": cookie_of(alice),
        "dora": cookie_of(administrator("dora")),
        "widget": widget.key,
        "scenes": scenes,
    }
    sys.stdout.write(json.dumps(facts))


class Scene:
    """One page's worth of texts, in a conversation, a chat and a ticket."""

    def __init__(
        self, texts: list[str], actor: Staff, opened: Opened, word: str, at: datetime
    ) -> None:
        self.texts, self.actor, self.opened, self.word, self.at = texts, actor, opened, word, at
        self.source = opened.token.widget.source

    def populate(self) -> dict[str, Any]:
        """Fill everything; return its ids."""
        conversation = self._conversation()
        chat, _ = chats.start(by=self.actor, assistant=self._assistant(self.texts[0]), at=self.at)
        self._fill(conversation, KINDS)
        self._fill(chat, CHAT_KINDS)
        rows = [self._row(text) for text in self.texts]
        # Each is a line in its thread: one in the thread that is opened.
        numbers = [self._ticket(conversation, self.texts[0])]
        for row, text in zip(rows, self.texts, strict=True):
            self._ticket(row, text)
        return {
            "conversation": str(conversation.pk),
            "chat": str(chat.pk),
            "ticket": numbers[0],
            "token": self.opened.secret,
            "word": self.word,
        }

    def _conversation(self) -> Conversation:
        contact = self.opened.token.contact
        contact.name = f"{self.word} {self.texts[0]}"[:200]
        contact.attributes = {text[:60]: text for text in self.texts}
        contact.save()
        opening = Opening(source=self.source, contact=contact, external_id=self.texts[0][:200])
        conversation = start(opening=opening, by=self.opened.token.actor, at=self.at)
        conversation.title = self.texts[0][:120]
        conversation.tags = [text[:40] for text in self.texts]
        conversation.context = {"page": {"url": self.texts[1], "title": self.texts[2]}}
        conversation.search_text = self.word
        conversation.save()
        for text in self.texts:
            Variable.objects.create(
                conversation=conversation,
                name=f"{text[:50]}{new_id()}"[:80],
                value=text,
                origin=Variable.Origin.FORM,
                origin_name=text[:200],
                updated_at=self.at,
            )
        return conversation

    def _fill(self, conversation: Conversation, kinds: tuple[str, ...]) -> None:
        conversation = conversation.locked()
        for number, text in enumerate(self.texts):
            for kind in kinds:
                entry = self._entry(conversation, kind, text, has_run=number < PER_SCENE)
                thread.append(conversation, entry, at=self.at)

    def _entry(self, conversation: Conversation, kind: str, text: str, *, has_run: bool) -> Entry:
        author = AuthorKind.AGENT if kind == "note" else AuthorKind(kind)
        files, run = [], None
        if kind == "customer":
            files = [self._file(text)]
        if kind == "assistant" and has_run:
            run = self._run(conversation, text)
        return Entry(
            author=Author(kind=author, id="1", name=text[:200], avatar="", actor="system"),
            text=text,
            kind=Message.Kind.NOTE if kind == "note" else Message.Kind.MESSAGE,
            attachments=files,
            run_id=run.pk if run else None,
        )

    def _file(self, text: str) -> Attachment:
        return Attachment.objects.create(
            name=text[:120],
            path=f"attachments/{new_id()}",
            content_type="text/plain",
            kind=Attachment.Kind.DOCUMENT,
            size=7,
            actor="system",
            transcript=text,
            description=text,
            created_at=self.at,
        )

    def _run(self, conversation: Conversation, text: str) -> Run:
        run = Run.objects.create(
            conversation=conversation,
            assistant=conversation.assistant,
            epoch=conversation.epoch,
            answers_to=1,
            status=Run.Status.COMPLETED,
            reason="stop",
            model=text[:120],
            started_at=self.at,
        )
        step = RunStep.objects.create(run=run, number=0, started_at=self.at)
        for number, status in enumerate((ToolCall.Status.DONE, ToolCall.Status.PENDING)):
            ToolCall.objects.create(
                run=run,
                step=step,
                number=number,
                call_id=str(new_id()),
                name=text[:64],
                title=text[:120],
                arguments={text[:40]: text, "query": text},
                needs_approval=True,
                status=status,
                decider_name=text[:200],
                note=text[:500],
                result=json.dumps({text[:40]: text}),
                created_at=self.at,
            )
        return run

    def _row(self, text: str) -> Conversation:
        """Start a further conversation, of which only the row is shown."""
        contact = factories.ContactFactory.create(name=f"{text}"[:200], email=text[:200])
        source = Source.objects.create(kind="api", name=text[:80], assistant=self._assistant(text))
        opening = Opening(source=source, contact=contact, external_id=text[:200])
        conversation = start(opening=opening, by=self.opened.token.actor, at=self.at)
        conversation.title, conversation.search_text = text[:120], self.word
        conversation.last_message_text, conversation.last_author_name = text[:160], text[:200]
        conversation.tags = [text[:40]]
        conversation.request_reason = text[:200]
        conversation.save()
        return conversation

    def _ticket(self, conversation: Conversation, text: str) -> int:
        draft = tickets.Draft(
            subject=f"{self.word} {text}"[:200],
            description=text,
            tags=[text[:40]],
            conversation=conversation,
        )
        ticket = tickets.create(draft=draft, by=self.actor, at=self.at)
        if conversation.contact_id == self.opened.token.contact_id:
            for said in self.texts:
                remark = Remark(text=said, kind=Comment.Kind.INTERNAL)
                comments.add(ticket=ticket, remark=remark, by=self.actor, at=self.at)
        return ticket.number

    def _assistant(self, text: str) -> Assistant:
        found = Assistant.objects.filter(name=text[:80]).first()
        return found or factories.AssistantFactory.create(name=text[:80], greeting=text)
