"""``manage.py`` that is loaded once: each command runs in a copy of a process that waits.

``python -m tests.servers.managing`` takes a command per line, as a JSON list behind a number, and
answers each with a line: the number, its exit code, what it printed and what it complained of.
"""

import io
import json
import os
import subprocess
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout
from threading import Lock
from typing import IO

import django
from django.core.management import execute_from_command_line

from channels_layer.transport import outbound
from config import env


class Manager:
    """The command line of one instance, as it runs now."""

    def __init__(self, environment: dict[str, str]) -> None:
        """Load everything with the variables ``environment``."""
        self._lock = Lock()
        self._number = 0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.servers.managing"],
            cwd=env.ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ``manage.py`` with ``arguments``."""
        assert self._process.stdin
        assert self._process.stdout
        with self._lock:
            self._number += 1
            self._process.stdin.write(f"{json.dumps([self._number, *arguments])}\n")
            self._process.stdin.flush()
            code, printed, complaints = self._answer(self._process.stdout)
        return subprocess.CompletedProcess(arguments, code, printed, complaints)

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

    def _answer(self, output: IO[str]) -> tuple[int, str, str]:
        """Read the answer to the newest command; skip that of one whose test has timed out."""
        while True:
            number, code, printed, complaints = json.loads(output.readline())
            if number == self._number:
                return code, printed, complaints


def main() -> None:
    """Run the commands that come, one after the other."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", env.settings_module())
    django.setup()
    while line := sys.stdin.readline():
        child = os.fork()
        if not child:
            number, *arguments = json.loads(line)
            answer = [number, *outcome(arguments)]
            outbound.current().flush()  # which happens at the end of a whole process
            sys.stdout.write(f"{json.dumps(answer)}\n")
            sys.stdout.flush()
            os._exit(0)
        os.waitpid(child, 0)


def outcome(arguments: list[str]) -> tuple[int, str, str]:
    """Run one command; give its exit code, what it printed and what it complained of."""
    printed, complaints = io.StringIO(), io.StringIO()
    code = 0
    with redirect_stdout(printed), redirect_stderr(complaints):
        try:
            execute_from_command_line(["manage.py", *arguments])
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(bool(end.code))
        except Exception:  # noqa: BLE001 - whatever it is, the test has to be told
            traceback.print_exc()
            code = 1
    return code, printed.getvalue(), complaints.getvalue()


if __name__ == "__main__":
    main()
