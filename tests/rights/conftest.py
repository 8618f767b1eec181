"""The world that rights are tried in."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.rights import world
from tests.rights.world import World


@pytest.fixture
def quiet() -> Iterator[None]:
    """Write no line for each of thousands of refusals."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def filled(db: None, quiet: None, settings: Settings, tmp_path: Path) -> World:
    """Return everything that a URL may name, and files in a folder of this test."""
    settings.SEND_INTERVAL_SECONDS = 0
    settings.MEDIA_ROOT = tmp_path
    # A proposal asks the model, a sync Meta, which is not what is looked at here.
    settings.LLM_BASE_URL = "http://127.0.0.1:9/v1"
    settings.WHATSAPP_GRAPH_URL = "http://127.0.0.1:9"
    return world.make()
