"""The items of a webhook, once parsed; an empty string is a missing value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Effect(StrEnum):
    """The effect of a message on the conversation."""

    WORDS = "words"
    REACTION = "reaction"
    EDIT = "edit"
    DELETE = "delete"
    NOTICE = "notice"


@dataclass(frozen=True, kw_only=True)
class Person:
    """A customer: phone digits, the business-scoped user id, or both; the name may be missing."""

    wa_id: str = ""
    user_id: str = ""
    username: str = ""
    name: str = ""

    @property
    def is_known(self) -> bool:
        """Whether anything identifies this person."""
        return bool(self.wa_id or self.user_id)


@dataclass(frozen=True, kw_only=True)
class Media:
    """A file that can be fetched from Meta for 7 days; ``kind`` is an attachment's."""

    id: str
    kind: str
    name: str
    mime_type: str = ""
    sha256: str = ""
    is_voice: bool = False


@dataclass(frozen=True, kw_only=True)
class Content:
    """The content of a message: words, a file, or its effect on an earlier message.

    ``choice`` is the id of the button or row that was tapped, ``text`` its title.
    A notice of a change names the customer's ``former_user_id`` and new identity, ``moved_to``.
    """

    text: str = ""
    choice: str = ""
    media: Media | None = None
    effect: Effect = Effect.WORDS
    refers_to: str = ""
    emoji: str = ""
    moved_to: Person | None = None
    former_user_id: str = ""
    more: tuple[Media, ...] = ()

    @property
    def files(self) -> tuple[Media, ...]:
        """All files, in their order; only a form has more than one."""
        return (self.media, *self.more) if self.media else ()


class Way(StrEnum):
    """How a message came about."""

    CUSTOMER = "customer"
    ECHO = "echo"
    HISTORY = "history"


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """One message; ``sent_at`` is Meta's clock, None where it is missing.

    ``refers_to`` is Meta's id of the message that it answers, reacts to, edits or deletes. Of an
    echo, which a colleague wrote outside Parley, ``person`` is the customer who reads it. In a
    ``group``, an id of Meta's, ``person`` is the one of its people who wrote.
    """

    id: str
    kind: str
    person: Person
    sent_at: datetime | None
    content: Content
    refers_to: str = ""
    referral: Mapping[str, str] = field(default_factory=dict)
    cards: tuple[Mapping[str, Any], ...] = ()
    way: Way = Way.CUSTOMER
    is_ours: bool = False
    group: str = ""
    phone_number_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Status:
    """The state of a message of ours; ``tracker`` is what we sent along with it."""

    id: str
    state: str
    at: datetime | None
    tracker: str = ""
    error_code: str = ""
    error: str = ""
    phone_number_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A notice about the account: templates, quality, limits; ``value`` is as Meta sent it."""

    field: str
    value: Mapping[str, Any]
    account: str = ""
    at: datetime | None = None
