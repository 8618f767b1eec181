"""The world: numbers, customers, what they wrote each other, files; kept in memory."""

import asyncio
from base64 import b64encode
from collections import Counter, deque
from dataclasses import dataclass, field
from secrets import token_bytes, token_hex
from time import time
from typing import Any

from config.demo.graph import templates
from config.demo.graph.failures import Failure
from config.demo.graph.senders import Sender

Json = dict[str, Any]
WINDOW = 24 * 3600
URL_SECONDS = 300
"""How long the address of a file is good."""
REQUESTS_KEPT = 5000
ORDER = ("accepted", "sent", "delivered", "read", "failed")
_UNKNOWN_OBJECT, _EXPIRED_TOKEN = 100, 190


@dataclass(kw_only=True)
class Number:
    """One number of the business, and what Meta thinks of it."""

    sender: Sender
    quality_rating: str = "GREEN"
    messaging_limit: str = "TIER_250"
    is_restricted: bool = False
    templates: list[Json] = field(default_factory=templates.fresh)


@dataclass(kw_only=True)
class Person:
    """A customer; ``phone`` (digits) is empty for those who keep it to themselves."""

    id: str
    name: str
    user_id: str
    phone: str = ""
    username: str = ""

    def is_known_as(self, name: str) -> bool:
        """Return whether ``name`` is this person's number or user id."""
        return bool(name) and name in {self.phone, self.user_id}


CUSTOMERS = (
    ("Elin Bergström", "46701740605", "SE.7C1E0A52D4"),
    ("Jonas Vik", "46701740612", "SE.19B4F07731"),
    ("Amira Haddad", "", "SE.A3D95E1C60"),
)
"""Name, number and user id of the demo's customers; one keeps the number to herself."""


@dataclass(kw_only=True)
class Item:
    """One bubble on the phone."""

    id: str
    is_mine: bool
    kind: str
    content: Json
    at: float
    reply_to: str = ""
    status: str = "accepted"
    error: str = ""
    tracker: str = ""
    is_echo: bool = False
    reactions: dict[str, str] = field(default_factory=dict)

    def move(self, status: str) -> bool:
        """Go forward to ``status``; False where it stands there already or further on."""
        if ORDER.index(status) <= ORDER.index(self.status):
            return False
        self.status = status
        return True


@dataclass(kw_only=True)
class Chat:
    """What one customer and one number wrote each other, oldest first."""

    number: Number
    person: Person
    items: list[Item] = field(default_factory=list)
    typing_until: float = 0.0

    def item(self, item_id: str) -> Item:
        """Return one bubble; unknown ones are refused."""
        for item in reversed(self.items):
            if item.id == item_id:
                return item
        raise Failure(_UNKNOWN_OBJECT, f"There is no message {item_id}.")

    @property
    def is_open(self) -> bool:
        """Whether the business may write freely; so too to people who never wrote."""
        mine = [item.at for item in self.items if item.is_mine]
        return not mine or max(mine) + WINDOW > time()


@dataclass(frozen=True, kw_only=True)
class File:
    """A file that was uploaded by one of both sides."""

    id: str
    data: bytes
    mime_type: str
    sha256: str
    name: str = ""


class World:
    """Everything that the demo Graph remembers."""

    def __init__(self) -> None:
        """Start empty but for the demo's customers."""
        self.numbers: dict[str, Number] = {}
        self.people: dict[str, Person] = {}
        self.chats: dict[tuple[str, str], Chat] = {}
        self.files: dict[str, File] = {}
        self.addresses: dict[str, tuple[str, float]] = {}
        self.requests: deque[Json] = deque(maxlen=REQUESTS_KEPT)
        self.trackers: Counter[str] = Counter()
        self.taken = 0
        self.receipts = {"delivered": True, "read": False}
        self.version = 0
        self._news = asyncio.Event()
        for name, phone, user_id in CUSTOMERS:
            self.meet(name=name, phone=phone, user_id=user_id)

    def add(self, sender: Sender) -> Number:
        """Add ``sender``, or change where its webhooks go."""
        known = self.numbers.get(sender.phone_number_id)
        if known:
            known.sender = sender
        else:
            known = self.numbers[sender.phone_number_id] = Number(sender=sender)
        self.changed()
        return known

    def number(self, phone_number_id: str) -> Number:
        """Return a number; unknown ones are refused."""
        if phone_number_id not in self.numbers:
            raise Failure(_UNKNOWN_OBJECT, f"Object with ID '{phone_number_id}' does not exist.")
        return self.numbers[phone_number_id]

    def account(self, business_account_id: str) -> Number:
        """Return the first number of a business; unknown ones are refused."""
        for number in self.numbers.values():
            if number.sender.business_account_id == business_account_id:
                return number
        raise Failure(_UNKNOWN_OBJECT, f"Object with ID '{business_account_id}' does not exist.")

    def check_token(self, authorization: str, number: Number | None = None) -> None:
        """Refuse a request without the token of ``number``, or of any."""
        accepted = [number] if number else list(self.numbers.values())
        if not any(authorization == f"Bearer {one.sender.access_token}" for one in accepted):
            raise Failure(_EXPIRED_TOKEN, "Error validating access token.")

    def person(self, name: str) -> Person:
        """Return the customer with this number or user id; new ones appear as such."""
        for person in self.people.values():
            if person.is_known_as(name):
                return person
        digits = name if name.isdigit() else ""
        return self.meet(name=f"+{digits}" if digits else name, phone=digits, user_id=name)

    def meet(self, *, name: str, phone: str = "", user_id: str = "") -> Person:
        """Let a new customer appear; without ``phone`` only a user id names them."""
        person_id = token_hex(4)
        known_as = user_id if user_id and not user_id.isdigit() else f"SE.{token_hex(8).upper()}"
        person = Person(id=person_id, name=name, phone=phone, user_id=known_as)
        if not phone:
            person.username = name.lower().replace(" ", ".")
        self.people[person_id] = person
        self.changed()
        return person

    def chat(self, number: Number, person: Person) -> Chat:
        """Return what both wrote each other."""
        key = (number.sender.phone_number_id, person.id)
        return self.chats.setdefault(key, Chat(number=number, person=person))

    def chat_of(self, number: Number, item_id: str) -> Chat:
        """Return the chat of a number that holds a bubble; unknown ones are refused."""
        for chat in self.chats.values():
            if chat.number is number and any(item.id == item_id for item in chat.items):
                return chat
        raise Failure(_UNKNOWN_OBJECT, f"There is no message {item_id}.")

    def changed(self) -> None:
        """Wake the requests that wait for news."""
        self.version += 1
        self._news.set()
        self._news = asyncio.Event()

    async def news(self, since: int, *, within: float) -> None:
        """Wait until there is something newer than ``since``, at most ``within`` seconds."""
        if self.version > since:
            return
        try:
            await asyncio.wait_for(self._news.wait(), within)
        except TimeoutError:
            return


def new_wamid() -> str:
    """Return a fresh id of a message, in Meta's form."""
    return f"wamid.{b64encode(token_bytes(24)).decode().rstrip('=')}"
