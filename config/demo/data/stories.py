"""The demo's conversations: stories replayed through the services, as people would act."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from channels_layer.access.actors import Actor, Staff, System, Visitor
from chats import tools
from config.demo.data import answers, files, people, tickets, whatsapp
from config.demo.data.shop import Shop
from conversations.models import AuthorKind, Contact, Conversation, Message, Variable
from conversations.services import contacts, conversations, messages
from conversations.services.contacts import Details
from conversations.services.conversations import Opening
from conversations.services.messages import Draft
from conversations.sources.whatsapp import KIND as WHATSAPP
from handoff import services as handoff
from handoff.models import Switch

MARK = "demo"
BEFORE = timedelta(seconds=20)
VARIABLES = {
    "form": Variable.Origin.FORM,
    "extracted": Variable.Origin.EXTRACTED,
    "from_api": Variable.Origin.API,
}
SWITCHES = {"pause": Switch.PAUSED, "block": Switch.BLOCKED, "activate": Switch.ACTIVE}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One message or act, ``ago`` minutes before the demo is loaded."""

    who: str
    ago: float
    text: str = ""
    kind: str = "message"
    does: str = ""
    ticket: str = ""
    asks: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    looked_up: str = ""
    file: str = ""
    holds: str = ""
    fails: str = ""
    reaction: str = ""


@dataclass(frozen=True, kw_only=True)
class Story:
    """One conversation."""

    key: str
    source: str
    assistant: str
    title: str
    unread: int
    lines: list[Line]
    tags: list[str] = field(default_factory=list)
    contact: dict[str, str] = field(default_factory=dict)
    same_as: str = ""
    tool: str = ""
    owner: str = ""
    form: dict[str, str] = field(default_factory=dict)
    extracted: dict[str, str] = field(default_factory=dict)
    from_api: dict[str, str] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)

    def began_at(self, now: datetime) -> datetime:
        """Return the time just before the first line."""
        return now - timedelta(minutes=self.lines[0].ago) - BEFORE


@dataclass(frozen=True, kw_only=True)
class Cast:
    """What the stories refer to: the shop, its people, all stories, and the present time."""

    shop: Shop
    staff: dict[str, Staff]
    stories: dict[str, Story]
    now: datetime


@transaction.atomic
def load(*, shop: Shop, at: datetime) -> None:
    """Replay all stories, the oldest first, unless that was done before."""
    if Conversation.objects.filter(context__has_key=MARK).exists():
        return
    stories = {raw["key"]: _story(raw) for raw in files.table("stories")["story"]}
    cast = Cast(shop=shop, staff=people.actors(), stories=stories, now=at)
    for story in sorted(stories.values(), key=lambda one: one.began_at(at)):
        if not story.tool or tools.find(story.tool):
            _replay(story, cast)


def _story(raw: dict[str, Any]) -> Story:
    return Story(**{**raw, "lines": [Line(**line) for line in raw["lines"]]})


def _replay(story: Story, cast: Cast) -> None:
    customer, conversation = _begin(story, cast)
    for line in story.lines:
        conversation = conversation.locked()
        at = cast.now - timedelta(minutes=line.ago)
        by = _actor(line, conversation, customer, cast)
        if line.ticket:
            tickets.load(
                line.ticket,
                conversation=conversation,
                by=by,
                staff=cast.staff,
                now=cast.now,
                at=at,
            )
        elif line.does:
            _act(conversation, line, by=by, at=at)
        elif line.asks:
            answers.ask(conversation, line.text, tool=story.tool, arguments=line.asks, at=at)
        elif line.who == AuthorKind.ASSISTANT:
            answers.write(conversation, line.text, looked_up=line.looked_up, at=at)
        else:
            _say(conversation, line, by=by, at=at)
        if story.source == WHATSAPP and (line.text or line.file):
            whatsapp.settle(conversation, error=line.fails, reaction=line.reaction, at=at)
    _read(conversation.locked(), story, cast)


