"""What a webhook tells of, once read; an empty string is what was not told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Effect(StrEnum):
    """What a message does to the conversation."""

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
        """Whether there is anything to tell this person from others."""
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
    """What is in a message: words, a file, or what it does to an earlier message.

    ``choice`` is the id of the button or row that was tapped, ``text`` its title.
    A notice of a change tells who the customer was, ``former_user_id``, and is, ``moved_to``.
    """

    text: str = ""
    choice: str = ""
    media: Media | None = None
    effect: Effect = Effect.WORDS
    refers_to: str = ""
    emoji: str = ""
    moved_to: Person | None = None
    former_user_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """One message of a customer; ``sent_at`` is Meta's clock, None where it was not told.

    ``refers_to`` is Meta's id of the message that it answers, reacts to, edits or deletes.
    """

    id: str
    kind: str
    person: Person
    sent_at: datetime | None
    content: Content
    refers_to: str = ""
    referral: Mapping[str, str] = field(default_factory=dict)
    phone_number_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Status:
    """How far a message of ours has come; ``tracker`` is what we gave along when sending it."""

    id: str
    state: str
    at: datetime | None
    tracker: str = ""
    error_code: str = ""
    error: str = ""
    phone_number_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What concerns the account: templates, quality, limits; ``value`` is as Meta sent it."""

    field: str
    value: Mapping[str, Any]
    account: str = ""
    at: datetime | None = None
