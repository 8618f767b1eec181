"""``python -m tests.run fast|all|drills|bench``: the sessions of the suite, one after the other.

A session that fails is the last one, so the closing line that pytest prints is the suite's result.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.servers import template
from tests.servers.browser import chromium
from tests.servers.nginx import nginx
from tests.servers.postgres import binaries, postgres_server

_SLOW = "browser or drill or bench"
_SIDE_BY_SIDE = ["-q", "--dist", "loadfile", "--no-loadscope-reorder", "-n"]
_FAST = [*_SIDE_BY_SIDE, "2", "-m", f"not postgres and not ({_SLOW})"]
_ON_POSTGRES = [*_SIDE_BY_SIDE, "2", "-m", f"(postgres or both_databases) and not ({_SLOW})"]
_IN_BROWSER = [*_SIDE_BY_SIDE, "2", "-m", "browser and not drill"]
_SMALL_DRILLS = [*_SIDE_BY_SIDE, "3", "-m", "drill and not (alone or browser)"]
_ALONE = ["-q", "-m", "drill and alone"]
_BENCHES = ["-q", "-m", "bench", "-p", "no:cacheprovider"]
# Playwright keeps a loop running in its process, in which no other test could run its own.
_DRILLS = ["-q", "-m", "drill and not browser"]
_DRILLS_IN_BROWSER = ["-q", "-m", "drill and browser"]


def main(part: str) -> int:
    """Run one part of the suite; 0 when all of it passed."""
    if part == "fast":
        return _session("fast tests on SQLite", _FAST)
    if part == "drills":
        return _session("drills at full size", _DRILLS, DRILL_ROUNDS="full") or _session(
            "drills in a browser", _DRILLS_IN_BROWSER, DRILL_ROUNDS="full"
        )
    if part == "bench":
        return _benches()
    _install(
        {
            "chromium": chromium() is None,
            "postgresql": binaries() is None,
            "nginx-light": nginx() is None,
        }
    )
    return (
        _postgres_session()
        or _at_once({"browser": _IN_BROWSER, "drills": _SMALL_DRILLS}, DRILL_ROUNDS="3")
        or _session("drills that measure", _ALONE, DRILL_ROUNDS="3")
        or _session("fast tests on SQLite", _FAST)
    )


def _postgres_session() -> int:
    with postgres_server() as url:
        return _session("tests on PostgreSQL", _ON_POSTGRES, PARLEY_TEST_DATABASE_URL=url)


def _session(title: str, arguments: Sequence[str], **variables: str) -> int:
    sys.stdout.write(f"\n== {title}\n")
    sys.stdout.flush()
    command = [sys.executable, "-m", "pytest", *arguments]
    return _result(subprocess.run(command, env={**os.environ, **variables}, check=False).returncode)


def _at_once(sessions: dict[str, Sequence[str]], **variables: str) -> int:
    """Run sessions beside each other: they mostly wait, for pages, for leases, for processes.

    What one prints is shown when it has ended, that of a session that failed last.
    """
    ended = {}
    with tempfile.TemporaryDirectory() as folder, template.shared():
        template.make()
        running = {}
        for title, arguments in sessions.items():
            command = [sys.executable, "-m", "pytest", *arguments]
            with (Path(folder) / title).open("w") as output:
                running[title] = subprocess.Popen(
                    command, env={**os.environ, **variables}, stdout=output, stderr=output
                )
        for title, process in running.items():
            ended[title] = _result(process.wait()), (Path(folder) / title).read_text()
    for title, (code, text) in sorted(ended.items(), key=lambda pair: pair[1][0]):
        sys.stdout.write(f"\n== {title}{' failed' if code else ''}\n{text}")
    sys.stdout.flush()
    return max(code for code, _ in ended.values())


def _result(code: int) -> int:
    return 0 if code in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED} else code


def _benches() -> int:
    """Run the benchmarks: figures go to standard output, what pytest says to standard error."""
    command = [sys.executable, "-m", "pytest", *_BENCHES]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as session:
        assert session.stdout
        for line in session.stdout:
            begin = line.find("{")
            is_figure = begin >= 0 and line.rstrip().endswith("}")
            (sys.stdout if is_figure else sys.stderr).write(line[begin:] if is_figure else line)
            sys.stdout.flush()
        return session.wait()


def _install(missing: dict[str, bool]) -> None:
    """Install Debian's packages that are missing, or say which in one line."""
    names = [name for name, is_missing in missing.items() if is_missing]
    if not names:
        return
    apt = shutil.which("apt-get")
    if os.getuid() != 0 or apt is None:
        sys.exit(f"The tests need {' and '.join(names)}: apt install {' '.join(names)}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-qq", "--no-install-recommends", *names]):
        subprocess.run([apt, "-y", *arguments], env=quiet, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
