"""Waiting: for what is to happen, by looking again, or to see that something does not happen."""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from playwright.sync_api import Page

Found = TypeVar("Found")

PATIENCE = 20.0
"""Seconds until a test gives up; a busy machine is slow, not wrong."""
_STEP = 0.02


def until(
    find: Callable[[], Found], *, within: float = PATIENCE, page: Page | None = None
) -> Found:
    """Poll until ``find()`` is true and return its result; a ``page`` goes on meanwhile."""
    ends = time.monotonic() + within
    while not (found := find()):
        assert time.monotonic() < ends, f"It did not come to pass within {within} s."
        _pass(_STEP, page)
    return found


def stays(is_so: Callable[[], object], *, during: float, page: Page | None = None) -> None:
    """See that ``is_so()`` holds all the while, however late something might come."""
    ends = time.monotonic() + during
    while time.monotonic() < ends:
        assert is_so()
        _pass(min(_STEP, during), page)
    assert is_so()


def work_goes_on(seconds: float, *, page: Page | None = None) -> None:
    """Let what is under way get further, where nothing shows how far it is."""
    _pass(seconds, page)


async def eventually(is_so: Callable[[], object], *, within: float = PATIENCE) -> None:
    """Poll until ``is_so()`` is true, and let the loop go on meanwhile."""
    ends = time.monotonic() + within
    while not is_so():
        assert time.monotonic() < ends, f"It did not come to pass within {within} s."
        await awhile(_STEP)


async def awhile(seconds: float) -> None:
    """Let the loop go on with what is under way, or keep a pace."""
    await asyncio.sleep(seconds)


def _pass(seconds: float, page: Page | None) -> None:
    # A page handles requests and routes only while Playwright is called.
    if page:
        page.wait_for_timeout(seconds * 1000)
    else:
        time.sleep(seconds)
