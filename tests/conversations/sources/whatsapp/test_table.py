"""The table of all that Meta sends: no token is read, rows have names, and the docs hold it."""

from pathlib import Path

from config.demo.graph import table
from config.demo.graph.table import docs
from config.demo.graph.table.row import Row
from config.demo.graph.world import Json
from conversations import origins
from conversations.sources.whatsapp import parser
from conversations.sources.whatsapp.parser import Incoming, Parsed
from tests.conversations.sources.whatsapp import payloads
from tests.conversations.sources.whatsapp.shop import demo_chat

PAGE = Path(__file__).parents[4] / "docs" / "whatsapp.md"


def parsed(row: Row) -> Parsed:
    return parser.parse(
        payloads.dumped(payloads.envelope(table.made(row, demo_chat()), field=row.field))
    )


def shown(one: Incoming) -> str:
    """Return what staff read of a message: what stands beside it, its words, its files."""
    files = [file.name for file in one.content.files]
    return "\n".join(filter(None, [origins.words_of(one.cards), one.content.text, *files]))


def test_no_row_shows_the_token_of_a_form() -> None:
    everything = [shown(one) for row in table.ROWS for one in parsed(row).messages]
    assert len(everything) > 40
    assert not [text for text in everything if "secret" in text or "flow_token" in text]


def test_rows_have_names_of_their_own() -> None:
    assert len(table.BY_NAME) == len(table.ROWS)


def test_the_docs_hold_the_table() -> None:
    assert docs.filled(PAGE.read_text()) == PAGE.read_text(), docs.HOW


def test_the_docs_change_when_the_table_does() -> None:
    page: str = f"a\n{docs.BEGIN}\nold\n{docs.END}\nb"
    assert docs.filled(page).startswith(f"a\n{docs.BEGIN}\n\n| Meta sends |")
    assert docs.filled(page).endswith(f"{docs.END}\nb")


def test_a_customer_without_a_number_is_named_by_the_user_id() -> None:
    talk = demo_chat()
    talk.person.phone = ""
    value: Json = table.made(table.BY_NAME["messages: text"], talk)
    (message,) = value["messages"]
    assert "from" not in message
    assert message["from_user_id"] == talk.person.user_id
