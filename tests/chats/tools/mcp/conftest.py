"""A server of tools on loopback, which the safe client may reach."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from chats.tools.mcp.sessions import Endpoint
from tests.fakes.mcp_server import FakeMcp
from tests.servers.asgi import serving


@pytest.fixture
def fake() -> FakeMcp:
    """Return the server."""
    return FakeMcp()


@pytest.fixture
def url(fake: FakeMcp, settings: Settings) -> Iterator[str]:
    """Serve it."""
    with serving(fake) as port:
        settings.OUTGOING_ALLOW = frozenset({("127.0.0.1", port)})
        yield f"http://127.0.0.1:{port}/mcp"


@pytest.fixture
def endpoint(url: str) -> Endpoint:
    """Return how it is reached."""
    return Endpoint(url, 5.0)
