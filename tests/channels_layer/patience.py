"""Waiting for something that happens in another thread or process."""

import time
from collections.abc import Callable
from typing import Any


def until(condition: Callable[[], Any], *, within: float = 5) -> None:
    """Wait until ``condition()`` holds, or fail."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "It did not come to pass."
        time.sleep(0.01)
