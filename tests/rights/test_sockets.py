"""Sockets: every topic and every frame by everybody, at both sockets."""

import inspect
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from channels_layer.log import topics
from channels_layer.sockets.consumer import SocketConsumer, commands
from tests.channels_layer.lines import STAFF, VISITOR, ClosedError, Line, connected
from tests.rights import table, world
from tests.rights.world import Someone, World

pytestmark = [pytest.mark.socket, pytest.mark.django_db(transaction=True)]

REFUSALS = {"not_found", "forbidden", "invalid"}
NOT_AUTHENTICATED, FORBIDDEN = 4401, 4403
WELCOME = {
    STAFF: {"alice", "bob", "carol", "dora"},
    VISITOR: {"victor", "another visitor", "another widget's visitor"},
}
WITHOUT_ROLE = {"mallory", "the demoted"}


def test_every_topic_is_classified() -> None:
    assert {kind.prefix for kind in topics.kinds()} == set(table.topics())


def test_every_frame_is_classified() -> None:
    own = re.findall(r'case "(\w+)"', inspect.getsource(SocketConsumer._handle))
    assert {*own, *commands} == set(table.frames())


async def test_everybody_receives_what_the_table_says_and_nothing_else() -> None:
    filled = await sync_to_async(world.make)()
    people = await sync_to_async(_everybody)(filled)
    wrong: list[str] = []
    for someone in people:
        for path in (STAFF, VISITOR):
            code = await _try(someone, path, filled, wrong)
            if code != _expected(someone, path):
                wrong.append(f"{path} by {someone.name}: closed with {code}")
    assert not wrong, "\n".join(wrong)


def _everybody(filled: World) -> list[Someone]:
    lines = [*table.topics().values(), *table.frames().values()]
    scopes = {word for words in lines for word in words if ":" in word}
    people = [*world.everybody(filled), world.all_but(*scopes)]
    return people + [world.key(scope, name=scope) for scope in sorted(scopes)]


def _expected(someone: Someone, path: str) -> int | None:
    """With which code the socket lets them down; none when they are welcome."""
    if someone.name in WELCOME[path] or ("key" in someone.words and path == STAFF):
        return None
    is_known = someone.name in WITHOUT_ROLE and path == STAFF
    return FORBIDDEN if is_known else NOT_AUTHENTICATED


async def _try(someone: Someone, path: str, filled: World, wrong: list[str]) -> int | None:
    """Say hello; when welcome, try every topic and frame."""
    async with _line(someone, path) as line:
        try:
            await line.hello(**({"token": someone.token} if someone.token else {}))
        except ClosedError as closed:
            return closed.code
        for frame, is_allowed in _frames(someone, filled):
            if await _is_accepted(line, frame) != is_allowed:
                shown = {key: value for key, value in frame.items() if key != "ref"}
                verb = "refused" if is_allowed else "heard"
                wrong.append(f"{shown} by {someone.name}: {verb}")
    return None


@asynccontextmanager
async def _line(someone: Someone, path: str) -> AsyncIterator[Line]:
    cookie = someone.headers.get("Cookie", "")
    headers = ((b"cookie", cookie.encode()),) if cookie else ()
    async with connected(headers=headers, path=path) as line:
        yield line


def _frames(someone: Someone, filled: World) -> list[tuple[dict[str, Any], bool]]:
    """Return every topic and every frame, with whether this one may."""
    found: list[tuple[dict[str, Any], bool]] = [
        ({"type": "follow", "topic": _topic(prefix, filled)}, someone.may(allowed))
        for prefix, allowed in table.topics().items()
    ]
    of_frame: dict[str, dict[str, Any]] = {
        "hello": {"v": 1},
        "follow": {"topic": f"conversation:{filled.conversation.pk}"},
        "unfollow": {"topic": f"conversation:{filled.conversation.pk}"},
        "typing": {"conversation": str(filled.conversation.pk)},
        "viewing": {"conversation": str(filled.conversation.pk)},
        "read": {"conversation": str(filled.conversation.pk), "position": 1},
        "ping": {},
    }
    for type_, allowed in table.frames().items():
        found.append(({"type": type_, **of_frame[type_]}, someone.may(allowed)))
    return found


def _topic(prefix: str, filled: World) -> str:
    identifiers: dict[str, object] = {
        "conversation": filled.conversation.pk,
        "ticket": filled.ticket.pk,
        "user": filled.bob.pk,
    }
    return f"{prefix}:{identifiers[prefix]}" if prefix in identifiers else prefix


async def _is_accepted(line: Line, frame: dict[str, Any]) -> bool:
    """Return whether the frame is answered by anything but a refusal, before the next ``pong``."""
    await line.send(**frame, ref="tried")
    await line.send(type="ping", ref="after")
    while (answer := await line.next()).get("ref") != "after":
        if answer.get("ref") == "tried" and answer["type"] == "error":
            assert answer["code"] in REFUSALS, answer
            await line.receive("pong")
            return False
    return True
