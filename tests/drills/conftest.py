"""What drills share: how often, on which database, and how they end: with the auditor."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.drills.shop import Shop
from tests.servers.parley import AppProcesses
from tests.servers.postgres import postgres_server

SMALL = 100
FULL = 1000


@pytest.fixture(scope="session")
def races() -> int:
    """How many times a race is run: 100, or 1,000 at full size."""
    return FULL if os.environ.get("DRILL_ROUNDS") == "full" else SMALL


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """An empty PostgreSQL of the drills' own."""
    with postgres_server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Each database in turn, as ``DATABASE_URL``."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/race.sqlite3"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(scope="session")
def demo(app: AppProcesses) -> dict[str, Any]:
    """The demo data's keys and ids."""
    return app.demo()


@pytest.fixture
def shop(app: AppProcesses, demo: dict[str, Any]) -> Iterator[Shop]:
    """The shop's system; whatever the drill does, the auditor finds nothing afterwards."""
    app.wait_until_ready()
    shop = Shop(app, demo)
    yield shop
    shop.close()
    app.wait_until_ready()
    app.assert_sound(shop.acknowledged)
