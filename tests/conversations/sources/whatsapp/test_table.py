"""The table of all that Meta sends: each row is parsed as it says, and stands in the docs."""

from pathlib import Path

import pytest

from config.demo.graph import table
from config.demo.graph.senders import Sender
from config.demo.graph.table import docs
from config.demo.graph.table.row import Row
from config.demo.graph.world import Chat, Json, World
from conversations import origins
from conversations.sources.whatsapp import parser
from conversations.sources.whatsapp.parser import Effect, Incoming, Parsed, Way
from tests.conversations.sources.whatsapp import payloads

PAGE = Path(__file__).parents[4] / "docs" / "whatsapp.md"


def chat() -> Chat:
    world = World()
    sender = Sender.read(
        {
            "sender_id": "s",
            "phone_number_id": payloads.PHONE_NUMBER_ID,
            "webhook": "http://127.0.0.1:9/",
            "app_secret": "secret",
            "access_token": "token",
            "business_account_id": "WABA",
            "display_number": "+46 8 00 00",
        }
    )
    return world.chat(world.add(sender), next(iter(world.people.values())))


def parsed(row: Row) -> Parsed:
    return parser.parse(
        payloads.dumped(payloads.envelope(table.made(row, chat()), field=row.field))
    )


def shown(one: Incoming) -> str:
    """Return what staff read of a message: what stands beside it, its words, its files."""
    files = [file.name for file in one.content.files]
    return "\n".join(filter(None, [origins.told(one.cards), one.content.text, *files]))


def names(*rows: Row) -> list[str]:
    return [row.name for row in rows]


SAID = [row for row in table.ROWS if row.model in {table.SAME, table.COLLEAGUE}]
LINES = [row for row in table.ROWS if row.type.startswith("system") or row.field.startswith("user")]
REST = [row for row in table.ROWS if row not in SAID]


@pytest.mark.parametrize("row", SAID, ids=names(*SAID))
def test_what_is_said_reads_as_the_table_says(row: Row) -> None:
    (found,) = parsed(row).messages
    assert shown(found) == row.staff
    assert found.content.effect == Effect.WORDS
    assert found.is_ours == (row.model == table.COLLEAGUE)
    assert found.person.wa_id == "46701740605"


@pytest.mark.parametrize("row", LINES, ids=names(*LINES))
def test_what_is_a_line_reads_as_the_table_says(row: Row) -> None:
    (found,) = parsed(row).messages
    assert (found.content.text, found.content.effect) == (row.staff, Effect.NOTICE)


@pytest.mark.parametrize("row", REST, ids=names(*REST))
def test_what_is_not_said_begins_no_answer(row: Row) -> None:
    found = parsed(row)
    for one in found.messages:
        assert one.content.effect != Effect.WORDS or one.way == Way.HISTORY
    assert found.messages or found.statuses or found.notices or found.problems


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
    talk = chat()
    talk.person.phone = ""
    value: Json = table.made(table.BY_NAME["messages: text"], talk)
    (message,) = value["messages"]
    assert "from" not in message
    assert message["from_user_id"] == talk.person.user_id
