"""``python -m tests.run fast|all|drills|bench``: the sessions of the suite, one after the other.

A session that fails is the last one, so the closing line that pytest prints is the suite's result.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

import pytest

from tests.servers import template
from tests.servers.browser import chromium
from tests.servers.nginx import nginx
from tests.servers.postgres import binaries, postgres_server

_APART = "browser or drill or bench"
_SLOWEST = ["--durations", "12", "--durations-min", "5"]
_SIDE_BY_SIDE = ["-q", *_SLOWEST, "--dist", "loadfile", "--no-loadscope-reorder", "-n"]
_FAST = [*_SIDE_BY_SIDE, "2", "-m", f"not (postgres or slow or {_APART})"]
_ON_SQLITE = [*_SIDE_BY_SIDE, "2", "-m", f"not (postgres or {_APART})"]
_ON_POSTGRES = [*_SIDE_BY_SIDE, "2", "-m", f"(postgres or both_databases) and not ({_APART})"]
_IN_BROWSER = [*_SIDE_BY_SIDE, "2", "-m", "browser and not drill"]
_ALONE = ["-q", "--last-failed", "--last-failed-no-failures", "none", "-m", "browser and not drill"]
_BENCHES = ["-q", "-m", "bench", "-p", "no:cacheprovider"]
# Playwright keeps a loop running in its process, in which no other test could run its own.
_DRILLS = ["-q", *_SLOWEST, "-m", "drill and not browser"]
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
        _postgres_session() or _sessions_on_instances() or _session("tests on SQLite", _ON_SQLITE)
    )


def _postgres_session() -> int:
    with postgres_server() as url:
        return _session("tests on PostgreSQL", _ON_POSTGRES, PARLEY_TEST_DATABASE_URL=url)


def _sessions_on_instances() -> int:
    """Run what drives whole instances; the drills alone, for they hold deadlines."""
    with template.shared():
        template.make()
        return _browser_sessions() or _session("drills", _DRILLS, DRILL_ROUNDS="3")


def _browser_sessions() -> int:
    """Drive pages two at a time; what failed so is tried once more alone, and has to pass then."""
    code = _session("browser", _IN_BROWSER)
    if code != pytest.ExitCode.TESTS_FAILED:
        return code
    return _session("browser, what failed beside others once more alone", _ALONE)


def _session(title: str, arguments: Sequence[str], **variables: str) -> int:
    sys.stdout.write(f"\n== {title}\n")
    sys.stdout.flush()
    command = [sys.executable, "-m", "pytest", *arguments]
    return _result(subprocess.run(command, env={**os.environ, **variables}, check=False).returncode)


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
