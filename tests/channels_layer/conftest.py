"""Topics and events of the tests' own, and clients of the socket."""

from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from django.test import Client

from channels_layer.access import keys
from channels_layer.access.keys import ALL_SCOPES
from channels_layer.log import events, topics
from channels_layer.log.events import EventType, Kind, Representation
from channels_layer.log.topics import TopicKind
from channels_layer.sockets.consumer import commands
from tests import factories
from tests.channels_layer.board import Board
from tests.channels_layer.lines import Line, connected
from tests.event_objects import Row, Said, Waving
from tests.factories import NOON
from tests.registries import restored

Connect = Callable[..., AbstractAsyncContextManager[Line]]


@pytest.fixture
def board() -> Iterator[Board]:
    """Yield a durable topic ``note:<id>`` and a summary topic ``board``, for this test alone."""
    board = Board()
    types = [
        EventType("said", Said, Kind.DURABLE, "note", "Words.", visitor=Representation(Said)),
        EventType("whispered", Said, Kind.DURABLE, "note", "Not for visitors."),
        EventType("piece", Said, Kind.STREAM, "note", "A piece.", visitor=Representation(Said)),
        EventType("waving", Waving, Kind.EPHEMERAL, "note", "Somebody waves."),
        EventType("row", Row, Kind.SUMMARY, "board", "A row of the board."),
    ]
    with restored(events._types, topics._kinds, topics._snapshots, commands):
        events.register(*types)
        topics.register(TopicKind("note", durable=True, may_follow=board.may_follow))
        topics.register(
            TopicKind("board", durable=False, may_follow=board.may_follow, recent=board.recent)
        )
        yield board


@pytest.fixture
def key(transactional_db: None) -> str:
    """Return the secret of an API key that may do everything."""
    return keys.issue(name="Shop", scopes=ALL_SCOPES, at=NOON)[1]


@pytest.fixture
def cookie(transactional_db: None) -> str:
    """Return the session cookie of alice."""
    client = Client()
    client.force_login(factories.person("alice"))
    return f"sessionid={client.cookies['sessionid'].value}"


@pytest.fixture
def line(key: str, board: Board) -> Connect:
    """Connects a client that was welcomed with an API key."""

    def connect(**options: Any) -> AbstractAsyncContextManager[Line]:
        return connected(token=key, **options)

    return connect
