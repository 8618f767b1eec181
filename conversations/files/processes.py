"""Processes of their own for files of strangers, whose readers were not written for enemies.

Such a process gets the file as its input, has little memory and time, no secrets and no network to
gain, and ends with its file. What it takes, this process never holds.
"""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from threading import Condition
from typing import IO

AT_ONCE = 2
"""Processes that this one has at the same time; whoever comes later waits."""
_ROOT = Path(__file__).resolve().parents[2]


class ProcessError(Exception):
    """The process ended without a result: it took too long, too much, or never began."""


class BusyError(ProcessError):
    """Nothing was tried, for want of a place or of a process; the file may be a good one."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Who sent the file, and the seconds that it may wait for a place.

    A sender has one place at a time, so that no other waits for the slow files of one alone;
    those without a name have one together.
    """

    sender: str = ""
    patience: float = 10.0


class _Places:
    """The places of this process, and who has one; any thread may use it."""

    def __init__(self, number: int) -> None:
        self._changed = Condition()
        self._number = number
        self._senders: set[str] = set()

    @contextmanager
    def held(self, claim: Claim) -> Iterator[None]:
        """Hold a place for the sender.

        :raises BusyError: none became free in time, or the sender's own did not.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._is_free(claim), claim.patience):
                raise BusyError
            self._senders.add(claim.sender)
        try:
            yield
        finally:
            with self._changed:
                self._senders.discard(claim.sender)
                self._changed.notify_all()

    def _is_free(self, claim: Claim) -> bool:
        return len(self._senders) < self._number and claim.sender not in self._senders


places = _Places(AT_ONCE)
UNNAMED = Claim()


@contextmanager
def result_of(
    module: str, *arguments: str, source: IO[bytes], seconds: float, claim: Claim
) -> Iterator[IO[bytes]]:
    """Let ``module`` read ``source``, a file of this machine, and yield the file that it wrote.

    :raises ProcessError: it broke its limits or ``seconds`` by the wall clock.
    :raises BusyError: it never began.
    """
    with ExitStack() as files:
        with places.held(claim):
            try:
                answer = files.enter_context(TemporaryFile())
                _run([module, *arguments], source, answer, seconds)
            except OSError as error:
                raise BusyError from error
            except subprocess.SubprocessError as error:
                raise ProcessError from error
        answer.seek(0)
        yield answer


def _run(arguments: Sequence[str], source: IO[bytes], answer: IO[bytes], seconds: float) -> None:
    """Run the program to its end; ``SubprocessError`` for a bad one."""
    subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-P", "-m", *arguments],
        stdin=source,
        stdout=answer,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={"PYTHONPATH": str(_ROOT), "LANG": "C.UTF-8"},
        timeout=seconds,
        check=True,
    )


def limit(*, memory: int, seconds: int, written: int) -> None:
    """Limit memory, time and output of this process; it cannot lift the limits again."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(10)
