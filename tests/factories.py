"""Makes rows for tests: the cast of STYLE and what they talk in."""

from datetime import UTC, datetime
from uuid import uuid4

import factory
from django.contrib.auth.models import User

from channels_layer.access.actors import Staff, System
from chats.services.budgets import PlannedCall
from conversations.models import Assistant, Contact, Conversation, Identity, Message, Source
from conversations.services.conversations import Opening, start
from conversations.services.messages import mark_answered
from conversations.services.thread import Entry, append, assistant_author
from conversations.sources.api import KIND as API
from handoff.models import Agent

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PLANNED = PlannedCall(model="demo", prompt=10, most=100)


class UserFactory(factory.django.DjangoModelFactory[User]):
    """A person who can sign in."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    first_name = factory.LazyAttribute(lambda user: user.username.capitalize())
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.com")
    password = factory.django.Password("secret")


class AgentFactory(factory.django.DjangoModelFactory[Agent]):
    """A person with a role."""

    class Meta:
        model = Agent

    user = factory.SubFactory(UserFactory)
    role = Agent.Role.AGENT


class AssistantFactory(factory.django.DjangoModelFactory[Assistant]):
    """Ada, an assistant with instructions and tools."""

    class Meta:
        model = Assistant

    name = "Ada"
    instructions = "You work at the order desk of Nordhem, a lamp shop."
    tools = ["search_knowledge", "request_handoff"]


class SourceFactory(factory.django.DjangoModelFactory[Source]):
    """A source; an API source by default."""

    class Meta:
        model = Source

    kind = API
    name = factory.LazyAttribute(lambda source: str(source.kind))
    assistant = factory.SubFactory(AssistantFactory)
    gather_seconds = 0.0


class ContactFactory(factory.django.DjangoModelFactory[Contact]):
    """Victor, the visitor."""

    class Meta:
        model = Contact

    name = "Victor"
    email = "victor@example.com"
    created_at = NOON


class IdentityFactory(factory.django.DjangoModelFactory[Identity]):
    """How a contact is known to a source."""

    class Meta:
        model = Identity

    contact = factory.SubFactory(ContactFactory)
    source = factory.SubFactory(SourceFactory)
    external_id = factory.Sequence(lambda n: f"customer-{n}")


def staff(user: User) -> Staff:
    """Return the actor behind a user with a role."""
    agent = Agent.objects.get(user=user)
    return Staff(user=user, role=agent.role, name=agent.name)


def person(username: str, role: str = Agent.Role.AGENT) -> User:
    """Make a person with a role."""
    user: User = AgentFactory(user__username=username, role=role).user
    return user


def conversation(
    *, kind: str = API, contact: Contact | None = None, at: datetime = NOON
) -> Conversation:
    """Begin a conversation of a new contact through a source of ``kind``."""
    identity = IdentityFactory(source__kind=kind, **({"contact": contact} if contact else {}))
    opening = Opening(
        source=identity.source, contact=identity.contact, external_id=identity.external_id
    )
    return start(opening=opening, by=System(), at=at)


def answer(conversation: Conversation, text: str, *, at: datetime, error: str = "") -> Message:
    """Write an answer of the conversation's assistant to all that its customer said."""
    author = assistant_author(conversation.assistant)
    mark_answered(conversation, position=conversation.last_customer_position)
    entry = Entry(author=author, text=text, run_id=uuid4(), error=error)
    return append(conversation, entry, at=at)
