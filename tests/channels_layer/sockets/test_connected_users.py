"""Connected users: people with an open socket are reported at once; keys and visitors never."""

from collections.abc import Collection
from datetime import datetime
from unittest.mock import patch

import pytest

from channels_layer.sockets import connected_users
from handoff.models import Agent
from tests.channels_layer.board import in_thread
from tests.channels_layer.lines import connected
from tests.factories import NOON
from tests.servers.waiting import until

pytestmark = [pytest.mark.socket, pytest.mark.usefixtures("transactional_db", "board")]


def presence() -> str:
    return str(Agent.objects.get(user__username="alice").presence)


async def test_a_person_who_comes_is_online(cookie: str) -> None:
    headers = ((b"cookie", cookie.encode()), (b"origin", b"http://testserver"))
    assert await in_thread(presence) == "offline"
    async with connected(headers=headers) as line:
        await line.hello()
        await in_thread(until, lambda: presence() == "online")


async def test_a_key_is_nobody(key: str) -> None:
    reported: list[Collection[str]] = []

    def note(senders: Collection[str], at: datetime) -> None:
        reported.append(senders)

    with patch.object(connected_users, "_listeners", [note]):
        async with connected(token=key) as line:
            await line.send(type="ping")
            await line.next()
    assert reported == []


def test_one_that_fails_keeps_no_other_from_hearing() -> None:
    reported: list[Collection[str]] = []

    def fail(senders: Collection[str], at: datetime) -> None:
        raise RuntimeError

    def note(senders: Collection[str], at: datetime) -> None:
        reported.append(senders)

    with patch.object(connected_users, "_listeners", [fail, note]):
        connected_users.report({"user:1"}, NOON)
    assert reported == [{"user:1"}]
