"""What is read: the inbox's list, searches, threads, and what a socket follows."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from conversations.models import Conversation
from tests import factories
from tests.api import clients
from tests.api.clients import V1
from tests.channels_layer.board import in_thread
from tests.channels_layer.lines import Line, connected
from tests.conversations.conftest import says, signed_in
from tests.conversations.sources.widget.conftest import Frame
from tests.queries import statements_elsewhere
from tests.statements import table
from tests.statements.conftest import Count

pytestmark = pytest.mark.both_databases

ANY_PAGE = "page of the list, filtered or not, at any depth"


def begun(noon: datetime) -> list[Conversation]:
    """Return seven conversations in which something was said."""
    rows = [factories.conversation() for _ in range(7)]
    for number, row in enumerate(rows):
        says(row, f"The lamp flickers, order A-{number}", noon + timedelta(minutes=number))
    return rows


@pytest.fixture
def talks(db: None, noon: datetime) -> list[Conversation]:
    """Seven conversations in which something was said."""
    return begun(noon)


@pytest.mark.usefixtures("talks")
@pytest.mark.parametrize(
    ("name", "query", "length"),
    [
        (ANY_PAGE, {}, 5),
        (ANY_PAGE, {"status": "open", "source": "api", "activity": "low"}, 5),
        ("page of the list, searched by words", {"search": "flickers a-3"}, 1),
        ("page of the list, searched by a common word", {"search": "flickers"}, 5),
        ("page of the list, searched by two letters", {"search": "vi"}, 5),
        ("page of the list, searched and nothing found", {"search": "nothing at all"}, 0),
    ],
)
def test_a_page_of_the_list(
    name: str, query: dict[str, str], length: int, count: Count, alice: User
) -> None:
    client = clients.browser(alice)

    def read() -> None:
        page = client.get(f"{V1}/conversations/", {"limit": "5", **query}).json()
        assert len(page["results"]) == length

    count(name, read)


@pytest.mark.usefixtures("talks")
def test_a_page_in_the_depth(count: Count, alice: User) -> None:
    client = clients.browser(alice)
    first = client.get(f"{V1}/conversations/", {"limit": "5"}).json()

    def read() -> None:
        assert (
            len(
                client.get(f"{V1}/conversations/", {"limit": "5", "cursor": first["next"]}).json()[
                    "results"
                ]
            )
            == 2
        )

    count(ANY_PAGE, read)


def test_a_thread(count: Count, alice: User, talks: list[Conversation]) -> None:
    client = clients.browser(alice)

    def read() -> None:
        page = client.get(f"{V1}/conversations/{talks[0].pk}/messages/").json()
        assert len(page["results"]) == 1

    count("newest messages of a thread over REST", read)


def test_a_thread_in_the_widget(count: Count, victor: Frame) -> None:
    opened = victor.start()
    assert victor.say(opened, "Where is my lamp?").status_code == 201

    def read() -> None:
        assert len(victor.get(f"conversations/{opened}/messages").json()["results"]) == 1

    count("newest messages of a thread in the widget", read)


def test_a_page_of_the_interface(count: Count, alice: User, talks: list[Conversation]) -> None:
    page = signed_in(alice)

    def show() -> None:
        assert page.get(f"/conversations/{talks[0].pk}/").status_code == 200

    count("page of the inbox with an open thread, as HTML", show)


@pytest.mark.socket
@pytest.mark.django_db(transaction=True)
async def test_a_socket(noon: datetime) -> None:
    topic, cookie = await in_thread(_talking, noon)
    with statements_elsewhere() as made:
        async with connected(headers=((b"cookie", cookie),)) as line:
            await line.hello()
            head = (await line.follow(topic, after=0))["head"]
            behind = await _follow(line, topic, made, after=0)
            table.compare("socket follows a thread, some events behind", behind)
            newest = await _follow(line, topic, made, after=head)
            table.compare("socket follows a thread, nothing behind", newest)


def _talking(noon: datetime) -> tuple[str, bytes]:
    client = Client()
    client.force_login(factories.person("alice"))
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    return begun(noon)[0].topic, cookie.encode()


async def _follow(line: Line, topic: str, made: list[str], *, after: int) -> list[str]:
    """Follow, and return the statements that were made for it; what was asked before is over."""
    await line.send(type="ping")
    await line.receive("pong")
    made.clear()
    await line.follow(topic, after=after)
    # Frames are handled one after the other.
    await line.send(type="ping")
    await line.receive("pong")
    return list(made)
