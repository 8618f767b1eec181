"""Processes of their own for files of strangers, whose readers were not written for enemies.

Such a process gets the file as its input, has little memory and time, no secrets and no network to
gain, and ends with its file. What it takes, this process never holds.
"""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import IO

AT_ONCE = 2
"""Processes that this one has at the same time; whoever comes later waits."""
_ROOT = Path(__file__).resolve().parents[2]
_places = BoundedSemaphore(AT_ONCE)


class ProcessError(Exception):
    """The process ended without a result: it took too long, too much, or never began."""


class BusyError(ProcessError):
    """No place became free within the time."""


@contextmanager
def result_of(
    module: str, *arguments: str, source: IO[bytes], seconds: float
) -> Iterator[IO[bytes]]:
    """Let ``module`` read ``source``, a file of this machine, and yield the file that it wrote.

    :raises ProcessError: it broke its limits or ``seconds`` by the wall clock, or had no place.
    """
    command = [sys.executable, "-P", "-m", module, *arguments]
    if not _places.acquire(timeout=seconds):
        raise BusyError
    with TemporaryFile() as answer:
        try:
            done = subprocess.run(  # noqa: S603 - our own program
                command,
                stdin=source,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                cwd=_ROOT,
                env={"PYTHONPATH": str(_ROOT), "LANG": "C.UTF-8"},
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise ProcessError from None
        finally:
            _places.release()
        if done.returncode != 0:
            raise ProcessError
        answer.seek(0)
        yield answer


def limit(*, memory: int, seconds: int, written: int) -> None:
    """Limit memory, time and output of this process; it cannot lift the limits again."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(10)
