"""Fixtures of the live tests: a worker's event loop, speaking with the demo model."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any
from uuid import uuid4

import orjson
import pytest
from pytest_django import Settings
from pytest_httpserver import HTTPServer

from channels_layer import times
from channels_layer.transport import broadcast
from channels_layer.transport.broadcast import Frames
from chats.engine.retries import Retries
from chats.live import Runtime
from conversations.models import Conversation
from tests.channel_layers import Recorded, recorded
from tests.chats.live.models import Model
from tests.chats.servers import DemoModelServer

Json = dict[str, Any]
HASTY = Retries(shortest=0.01, longest=0.02)


@pytest.fixture(scope="session")
def shared_runtime(django_db_setup: None) -> Iterator[Runtime]:
    """Yield one worker's event loop for the session."""
    runtime = Runtime(times.now, HASTY)
    yield runtime
    runtime.close()


@pytest.fixture
def runtime(
    shared_runtime: Runtime,
    transactional_db: None,
    demo_model: DemoModelServer,
    settings: Settings,
) -> Runtime:
    """Return a worker's event loop, speaking with the demo model."""
    settings.LLM_BASE_URL = demo_model.url
    settings.IS_DEMO_MODEL = True
    settings.SEND_INTERVAL_SECONDS = 0
    return shared_runtime


@pytest.fixture
def leaving(runtime: Runtime) -> Iterator[Runtime]:
    """Start another worker's event loop, which the test may stop."""
    other = Runtime(times.now, HASTY)
    yield other
    other.close()


@contextmanager
def answering(runtime: Runtime, conversation: Conversation) -> Iterator[None]:
    """Let a worker answer meanwhile; wait for it at the end."""
    thread = Thread(target=runtime.answer, args=[conversation.pk])
    thread.start()
    try:
        yield
    finally:
        thread.join(10)
    assert not thread.is_alive()


class Audience:
    """Everybody who watches: what staff and visitors get."""

    def __init__(self, record: Recorded) -> None:
        self._record = record

    @property
    def staff(self) -> list[Json]:
        """What staff got."""
        return [orjson.loads(frames.staff) for frames in self._frames() if frames.staff]

    @property
    def visitors(self) -> list[Json]:
        """What visitors got."""
        return [orjson.loads(frames.visitor) for frames in self._frames() if frames.visitor]

    def chunks(self) -> list[Json]:
        """Return the data of all chunks."""
        return [frame["data"] for frame in self.staff if frame["type"] == "chunk"]

    def states(self) -> list[str]:
        """Return what the run was seen doing."""
        return [frame["data"]["state"] for frame in self.staff if frame["type"] == "status"]

    def text(self) -> str:
        """Return the text that a client holds that followed the rules of CONTRACT 5."""
        text, attempt = "", 0
        for data in self.chunks():
            if data.get("snapshot") or data["attempt"] > attempt:
                text, attempt = "", data["attempt"]
            if data["offset"] == len(text):
                text += data["text"]
        return text

    def _frames(self) -> list[Frames]:
        groups = self._record.items
        return [
            broadcast.unpack(item)[1]
            for group, item in groups
            if group.startswith("topic.conversation")
        ]


@pytest.fixture
def audience(runtime: Runtime) -> Iterator[Audience]:
    """Everybody who watches."""
    with recorded() as record:
        yield Audience(record)


@pytest.fixture
def model(runtime: Runtime, httpserver: HTTPServer, settings: Settings) -> Iterator[Model]:
    """Yield a model server of which nothing is known, and that the test tells what to say."""
    settings.LLM_BASE_URL = httpserver.url_for("/v1")
    settings.IS_DEMO_MODEL = False
    settings.LLM_API_KEY = str(uuid4())  # another one is another provider, which has learnt nothing
    model = Model(httpserver)
    yield model
    model.goes_on.set()
    for request, _ in httpserver.log:
        request.close()