def _begin(story: Story, cast: Cast) -> tuple[Actor, Conversation]:
    """Start the conversation: of a contact, or as a chat of its owner."""
    at = story.began_at(cast.now)
    contact = None if story.owner else _contact(story, cast, at=at)
    source = cast.shop.sources[story.source]
    customer: Actor = (
        Visitor(contact_id=contact.pk, source_id=source.pk, name=contact.label)
        if contact
        else cast.staff[story.owner]
    )
    opening = Opening(
        source=source,
        contact=contact,
        external_id=_origin(story, cast).contact.get("external_id", ""),
        assistant=cast.shop.assistants[story.assistant],
        context={**story.context, MARK: story.key},
    )
    conversation = conversations.start(opening=opening, by=customer, at=at)
    Conversation.objects.filter(pk=conversation.pk).update(tags=story.tags)
    _set_variables(conversation, story, by=customer, at=at)
    if story.title:
        conversations.rename(
            conversation=conversation,
            title=story.title,
            source=Conversation.TitleSource.AUTO,
            at=at,
        )
    return customer, conversation


def _origin(story: Story, cast: Cast) -> Story:
    """Return the story that describes the contact."""
    return cast.stories[story.same_as or story.key]


def _contact(story: Story, cast: Cast, *, at: datetime) -> Contact:
    origin = _origin(story, cast)
    contact = origin.contact
    details = Details(
        external_id=contact.get("external_id", f"{MARK}-{origin.key}"),
        name=contact.get("name", ""),
        email=contact.get("email", ""),
        phone=contact.get("phone", ""),
    )
    source = cast.shop.sources[story.source]
    return contacts.identified(source=source, details=details, at=at)


def _set_variables(conversation: Conversation, story: Story, *, by: Actor, at: datetime) -> None:
    for name, origin in VARIABLES.items():
        values: dict[str, str] = getattr(story, name)
        if values:
            conversations.set_variables(
                conversation=conversation, values=values, origin=origin, by=by, at=at
            )


def _actor(line: Line, conversation: Conversation, customer: Actor, cast: Cast) -> Actor:
    if line.who == AuthorKind.CUSTOMER:
        return customer
    if line.who == AuthorKind.ASSISTANT:
        return System(name=conversation.assistant.name)
    return cast.staff[line.who]


def _say(conversation: Conversation, line: Line, *, by: Actor, at: datetime) -> None:
    carried = (whatsapp.file(line.file, by=by, at=at),) if line.file else ()
    draft = Draft(text=line.text, kind=Message.Kind(line.kind), attachments=carried)
    if isinstance(by, Visitor):
        message, _ = messages.customer_message(conversation=conversation, by=by, draft=draft, at=at)
        whatsapp.read(message, line.holds)
    else:
        messages.post(conversation=conversation, by=by, draft=draft, at=at)


def _act(conversation: Conversation, line: Line, *, by: Actor, at: datetime) -> None:
    if switch := SWITCHES.get(line.does):
        conversations.set_switch(conversation=conversation, switch=switch, by=by, at=at)
    elif line.does == "join":
        handoff.join(floor=conversation, by=by, reason=line.reason, at=at)
    else:
        transition = {
            "accept": handoff.accept,
            "release": handoff.release,
            "end": handoff.end,
            "reopen": handoff.reopen,
        }[line.does]
        transition(floor=conversation, by=by, at=at)


def _read(conversation: Conversation, story: Story, cast: Cast) -> None:
    """Mark the conversation as read by all staff, but for the customer's last messages."""
    position = conversation.last_position
    if story.unread:
        spoken = Message.objects.filter(
            conversation=conversation, author_kind=AuthorKind.CUSTOMER, kind=Message.Kind.MESSAGE
        ).order_by("-position")
        position = spoken.values_list("position", flat=True)[story.unread - 1] - 1
    for actor in cast.staff.values():
        conversations.mark_read(conversation=conversation, user=actor.user, position=position)
