"""Free ports on loopback, and waiting for what should answer there."""

import socket
import time
from collections.abc import Callable


def free_port() -> int:
    """Return a port that is free at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_open(port: int) -> bool:
    """Return whether a process listens on a port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(what: str, is_so: Callable[[], bool], *, within: float, every: float = 0.05) -> float:
    """Wait until ``is_so()``; return the seconds it took, or fail saying ``what`` was awaited."""
    began = time.monotonic()
    while not is_so():
        if time.monotonic() - began > within:
            message = f"{what} did not happen within {within} s."
            raise AssertionError(message)
        time.sleep(every)
    return time.monotonic() - began
