"""Fixtures of the chats' tests: the demo model over real HTTP."""

from collections.abc import Iterator

import pytest

from tests.chats.servers import DemoModelServer, demo_model_server


@pytest.fixture(scope="session")
def demo_model_process() -> Iterator[DemoModelServer]:
    """Yield one demo model for the whole session, writing as fast as it can."""
    with demo_model_server() as server:
        yield server


@pytest.fixture
def demo_model(demo_model_process: DemoModelServer) -> DemoModelServer:
    """Return the demo model, remembering nothing of earlier tests."""
    demo_model_process.reset()
    return demo_model_process
