"""Intake from other systems through the API: conversations, customers' messages."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from channels_layer.access.actors import Actor, Key
from channels_layer.errors import ForbiddenError, InvalidError, RefusedError
from channels_layer.ids import new_id
from conversations import source_kinds
from conversations.models import Conversation, Message, Source, Variable
from conversations.selectors import sources
from conversations.services import contacts, conversations, messages
from conversations.services.contacts import Details
from conversations.services.conversations import Opening
from conversations.services.messages import Draft


class KeyRequiredError(ForbiddenError):
    """A person tried to write as the customer."""

    code = "key_required"
    detail = _("Only an API key brings in what a customer wrote.")


class NotThroughApiError(RefusedError):
    """Customers of this source write by themselves, not through the API."""

    detail = _("Only conversations of an API source are fed by the API.")


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A customer who arrives through a source: the identity, the first text, the variables."""

    source: str
    details: Details = field(default_factory=Details)
    text: str = ""
    variables: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def begin(*, arrival: Arrival, by: Actor, at: datetime) -> Conversation:
    """Start a conversation; with a text the customer has spoken and the assistant answers.

    The contact is the one of (source, external id), or a new one where no id is sent.
    """
    if arrival.text and not isinstance(by, Key):
        raise KeyRequiredError
    source = _source(arrival.source)
    details = arrival.details
    external_id = details.external_id or str(new_id())
    contact = contacts.identified(
        source=source,
        details=Details(
            external_id=external_id, name=details.name, email=details.email, phone=details.phone
        ),
        at=at,
    )
    opening = Opening(
        source=source,
        contact=contact,
        external_id=external_id,
        variables=arrival.variables,
        origin=Variable.Origin.API if isinstance(by, Key) else Variable.Origin.PERSON,
    )
    conversation = conversations.start(opening=opening, by=by, at=at)
    if arrival.text:
        draft = Draft(text=arrival.text)
        messages.customer_message(conversation=conversation, by=by, draft=draft, at=at)
    return conversation.locked()


def relay(
    *, conversation: Conversation, by: Actor, draft: Draft, at: datetime
) -> tuple[Message, bool]:
    """Write what a customer said to another system; the assistant answers."""
    if not isinstance(by, Key):
        raise KeyRequiredError
    if not source_kinds.of(conversation.source.kind).is_fed_by_api:
        raise NotThroughApiError
    return messages.customer_message(conversation=conversation, by=by, draft=draft, at=at)


def _source(identifier: str) -> Source:
    source = sources.find(identifier)
    if source is None:
        reason = gettext("There is no such source.")
        raise InvalidError(reason, fields={"source": [reason]})
    if not source_kinds.of(source.kind).is_fed_by_api or not source.is_active:
        reason = gettext("Conversations begin here through an active API source alone.")
        raise NotThroughApiError(reason, fields={"source": [reason]})
    return source
