"""Connected users: people with an open socket are reported at once; keys and visitors never."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from channels_layer.signals import users_connected
from channels_layer.sockets import connected_users
from handoff.models import Agent
from tests.channels_layer.board import in_thread
from tests.channels_layer.lines import connected
from tests.factories import NOON
from tests.servers.waiting import until

pytestmark = [pytest.mark.socket, pytest.mark.usefixtures("transactional_db", "board")]


@contextmanager
def reports() -> Iterator[list[Collection[str]]]:
    """Yield what is reported meanwhile."""
    reported: list[Collection[str]] = []

    def note(*, references: Collection[str], **report: Any) -> None:
        reported.append(references)

    users_connected.connect(note)
    try:
        yield reported
    finally:
        users_connected.disconnect(note)


def presence() -> str:
    return str(Agent.objects.get(user__username="alice").presence)


async def test_a_person_who_comes_is_online(cookie: str) -> None:
    headers = ((b"cookie", cookie.encode()), (b"origin", b"http://testserver"))
    assert await in_thread(presence) == "offline"
    async with connected(headers=headers) as line:
        await line.hello()
        await in_thread(until, lambda: presence() == "online")


async def test_a_key_is_nobody(key: str) -> None:
    with reports() as reported:
        async with connected(token=key) as line:
            await line.send(type="ping")
            await line.next()
    assert reported == []


def test_one_that_fails_keeps_no_other_from_hearing(caplog: pytest.LogCaptureFixture) -> None:
    def fail(**report: Any) -> None:
        raise RuntimeError

    users_connected.connect(fail)
    try:
        with reports() as reported:
            connected_users.report({"user:1"}, NOON)
    finally:
        users_connected.disconnect(fail)
    assert reported == [{"user:1"}]
    assert "fail" in caplog.text
