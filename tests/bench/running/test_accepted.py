"""Accepted messages per second, and the computing of each, beside a bare view."""

import asyncio
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import pytest

from tests.bench.clients import HttpClient, run
from tests.bench.figures import (
    MILLI,
    OURS,
    ROUNDS,
    Measures,
    Rounds,
    Show,
    at_least,
    at_most_times,
    in_turns,
)
from tests.bench.processes import KIB, computing
from tests.bench.programs import REFERENCES, listening
from tests.bench.running.parley import API, Parley
from tests.servers import ports, template
from tests.servers.waiting import eventually

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]

MESSAGES = int(os.environ.get("BENCH_MESSAGES", "240"))
CLIENTS = 8
TEXT = (
    "Your parcel **{number}** is on its way.\n\n"
    "- [track it](https://shop.example/{number})\n- at home within `24 h`"
)
VIEW, BY_HAND = "bare Django view", "bare Django view, SQL by hand"


class Side(NamedTuple):
    """Where messages are posted, and the process that takes them."""

    port: int
    path: str
    headers: dict[str, str]
    pid: int
    database: Path

    @property
    def stored(self) -> int:
        """The bytes of the database."""
        with closing(sqlite3.connect(self.database)) as connection:
            pages, size = (
                connection.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("page_count", "page_size")
            )
        return int(pages * size)


class Listener:
    """Counts the messages that one follower was sent."""

    def __init__(self) -> None:
        self.count = 0

    def take(self, payload: bytes) -> None:
        """Take a frame."""
        self.count += b'"message.created"' in payload


@pytest.fixture(scope="module")
def bare_view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Side]:
    """Yield the bare view, on a database with the demo data."""
    folder = tmp_path_factory.mktemp("bare")
    template.copy_prepared(folder)
    port = ports.free_port()
    place = {"DATA_DIR": str(folder), "DEBUG": "on"}
    with listening(port, f"{REFERENCES}.bare_view", str(port), **place) as pid:
        yield Side(port, "/conversations/", {}, pid, folder / template.DATABASE)


@pytest.mark.parametrize("has_key", [False, True], ids=["plain", "with a key"])
def test_accepted_messages(
    has_key: bool,  # noqa: FBT001 - a parameter of the table
    parley: Parley,
    bare_view: Side,
    show: Show,
) -> None:
    rounds = run(measured(parley, bare_view, has_key=has_key))
    name = ", with Idempotency-Key" if has_key else ""
    for what in (VIEW, BY_HAND):
        is_goal = what == VIEW
        most = at_most_times(3) if is_goal else None
        least = at_least(150) if is_goal else None
        show(rounds.figure(f"accepted messages{name}", "1/s", "per second", what=what, goal=least))
        cost = f"computing per accepted message{name}"
        show(rounds.figure(cost, "ms", "computing", what=what, goal=most))
    show(rounds.figure(f"database per accepted message{name}", "KiB", "stored", what=VIEW))


async def measured(parley: Parley, view: Side, *, has_key: bool) -> Rounds:
    """Post on each side in turns; the follower of ours has to get all of it."""
    conversation, listener = await parley.conversation(), Listener()
    await conversation.follow_with(listener.take)
    bare = await HttpClient.open(view.port)
    begun = (await bare.post(view.path, {})).json()["id"]
    ours = Side(
        port=parley.instance.port,
        path=f"{API}/conversations/{conversation.id}/messages/",
        headers=parley.headers,
        pid=parley.instance.pid("web"),
        database=parley.instance.data_dir / template.DATABASE,
    )
    sides = {
        OURS: ours,
        VIEW: view._replace(path=f"/orm/{begun}/"),
        BY_HAND: view._replace(path=f"/sql/{begun}/"),
    }
    for side in sides.values():
        await posted(side, CLIENTS, has_key=has_key)
    rounds = await in_turns(
        {name: partial(posted, side, MESSAGES, has_key=has_key) for name, side in sides.items()}
    )
    await eventually(lambda: listener.count == CLIENTS + ROUNDS * MESSAGES)
    conversation.close()
    bare.close()
    return rounds


async def posted(side: Side, messages: int, *, has_key: bool) -> Measures:
    """Post so many messages by several clients, each of which waits for its answers."""
    clients = [await HttpClient.open(side.port, side.headers) for _ in range(CLIENTS)]
    numbers = iter(range(messages))

    async def post(client: HttpClient) -> None:
        for number in numbers:
            body = {"text": TEXT.format(number=number), "client_id": uuid4().hex}
            key = {"Idempotency-Key": uuid4().hex} if has_key else {}
            answer = await client.post(side.path, body, key)
            assert answer.status == HTTPStatus.CREATED, answer.body

    stored, before, begun = side.stored, computing(side.pid), time.monotonic()
    await asyncio.gather(*(post(client) for client in clients))
    seconds, computed = time.monotonic() - begun, computing(side.pid) - before
    for client in clients:
        client.close()
    return {
        "per second": messages / seconds,
        "computing": computed / messages * MILLI,
        "stored": (side.stored - stored) / messages / KIB,
    }
