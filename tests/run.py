"""``python -m tests.run fast|all|drills|bench [NAME…]``: the sessions of the suite, in a row.

A session that fails is the last one, so the last closing line of pytest is the suite's result.
"""

import ast
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.servers import template
from tests.servers.browser import chromium
from tests.servers.nginx import nginx
from tests.servers.postgres import MIGRATED, binaries, postgres_server

_APART = "browser or drill or bench"
_BESIDE = ["--durations", "12", "--durations-min", "5", "-n", "2"]
# What shares a prepared module, a server or an instance stays together.
_BY_FILE = [*_BESIDE, "--dist", "loadfile", "--no-loadscope-reorder"]
_EACH = [*_BESIDE, "--dist", "worksteal"]
_FAST = f"not (postgres or slow or {_APART})"
_ON_SQLITE = f"not (postgres or {_APART})"
_ON_POSTGRES = f"(postgres or both_databases) and not ({_APART})"
_IN_BROWSER = "browser and not drill"
# Playwright keeps a loop running in its process, in which no other test could run its own.
_DRILLS_BESIDE = "drill and not (deadline or browser)"
_DRILLS_ALONE = "drill and deadline and not browser"
_DRILLS_IN_BROWSER = "drill and browser"
_BENCHES = Path(__file__).parent / "bench"

_seconds: list[tuple[str, float]] = []
_retried: list[str] = []


def main(part: str, *names: str) -> int:
    """Run one part of the suite, of the benchmarks those of ``names``; 0 when all of it passed."""
    # What pytest compiles is there for the next session, as it is for `make`.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if part == "bench":
        return _benches(*names)
    parts: dict[str, Callable[[], int]] = {"fast": _fast, "all": _all, "drills": _full_drills}
    with template.shared():
        code = parts[part]()
    _summarize()
    return code


def _fast() -> int:
    return _session("fast tests on SQLite", _FAST, _EACH)


def _all() -> int:
    _install(
        {
            "chromium": chromium() is None,
            "postgresql": binaries() is None,
            "nginx-light": nginx() is None,
        }
    )
    return (
        _postgres_session()
        or _session_and_retry("browser", _IN_BROWSER)
        or _drill_sessions()
        or _session("tests on SQLite", _ON_SQLITE, _EACH)
    )


def _full_drills() -> int:
    return _drill_sessions(DRILL_ROUNDS="full") or _session(
        "drills in a browser", _DRILLS_IN_BROWSER, DRILL_ROUNDS="full"
    )


def _postgres_session() -> int:
    with postgres_server() as url:
        place = {"PARLEY_TEST_DATABASE_URL": url, "PARLEY_TEST_TEMPLATE": MIGRATED}
        return _session("tests on PostgreSQL", _ON_POSTGRES, _EACH, **place)


def _drill_sessions(**variables: str) -> int:
    """Run the drills two at a time, but with nothing beside those of short deadlines."""
    return _session_and_retry("drills", _DRILLS_BESIDE, **variables) or _session(
        "drills with deadlines", _DRILLS_ALONE, ["--durations", "12"], **variables
    )


def _session_and_retry(title: str, marks: str, **variables: str) -> int:
    """Run two tests at a time; what failed so is tried once more alone, and has to pass then."""
    with tempfile.TemporaryDirectory(prefix="parley-retries-") as cache:
        own_cache = ["-o", f"cache_dir={cache}"]
        code = _session(title, marks, [*_BY_FILE, *own_cache], **variables)
        failed = Path(cache) / "v" / "cache" / "lastfailed"
        if code != pytest.ExitCode.TESTS_FAILED or not failed.exists():
            return code
        names = list(json.loads(failed.read_text()))
        _retried.extend(names)
        sys.stdout.write("".join(f"RETRIED: {name}\n" for name in names))
        again = [*own_cache, "--last-failed"]
        return _session(f"{title}, once more alone", marks, again, **variables)


def _session(title: str, marks: str, arguments: Sequence[str] = (), **variables: str) -> int:
    sys.stdout.write(f"\n== {title}\n")
    sys.stdout.flush()
    began = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "-m", marks, *arguments]
    code = subprocess.run(command, env={**os.environ, **variables}, check=False).returncode
    _seconds.append((title, time.monotonic() - began))
    sys.stdout.write(f"-- {title}: {_seconds[-1][1]:.0f} s\n")
    return 0 if code in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED} else code


def _summarize() -> None:
    """Print how long each session took, and what had to be tried again."""
    sys.stdout.write("\n== seconds\n")
    total = sum(seconds for _, seconds in _seconds)
    for title, seconds in [*_seconds, ("all", total)]:
        sys.stdout.write(f"{seconds:6.0f}  {title}\n")
    sys.stdout.write("".join(f"RETRIED: {name}\n" for name in _retried))


def _benches(*names: str) -> int:
    """Run the benchmarks, or those of ``names``; ``?`` lists what there is."""
    names = tuple(" ".join(names).split())
    paths = [path for path in _BENCHES.rglob("test_*.py") if "mark.bench" in path.read_text()]
    there = {path.stem.removeprefix("test_"): path for path in sorted(paths)}
    if not set(names) <= set(there):
        sys.stdout.writelines(f"{name:16} {_first_line(path)}\n" for name, path in there.items())
        return 0 if names == ("?",) else 2
    files = [str(there[name]) for name in names or there]
    with template.shared():
        return max(_bench_session("bench", files), _bench_postgres(files))


def _bench_postgres(files: Sequence[str]) -> int:
    """Run on PostgreSQL what is measured on both databases, where its server is installed."""
    files = [name for name in files if "mark.both_databases" in Path(name).read_text()]
    if not files:
        return 0
    if binaries() is None:
        sys.stderr.write("No figures of PostgreSQL: apt install postgresql\n")
        return 0
    with postgres_server() as url:
        place = {"PARLEY_TEST_DATABASE_URL": url, "PARLEY_TEST_TEMPLATE": MIGRATED}
        return _bench_session("bench and both_databases", files, **place)


def _bench_session(marks: str, files: Sequence[str], **variables: str) -> int:
    """Run some of them: figures go to standard output, what pytest says to standard error."""
    command = [sys.executable, "-m", "pytest", "-q", "-m", marks, "-p", "no:cacheprovider", *files]
    # What is measured is the product, without the check of what it sends.
    surroundings = {**os.environ, "PARLEY_TEST_UNCHECKED": "on", **variables}
    with subprocess.Popen(command, env=surroundings, stdout=subprocess.PIPE, text=True) as session:
        assert session.stdout
        for line in session.stdout:
            begin = line.find('{"figure"')
            is_figure = begin >= 0 and line.rstrip().endswith("}")
            (sys.stdout if is_figure else sys.stderr).write(line[begin:] if is_figure else line)
            sys.stdout.flush()
        code = session.wait()
    return 0 if code == pytest.ExitCode.NO_TESTS_COLLECTED else code


def _first_line(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text())) or ""
    return docstring.partition("\n")[0]


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
    sys.exit(main(*sys.argv[1:]))
