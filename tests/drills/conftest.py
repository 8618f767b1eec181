"""What drills share: how often, on which database, and how they end: with the auditor."""

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from tests.drills.shop import Shop
from tests.servers import template
from tests.servers.parley import AppProcesses
from tests.servers.postgres import MIGRATED, postgres_server

SMALL = 40
FULL = 1000


@pytest.fixture(scope="session")
def races() -> int:
    """Return how many times a race is run: 40, or 1,000 at full size."""
    return FULL if os.environ.get("DRILL_ROUNDS") == "full" else SMALL


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Yield a PostgreSQL of the drills' own, in which each module has a database."""
    with postgres_server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"], scope="module")
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return each database in turn, as ``DATABASE_URL``."""
    if request.param == "sqlite":
        database = tmp_path_factory.mktemp("race") / "race.sqlite3"
        template.copy_migrated(database)
        return f"sqlite:///{database}"
    server: str = request.getfixturevalue("postgres_url")
    name = f"drill_{uuid4().hex}"
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(MIGRATED)))
    return urlsplit(server)._replace(path=f"/{name}").geturl()


@pytest.fixture(scope="session")
def demo(app: AppProcesses) -> dict[str, Any]:
    """Return the demo data's keys and ids."""
    return app.demo()


@pytest.fixture(scope="module")
def audited(app: AppProcesses, demo: dict[str, Any]) -> Iterator[Shop]:
    """Yield the shop's system; whatever the drills of a file did, the auditor finds nothing."""
    shop = Shop(app, demo)
    yield shop
    shop.close()
    app.wait_until_ready()
    app.assert_sound(shop.acknowledged)


@pytest.fixture
def shop(app: AppProcesses, audited: Shop) -> Shop:
    """Return the shop's system, while everything is up."""
    app.wait_until_ready()
    return audited
