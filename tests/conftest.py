"""Fixtures that every test may use: the time, the cast and the servers."""

import gc
import os
from collections.abc import Generator, Iterator
from datetime import datetime

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import TransactionTestCase
from django.utils import translation

from channels_layer.access.actors import System
from config import catalogues
from conversations.models import Conversation
from handoff import services as handoff
from tests import factories, tables
from tests.objects import violations
from tests.servers import template
from tests.servers.fixtures import app, browser, enter, redis_process, redis_server, window
from tests.servers.network import loopback_only

__all__ = ["app", "browser", "enter", "loopback_only", "redis_process", "redis_server", "window"]

_ONLY_WHEN_ASKED_FOR = {"browser", "drill", "bench"}


@pytest.hookimpl(wrapper=True)
def pytest_cmdline_main() -> Generator[None, object, object]:
    """Compile the catalogues; let the workers of a session share the prepared data folders."""
    # Until all tests are collected nothing is garbage.
    gc.disable()
    catalogues.compile_stale()
    with template.shared():
        return (yield)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes long, unless ``-m`` asks for it, and PostgreSQL's tests on SQLite."""
    left_out = set() if config.option.markexpr else set(_ONLY_WHEN_ASKED_FOR)
    if "sqlite" in settings.DATABASES["default"]["ENGINE"]:
        left_out.add("postgres")
    kept: list[pytest.Item] = []
    deselected: list[pytest.Item] = []
    for item in items:
        is_left_out = any(item.get_closest_marker(name) for name in left_out)
        (deselected if is_left_out else kept).append(item)
    config.hook.pytest_deselected(items=deselected)
    items[:] = kept


def pytest_collection_finish() -> None:
    """Spare the garbage collector what stays to the end anyway: modules and tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)
    gc.enable()


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Leave no language of a request to the next test."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session", autouse=True)
def emptied() -> Iterator[None]:
    """Empty the tables after a test with real commits, and make no permissions anew."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", tables.empty)
        yield


@pytest.fixture(scope="session", autouse=True)
def declared_to_the_end(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let all processes note what they send undeclared; fail when servers did so while ending."""
    os.environ[violations.VARIABLE] = str(tmp_path_factory.mktemp("objects") / "violations")
    yield
    violations.fail_on_any()


@pytest.fixture(autouse=True)
def declared() -> Iterator[None]:
    """Fail when a test, or a server that it uses, sends what no object declares."""
    yield
    violations.fail_on_any()


@pytest.fixture
def noon() -> datetime:
    """Return the time at which things happen in the tests."""
    return factories.NOON


@pytest.fixture
def alice(db: None) -> User:
    """Return an agent."""
    return factories.person("alice")


@pytest.fixture
def bob(db: None) -> User:
    """Another agent."""
    return factories.person("bob")


@pytest.fixture
def carol(db: None) -> User:
    """Return a supervisor."""
    return factories.person("carol", role="supervisor")


@pytest.fixture
def mallory(db: None) -> User:
    """Return a user who can sign in and has no role."""
    return factories.UserFactory.create(username="mallory")


@pytest.fixture
def conversation(db: None) -> Conversation:
    """Victor's conversation with Ada, the floor hers."""
    return factories.conversation()


@pytest.fixture
def waiting(conversation: Conversation, noon: datetime) -> Conversation:
    """Victor's conversation, waiting for a person."""
    return handoff.join(floor=conversation, by=System(name="Ada"), at=noon, reason="refund")
