"""The servers as fixtures; ``tests/conftest.py`` hands them to every test."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext
from pytest_django import Settings

from tests.channel_layers import redis_layer
from tests.journeys import client as contract
from tests.servers.browser import running_browser
from tests.servers.parley import AppProcesses
from tests.servers.redis import RedisServer, running_redis

Enter = Callable[[BrowserContext, str], None]


@pytest.fixture(scope="session")
def redis_process() -> Iterator[RedisServer]:
    """Yield one Redis for the session."""
    with running_redis() as server:
        yield server


@pytest.fixture
def redis_server(redis_process: RedisServer, settings: Settings) -> Iterator[RedisServer]:
    """Yield an empty Redis that the settings and the channel layer point to, as in a deployment."""
    redis_process.flush()
    settings.REDIS_URL = redis_process.url
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": redis_process.url,
        }
    }
    with redis_layer(redis_process.url):
        yield redis_process


@pytest.fixture(scope="session")
def app() -> Iterator[AppProcesses]:
    """Yield one whole running Parley with demo data for the session."""
    instance = AppProcesses()
    instance.start()
    yield instance
    instance.stop()
    shutil.rmtree(instance.data_dir, ignore_errors=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Yield one Chromium for the session."""
    with running_browser() as running:
        yield running


@pytest.fixture(scope="session")
def enter(app: AppProcesses) -> Enter:
    """How a window becomes somebody's: by the session of one who has signed in once."""
    kept: dict[str, Any] = {}

    def enter(window: BrowserContext, name: str) -> None:
        if name not in kept:
            with contract.session(app.url, name) as client:
                cookies = client.cookies.items()
            kept[name] = [{"name": key, "value": value, "url": app.url} for key, value in cookies]
        window.add_cookies(kept[name])

    return enter


@pytest.fixture
def window(browser: Browser, app: AppProcesses) -> Iterator[BrowserContext]:
    """Yield a fresh browser window on the running Parley: no cookies, 1440 by 900."""
    context = browser.new_context(base_url=app.url, viewport={"width": 1440, "height": 900})
    yield context
    context.close()
