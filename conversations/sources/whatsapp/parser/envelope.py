"""The envelope: entries, changes, and in each any number of messages, statuses and notices."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from conversations.sources.whatsapp.parser import calls, origins
from conversations.sources.whatsapp.parser.contents import (
    content_of,
    inside_of,
    is_supported,
    kind_of,
)
from conversations.sources.whatsapp.parser.shapes import (
    Content,
    Incoming,
    Notice,
    Person,
    Status,
    Way,
)
from conversations.sources.whatsapp.parser.values import (
    Json,
    digits,
    identifier,
    mapping,
    moment,
    objects,
    phone,
    text,
)

LONGEST_NAME = 200
_STATES = {"played": "read"}
_TALK = ("messages", "statuses", "message_echoes", "history", "calls", "user_preferences")


class MalformedError(ValueError):
    """The bytes are no JSON object."""


@dataclass(kw_only=True)
class Parsed:
    """The items of a webhook, in its order; ``problems`` are what could not be parsed."""

    messages: list[Incoming] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def parse(body: str) -> Parsed:
    """Parse the body of a webhook.

    :raises MalformedError: where it is no JSON object; for nothing else.
    """
    try:
        return _parsed(_loaded(body))
    except RecursionError:
        raise MalformedError("It is nested too deeply.") from None


def _loaded(body: str) -> Json:
    try:
        payload = json.loads(body)
    except ValueError as error:
        raise MalformedError(str(error)) from None
    if not isinstance(payload, dict):
        raise MalformedError("It is no JSON object.")
    return payload


def _parsed(payload: Json) -> Parsed:
    parsed = Parsed()
    for entry in objects(payload.get("entry")):
        for change in objects(entry.get("changes")):
            _read_change(entry, change, parsed)
    if not (parsed.messages or parsed.statuses or parsed.notices or parsed.problems):
        parsed.problems.append("There is nothing in it that Parley knows.")
    return parsed


def _read_change(entry: Json, change: Json, parsed: Parsed) -> None:
    name = text(change.get("field"))
    value = mapping(change.get("value"))
    if name in _FIELDS or (not name and any(part in value for part in _TALK)):
        _read_talk(name, value, parsed)
        return
    parsed.notices.append(
        Notice(
            field=name,
            value=value,
            account=identifier(entry.get("id")),
            at=moment(entry.get("time")),
        )
    )


def _read_talk(name: str, value: Json, parsed: Parsed) -> None:
    """Read messages and statuses, wherever among the fields of conversations they stand."""
    line = identifier(mapping(value.get("metadata")).get("phone_number_id"))
    people = [_person_of(card) for card in objects(value.get("contacts"))]
    way = _FIELDS.get(name, Way.CUSTOMER)
    ours = digits(mapping(value.get("metadata")).get("display_phone_number"))
    for one in objects(value.get("messages")):
        parsed.messages.append(_message(one, people, line, way=way, ours=ours))
    for one in objects(value.get("message_echoes")):
        parsed.messages.append(_message(one, people, line, way=Way.ECHO, ours=ours))
    for thread in _threads(value):
        reader = Person(wa_id=phone(thread.get("id")), user_id=_user_id(thread.get("id")))
        for one in objects(thread.get("messages")):
            found = _message(one, people, line, way=Way.HISTORY, ours=ours)
            parsed.messages.append(replace(found, person=reader) if reader.is_known else found)
    for act in (*calls.calls_of(value), *calls.preferences_of(value)):
        parsed.messages.append(_act(act, people, line))
    parsed.statuses += [_status(one, line) for one in objects(value.get("statuses"))]
    parsed.problems += list(_problems(value))


def _threads(value: Json) -> Iterator[Json]:
    for part in objects(value.get("history")):
        yield from objects(part.get("threads"))


def _message(message: Json, people: list[Person], line: str, *, way: Way, ours: str) -> Incoming:
    context = mapping(message.get("context"))
    content = content_of(message)
    is_ours = way == Way.ECHO or (way == Way.HISTORY and _is_of(message, ours))
    group = _group_of(message)
    people = _named_in(message, people) if group else people
    person = _sender(message, people, author="to" if is_ours else "from")
    if content.former_user_id:
        person = replace(person, user_id=content.former_user_id)
    return Incoming(
        id=_id_of(message),
        kind=kind_of(message),
        person=person,
        sent_at=moment(message.get("timestamp")),
        content=content,
        refers_to=content.refers_to or identifier(context.get("id")),
        referral=origins.referral_of(message),
        cards=_cards(message, content),
        way=way,
        is_ours=is_ours,
        group=group,
        phone_number_id=line,
    )


def _cards(message: Json, content: Content) -> tuple[origins.Card, ...]:
    """Return what stands beside a message: its origin, what is new in it, Meta's errors."""
    errors = origins.report(message) if is_supported(content) else None
    inside = inside_of(message)
    beside = [origins.contents(inside) if inside else None, errors]
    return (*origins.cards_of(message), *(card for card in beside if card))


