"""The matrix' world: objects of victor and bob alone, and all actors."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from channels_layer import times
from channels_layer.access import keys
from channels_layer.access.keys import ALL_SCOPES
from channels_layer.ids import new_id
from channels_layer.models import ApiKey
from chats.models import Article, Budget, Run, RunStep, ToolCall
from chats.services import chats
from conversations.models import Attachment, Conversation
from conversations.services.conversations import Opening, start
from conversations.services.messages import Draft, customer_message
from conversations.sources.whatsapp.models import Sender
from conversations.sources.widget.models import Widget
from conversations.sources.widget.services import sessions
from conversations.sources.widget.services.sessions import SessionRequest
from handoff import services as handoff
from handoff.models import Agent, Notification
from tests import factories
from tests.conversations.sources.widget.conftest import make_widget
from tickets.models import Ticket
from tickets.services import tickets

SECRET = "Zebulon-the-secret"
"""Stands in everything that is victor's or bob's; a refused actor never reads it."""


@dataclass(frozen=True)
class Someone:
    """Who asks: the words of the table that fit, and what their requests carry."""

    name: str
    words: frozenset[str] = frozenset()
    headers: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def may(self, allowed: frozenset[str]) -> bool:
        """Return whether the table lets them."""
        return bool(self.words & allowed) or "anybody" in allowed


@dataclass(frozen=True)
class World:
    """Everything that a URL may name."""

    widget: Widget
    conversation: Conversation
    chat: Conversation
    question: str
    message: str
    run: Run
    call: ToolCall
    ticket: Ticket
    article: Article
    budget: Budget
    attachment: Attachment
    sender: Sender
    notification: Notification
    bob: User
    victors_token: str


def make() -> World:
    """Make it, all in the present, so that nothing has expired."""
    at = times.now()
    bob, widget = factories.person("bob"), make_widget()
    opened = sessions.open(widget=widget, request=SessionRequest(), at=at)
    contact = opened.token.contact
    contact.name = SECRET
    contact.save()
    conversation = _conversation(widget, opened, at=at)
    said, _ = customer_message(
        conversation=conversation, by=opened.token.actor, draft=Draft(text=SECRET), at=at
    )
    assistant = factories.AssistantFactory.create()
    chat, _ = chats.start(by=factories.staff(bob), assistant=assistant, text=SECRET, at=at)
    chats.rename(conversation=chat, title=SECRET, at=at)
    run = Run.objects.create(
        conversation=conversation,
        assistant=assistant,
        epoch=conversation.epoch,
        answers_to=1,
        status=Run.Status.WAITING,
        model="demo",
        started_at=at,
    )
    notification = Notification.objects.create(
        user=bob, kind="conversation.message", title=SECRET, cause="c", created_at=at
    )
    return World(
        widget=widget,
        conversation=conversation,
        chat=chat,
        question=str(chat.messages.get().pk),
        message=str(said.pk),
        run=run,
        call=_call(run),
        ticket=_ticket(conversation),
        article=Article.objects.create(
            assistant=assistant, title="Lamps", text="Lamps glow.", created_at=at, updated_at=at
        ),
        budget=Budget.objects.create(scope="day", limit=1000, created_at=at, updated_at=at),
        attachment=Attachment.objects.create(
            conversation=conversation,
            message=said,
            name="x.txt",
            path="attachments/x",
            content_type="text/plain",
            size=1,
            kind="document",
            created_at=at,
        ),
        sender=Sender.objects.create(
            source=factories.SourceFactory.create(kind="whatsapp"),
            phone_number_id="1",
            app_secret="x",
        ),
        notification=notification,
        bob=bob,
        victors_token=opened.secret,
    )


def everybody(world: World) -> list[Someone]:
    """Everybody who asks besides keys, which have a scope for each line."""
    at = times.now()
    dora = administrator("dora")
    stranger = sessions.open(widget=world.widget, request=SessionRequest(), at=at).secret
    elsewhere = sessions.open(widget=make_widget("Sudhem"), request=SessionRequest(), at=at).secret
    revoked, secret = keys.issue(name="Revoked", scopes=ALL_SCOPES, at=at)
    keys.revoke(revoked, at=at)
    return [
        Someone("anonymous"),
        signed_in("mallory", factories.UserFactory.create(username="mallory")),
        signed_in("the demoted", _demoted()),
        signed_in("the disabled", _disabled()),
        Someone("the logged out", headers=_logged_out()),
        Someone("a revoked key", headers=bearer(secret)),
        visitor("victor", world.victors_token, "victor", "visitors"),
        visitor("another visitor", stranger, "visitors"),
        visitor("another widget's visitor", elsewhere),
        signed_in("alice", factories.person("alice"), "staff"),
        signed_in("bob", world.bob, "staff", "owner"),
        signed_in("carol", factories.person("carol", role="supervisor"), "staff", "supervisors"),
        signed_in("dora", dora, "staff", "supervisors", "administrators"),
    ]


def key(*scopes: str, name: str = "Shop") -> Someone:
    """Return a system with a fresh key of these scopes."""
    _, secret = keys.issue(name=name, scopes=scopes, at=times.now())
    return Someone(f"a key of {name}", frozenset({"key", *scopes}), bearer(secret), secret)


def all_but(*scopes: str) -> Someone:
    """Return a system whose key has every other scope."""
    return key(*(scope for scope in ALL_SCOPES if scope not in scopes), name="all else")


def signed_in(name: str, user: User, *words: str) -> Someone:
    """Return a person's browser."""
    client = Client()
    client.force_login(user)
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    return Someone(name, frozenset(words), {"Cookie": cookie})


def visitor(name: str, secret: str, *words: str) -> Someone:
    """Return a visitor's browser."""
    return Someone(name, frozenset(words), bearer(secret), secret)


def administrator(name: str) -> User:
    """Return a person who may enter the admin."""
    user = factories.person(name)
    handoff.appoint(user=user, role="administrator")
    user.refresh_from_db()
    return user


def bearer(secret: str) -> dict[str, str]:
    """Return the header that carries a key or token."""
    return {"Authorization": f"Bearer {secret}"}


def touch_keys() -> None:
    """Let no key have to be noted as used: a refused request then has nothing to write at all."""
    ApiKey.objects.update(last_used_at=times.now())


def _conversation(widget: Widget, opened: Any, *, at: Any) -> Conversation:
    opening = Opening(source=widget.source, contact=opened.token.contact, external_id="visitor")
    return start(opening=opening, by=opened.token.actor, at=at)


def _call(run: Run) -> ToolCall:
    step = RunStep.objects.create(run=run, number=0, started_at=run.started_at)
    return ToolCall.objects.create(
        run=run,
        step=step,
        number=0,
        call_id=str(new_id()),
        name="refund_order",
        title=SECRET,
        arguments={"order": SECRET},
        needs_approval=True,
        status=ToolCall.Status.PENDING,
        created_at=run.started_at,
    )


def _ticket(conversation: Conversation) -> Ticket:
    carol = factories.staff(factories.person("conny", role="supervisor"))
    draft = tickets.Draft(subject=SECRET, conversation=conversation)
    return tickets.create(draft=draft, by=carol, at=times.now())


def _demoted() -> User:
    """Return a former administrator whose session is still there."""
    user = administrator("eve")
    handoff.dismiss(agent=Agent.objects.get(user=user))
    user.refresh_from_db()
    return user


def _disabled() -> User:
    user = factories.person("frank")
    user.is_active = False
    user.save()
    return user


def _logged_out() -> dict[str, str]:
    client = Client()
    client.force_login(factories.person("grace"))
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    client.logout()
    return {"Cookie": cookie}
