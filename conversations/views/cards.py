"""Cards of a message as a page shows them, and the state of their choices."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from conversations import cards
from conversations.cards.words import CHOICE
from conversations.models import Message

Json = dict[str, Any]
ABREAST = 3
"""How many buttons stand beside one another."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A cell of a table; numbers stand below one another."""

    text: str
    is_number: bool = False


@dataclass(frozen=True, kw_only=True)
class Option:
    """A choice: ``state`` is ``open``, ``chosen`` or ``passed``."""

    number: int
    title: str
    value: str
    description: str = ""
    note: str = ""
    state: str = "open"


@dataclass(frozen=True, kw_only=True)
class ShownCard:
    """One card; ``number`` is its place in the message, ``is_open`` that it can be answered."""

    number: int
    key: str
    kind: str
    title: str = ""
    text: str = ""
    head: Sequence[Cell] = field(default_factory=tuple)
    rows: Sequence[Sequence[Cell]] = field(default_factory=tuple)
    total: Sequence[Cell] = field(default_factory=tuple)
    options: Sequence[Option] = field(default_factory=tuple)
    is_open: bool = False
    picture: Json | None = None
    url: str = ""
    host: str = ""

    @property
    def is_stacked(self) -> bool:
        """Whether its buttons stand below one another."""
        return self.kind == "buttons" and len(self.options) > ABREAST


def cards_of(message: Message, shown: Json, *, answered_at: int) -> list[ShownCard]:
    """Return the cards of a message, whose object with links is ``shown``.

    ``answered_at`` is the position of the customer's newest message: what was offered before it is
    no longer open.
    """
    is_open = message.place > answered_at and message.error != Message.REPLACED
    return [
        _card(message, card, number, is_open=is_open)
        for number, card in enumerate(shown["cards"])
        if card.get("type") in cards.KINDS
    ]


def chose(message: Message) -> str:
    """Return from whose offer a message was chosen, in the reader's language; empty if typed."""
    for card in message.cards:
        if card.get("type") == CHOICE:
            words = (
                _("Chose from %(name)s's list")
                if card.get("kind") == "list"
                else _("Chose from %(name)s's buttons")
            )
            return words % {"name": card.get("author", "")}
    return ""


def _card(message: Message, card: Json, number: int, *, is_open: bool) -> ShownCard:
    chosen = card.get("chosen")
    numbers = frozenset(card.get("numbers") or ())
    return ShownCard(
        number=number,
        key=f"card-{message.pk}-{number}",
        kind=card["type"],
        title=card.get("title", ""),
        text=card.get("text", ""),
        head=_cells(card.get("columns"), numbers),
        rows=[_cells(row, numbers) for row in card.get("rows") or ()],
        total=_cells(card.get("total"), numbers),
        options=list(_options(card, chosen, is_open=is_open)),
        is_open=is_open and chosen is None,
        picture=card.get("file"),
        url=card.get("url", ""),
        host=card.get("host", ""),
    )


def _cells(row: Sequence[Any] | None, numbers: frozenset[int]) -> list[Cell]:
    return [Cell(text=str(cell), is_number=at in numbers) for at, cell in enumerate(row or ())]


def _options(card: Json, chosen: int | None, *, is_open: bool) -> Iterator[Option]:
    """Yield the choices: one that was taken, and the others, which are passed then."""
    for number, option in enumerate(cards.options(card)):
        state = "open" if is_open and chosen is None else "passed"
        yield Option(number=number, **option, state="chosen" if number == chosen else state)