def _named_in(message: Json, people: list[Person]) -> list[Person]:
    """Return the people whose ids a message of a group has: a lone card may be another one's."""
    wa_id, user_id = phone(message.get("from")), identifier(message.get("from_user_id"))
    return [one for one in people if _is_same(one, wa_id, user_id)]


def _is_of(message: Json, ours: str) -> bool:
    """Return whether a message of the past is the business's own."""
    if mapping(message.get("history_context")).get("from_me") is True:
        return True
    return bool(ours) and phone(message.get("from")) == ours


def _group_of(message: Json) -> str:
    """Return the id of the group in which a message was written; empty for a private one.

    The context says where the quoted message stands, which may be elsewhere.
    """
    inner = mapping(message.get("group"))
    candidates = [message.get("group_id"), inner.get("group_id"), inner.get("id")]
    if text(message.get("recipient_type")).lower() == "group":
        candidates.append(message.get("to"))
    return next(filter(None, map(identifier, candidates)), "")


def _act(act: calls.Act, people: list[Person], line: str) -> Incoming:
    """Return something else that a customer did as a message: a call, a choice."""
    return Incoming(
        id=act.id,
        kind=act.kind,
        person=_sender(act.part, people, author="from" if act.kind == "call" else "wa_id"),
        sent_at=moment(act.part.get("timestamp")),
        content=Content(text=act.text, effect=act.effect),
        phone_number_id=line,
    )


def _id_of(message: Json) -> str:
    """Return Meta's id; where there is none, one that is the same in every repetition."""
    if known := identifier(message.get("id")):
        return known
    return f"digest.{sha256(json.dumps(message, sort_keys=True).encode()).hexdigest()}"


def _person_of(card: Json) -> Person:
    profile = mapping(card.get("profile"))
    return Person(
        wa_id=phone(card.get("wa_id")),
        user_id=identifier(card.get("user_id")),
        username=text(profile.get("username"), most=LONGEST_NAME),
        name=text(profile.get("name"), most=LONGEST_NAME),
    )


def _sender(message: Json, people: list[Person], *, author: str) -> Person:
    """Combine the customer, whose id stands under ``author``, with the contact beside it."""
    stated = message.get(author)
    wa_id = phone(stated)
    other = message.get("user_id" if author == "wa_id" else f"{author}_user_id")
    user_id = identifier(other) or ("" if wa_id else identifier(stated))
    card = next((one for one in people if _is_same(one, wa_id, user_id)), None)
    if card is None and len(people) == 1 and not (user_id and people[0].user_id):
        card = people[0]
    if card is None:
        return Person(wa_id=wa_id, user_id=user_id)
    return Person(
        wa_id=wa_id or card.wa_id,
        user_id=user_id or card.user_id,
        username=card.username,
        name=card.name,
    )


def _is_same(person: Person, wa_id: str, user_id: str) -> bool:
    return bool((user_id and person.user_id == user_id) or (wa_id and person.wa_id == wa_id))


def _user_id(value: Any) -> str:
    """Return a person's id that is no phone number."""
    return "" if phone(value) else identifier(value)


def _status(status: Json, line: str) -> Status:
    state = text(status.get("status")).lower()
    error = next(iter(objects(status.get("errors"))), {})
    return Status(
        id=identifier(status.get("id")),
        state=_STATES.get(state, state),
        at=moment(status.get("timestamp")),
        tracker=identifier(status.get("biz_opaque_callback_data")),
        error_code=identifier(error.get("code"), most=40),
        error=origins.words_of(error),
        phone_number_id=line,
    )


def _problems(value: Json) -> Iterator[str]:
    """Yield what is no message and no status: errors of the account, and what is no object."""
    past = [
        error for part in objects(value.get("history")) for error in objects(part.get("errors"))
    ]
    for error in (*objects(value.get("errors")), *past):
        yield f"Meta reported {text(error.get('code'))}: {origins.words_of(error)}"
    for name in ("messages", "statuses", "message_echoes", "calls"):
        raw: Any = value.get(name)
        if raw is not None and len(objects(raw)) != (len(raw) if isinstance(raw, list) else 1):
            yield f"Something among the {name} is no object."


_FIELDS = {
    "messages": Way.CUSTOMER,
    "smb_message_echoes": Way.ECHO,
    "message_echoes": Way.ECHO,
    "history": Way.HISTORY,
    "calls": Way.CUSTOMER,
    "user_preferences": Way.CUSTOMER,
}
"""The fields that hold what people said and did, and how the messages in them came about."""
