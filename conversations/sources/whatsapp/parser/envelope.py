"""The envelope: entries, changes, and in each any number of messages, statuses and notices."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from conversations.sources.whatsapp.parser.contents import content_of, kind_of
from conversations.sources.whatsapp.parser.shapes import Incoming, Notice, Person, Status
from conversations.sources.whatsapp.parser.values import (
    Json,
    identifier,
    mapping,
    moment,
    objects,
    phone,
    text,
)

LONGEST_NAME = 200
_STATES = {"played": "read"}
_REFERRAL = ("source_url", "source_type", "source_id", "headline", "body", "ctwa_clid")


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
    is_talk = name == "messages" or (not name and ("messages" in value or "statuses" in value))
    if not is_talk:
        parsed.notices.append(
            Notice(
                field=name,
                value=value,
                account=identifier(entry.get("id")),
                at=moment(entry.get("time")),
            )
        )
        return
    line = identifier(mapping(value.get("metadata")).get("phone_number_id"))
    people = [_person_of(card) for card in objects(value.get("contacts"))]
    parsed.messages += [_message(one, people, line) for one in objects(value.get("messages"))]
    parsed.statuses += [_status(one, line) for one in objects(value.get("statuses"))]
    parsed.problems += list(_problems(value))


def _message(message: Json, people: list[Person], line: str) -> Incoming:
    context = mapping(message.get("context"))
    content = content_of(message)
    person = _sender(message, people)
    if content.former_user_id:
        person = replace(person, user_id=content.former_user_id)
    return Incoming(
        id=_id_of(message),
        kind=kind_of(message),
        person=person,
        sent_at=moment(message.get("timestamp")),
        content=content,
        refers_to=content.refers_to or identifier(context.get("id")),
        referral=_referral(message, context),
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


def _sender(message: Json, people: list[Person]) -> Person:
    """Combine the message's author with the contact beside it."""
    author = message.get("from")
    wa_id = phone(author)
    user_id = identifier(message.get("from_user_id")) or ("" if wa_id else identifier(author))
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


def _referral(message: Json, context: Json) -> dict[str, str]:
    """Return where the customer came from: an advertisement, or a product of the catalogue."""
    referral = mapping(message.get("referral"))
    product = mapping(context.get("referred_product")).get("product_retailer_id")
    found = {name: text(referral.get(name)) for name in _REFERRAL} | {"product": text(product)}
    return {name: value for name, value in found.items() if value}


def _status(status: Json, line: str) -> Status:
    state = text(status.get("status")).lower()
    error = next(iter(objects(status.get("errors"))), {})
    return Status(
        id=identifier(status.get("id")),
        state=_STATES.get(state, state),
        at=moment(status.get("timestamp")),
        tracker=identifier(status.get("biz_opaque_callback_data")),
        error_code=identifier(error.get("code"), most=40),
        error=_reason(error),
        phone_number_id=line,
    )


def _reason(error: Json) -> str:
    """Return Meta's own words, the most detailed ones first."""
    details = mapping(error.get("error_data")).get("details")
    candidates = (text(one) for one in (details, error.get("message"), error.get("title")))
    return next(filter(None, candidates), "")


def _problems(value: Json) -> Iterator[str]:
    """Yield what is no message and no status: errors of the account, and what is no object."""
    for error in objects(value.get("errors")):
        yield f"Meta reported {text(error.get('code'))}: {_reason(error)}"
    for name in ("messages", "statuses"):
        raw: Any = value.get(name)
        if raw is not None and len(objects(raw)) != (len(raw) if isinstance(raw, list) else 1):
            yield f"Something among the {name} is no object."
