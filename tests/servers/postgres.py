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

from tests.servers import ports, template

# What is not on the disk when a test's process dies is still the kernel's: without fsync nothing
# is lost but by a machine that loses its power, and no test does that.
_FASTER = ("fsync=off", "full_page_writes=off", "jit=off")
_FORGETFUL = ("synchronous_commit=off",)
_OWNER = "postgres"
_START_SECONDS = 30
MIGRATED = "migrated"
"""The database that others are copied from: all tables, and nobody in it."""


def binaries() -> Path | None:
    """Return where the newest installed server's programs lie."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=_number)
    if folders:
        return folders[-1].parent
    found = shutil.which("postgres")
    return Path(found).resolve().parent if found else None


class PostgresServer:
    """A server that can crash and come back on the same port with the same data."""

    def __init__(self, folder: Path, options: Sequence[str]) -> None:
        """Serve the cluster in ``folder`` with the settings ``options``."""
        self.port = ports.free_port()
        self._folder = folder
        self._options = options

    @property
    def url(self) -> str:
        """The address of the database ``parley``."""
        return f"postgres://{_OWNER}@127.0.0.1:{self.port}/parley"

    def start(self) -> None:
        """Start it."""
        self._control("start", "-o", self._arguments())

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
        _run(["pg_ctl", verb, *place, *waiting, *arguments])


@contextmanager
def restartable_postgres() -> Iterator[PostgresServer]:
    """Run a server that keeps what it has acknowledged, whenever it crashes."""
    with _running(_FASTER) as server:
        yield server


@contextmanager
def postgres_server() -> Iterator[str]:
    """Run a server; yield the URL of a database with all tables and no rows."""
    with _running([*_FASTER, *_FORGETFUL]) as server:
        yield server.url


@contextmanager
def empty_postgres() -> Iterator[str]:
    """Run a server; yield the URL of a database that has nothing in it."""
    with _running([*_FASTER, *_FORGETFUL]) as server:
        where = ["-h", "127.0.0.1", "-p", server.port, "-U", _OWNER]
        _run(["createdb", *where, "empty"])
        yield f"{server.url.removesuffix('parley')}empty"


@contextmanager
def _running(options: Sequence[str]) -> Iterator[PostgresServer]:
    with _folder() as folder:
        _copy(template.made("cluster", _make_cluster) / "data", folder / "data")
        with _started(folder, options) as server:
            yield server


def _make_cluster(place: Path) -> None:
    """Make a cluster that is copied for each server."""
    with _folder() as folder:
        words = ["-U", _OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        _run(["initdb", "-D", folder / "data", *words])
        with _started(folder, _FASTER) as server:
            there = ["-h", "127.0.0.1", "-p", server.port, "-U", _OWNER]
            _run(["createdb", *there, "parley"])
            template.migrate(place, DATABASE_URL=server.url)
            _run(["createdb", *there, "-T", "parley", MIGRATED])
        _copy(folder / "data", place / "data")


@contextmanager
def _folder() -> Iterator[Path]:
    """Make a folder that the servers' account may enter."""
    folder = Path(tempfile.mkdtemp(prefix="parley-pg-"))
    try:
        if owner := _owner():
            shutil.chown(folder, owner, owner)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _started(folder: Path, options: Sequence[str]) -> Iterator[PostgresServer]:
    server = PostgresServer(folder, options)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _copy(source: Path, target: Path) -> None:
    # Copying keeps the owner, without whom the server would not start.
    subprocess.run(["/bin/cp", "-a", source, target], check=True)


def _owner() -> str | None:
    """Whom servers run as: not root, which they refuse."""
    return _OWNER if os.getuid() == 0 else None


def _run(command: Sequence[object]) -> None:
    """Run one of the server's programs as its owner."""
    programs = binaries()
    if programs is None:
        sys.exit("Tests on PostgreSQL need its server: apt install postgresql")
    owner = _owner()
    subprocess.run(
        [str(programs / str(command[0])), *map(str, command[1:])],
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
