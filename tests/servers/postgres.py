"""A PostgreSQL of the tests' own: Debian's binaries, a temporary folder, a private port."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.servers import ports

# What is not on the disk when a test's process dies is still the kernel's: without fsync nothing
# is lost but by a machine that loses its power, and no test does that.
_FASTER = ("fsync=off", "full_page_writes=off", "jit=off")
_FORGETFUL = ("synchronous_commit=off",)
_OWNER = "postgres"
_START_SECONDS = 30


def binaries() -> Path | None:
    """Where the newest installed server's programs lie."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=_number)
    if folders:
        return folders[-1].parent
    found = shutil.which("postgres")
    return Path(found).resolve().parent if found else None


class PostgresServer:
    """A server that can crash and come back on the same port with the same data."""

    def __init__(self, folder: Path, options: Sequence[str]) -> None:
        """Make an empty cluster in ``folder``, to be run with the settings ``options``."""
        programs = binaries()
        if programs is None:
            sys.exit("Tests on PostgreSQL need its server: apt install postgresql")
        self.port = ports.free_port()
        self._programs = programs
        self._folder = folder
        self._options = options
        self._owner = _OWNER if os.getuid() == 0 else None
        if self._owner:
            shutil.chown(folder, self._owner, self._owner)
        words = ["-U", _OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        _run([programs / "initdb", "-D", folder / "data", *words], self._owner)

    @property
    def url(self) -> str:
        """The address of the database ``parley``."""
        return f"postgres://{_OWNER}@127.0.0.1:{self.port}/parley"

    def start(self) -> None:
        """Start it and make an empty database."""
        self._control("start", "-o", self._arguments())
        place = ["-h", "127.0.0.1", "-p", self.port, "-U", _OWNER]
        _run([self._programs / "createdb", *place, "parley"])

    def crash(self, away: float) -> None:
        """Let it end without a word, as a crash would, and start again after ``away`` seconds."""
        self._control("stop", "-m", "immediate")
        time.sleep(away)
        self._control("start", "-o", self._arguments())

    def stop(self) -> None:
        """End it."""
        self._control("stop", "-m", "fast")

    def _arguments(self) -> str:
        options = [f"-c {option}" for option in self._options]
        return " ".join([f"-p {self.port} -k {self._folder}", *options])

    def _control(self, verb: str, *arguments: str) -> None:
        place = ["-D", self._folder / "data", "-l", self._folder / "server.log"]
        waiting = ["-w", "-t", _START_SECONDS, "-s"]
        _run([self._programs / "pg_ctl", verb, *place, *waiting, *arguments], self._owner)


@contextmanager
def restartable_postgres() -> Iterator[PostgresServer]:
    """Run a server that keeps what it has acknowledged, whenever it crashes."""
    with _running(_FASTER) as server:
        yield server


@contextmanager
def postgres_server() -> Iterator[str]:
    """Run a server; gives the URL of an empty database in it."""
    with _running([*_FASTER, *_FORGETFUL]) as server:
        yield server.url


@contextmanager
def _running(options: Sequence[str]) -> Iterator[PostgresServer]:
    folder = Path(tempfile.mkdtemp(prefix="parley-pg-"))
    try:
        server = PostgresServer(folder, options)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: Sequence[object], owner: str | None = None) -> None:
    subprocess.run(
        [str(word) for word in command],
        check=True,
        stdout=subprocess.DEVNULL,
        user=owner,
        group=owner,
        extra_groups=[] if owner else None,
        cwd="/",
    )


def _number(path: Path) -> int:
    name = path.parent.parent.name
    return int(name) if name.isdigit() else 0
