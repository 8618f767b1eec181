"""A PostgreSQL of the tests' own: Debian's binaries, a temporary folder, a private port."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.servers import ports

_FASTER = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "jit=off")
_OWNER = "postgres"


def binaries() -> Path | None:
    """Where the newest installed server's programs lie."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=_number)
    if folders:
        return folders[-1].parent
    found = shutil.which("postgres")
    return Path(found).resolve().parent if found else None


@contextmanager
def postgres_server() -> Iterator[str]:
    """Run a server; gives the URL of an empty database in it."""
    programs = binaries()
    if programs is None:
        sys.exit("Tests on PostgreSQL need its server: apt install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="parley-pg-"))
    owner = _OWNER if os.getuid() == 0 else None
    try:
        if owner:
            shutil.chown(folder, owner, owner)
        data = folder / "data"
        initdb: list[object] = [
            programs / "initdb",
            "-D",
            data,
            "-U",
            _OWNER,
            "-A",
            "trust",
            "-E",
            "UTF8",
        ]
        _run([*initdb, "--locale=C.UTF-8", "--no-sync"], owner)
        with _serving(programs, data, owner) as port:
            url = f"postgres://{_OWNER}@127.0.0.1:{port}/parley"
            _run([programs / "createdb", "-h", "127.0.0.1", "-p", port, "-U", _OWNER, "parley"])
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _serving(programs: Path, data: Path, owner: str | None) -> Iterator[int]:
    port = ports.free_port()
    options = [word for option in _FASTER for word in ("-c", option)]
    command: list[str | Path] = [
        programs / "postgres",
        "-D",
        data,
        "-p",
        str(port),
        "-k",
        data.parent,
        *options,
    ]
    log = (data.parent / "server.log").open("w")
    with (
        log,
        subprocess.Popen(
            command,
            stdout=log,
            stderr=log,
            user=owner,
            group=owner,
            extra_groups=[] if owner else None,
        ) as server,
    ):
        try:
            ready: list[str | Path] = [
                programs / "pg_isready",
                "-q",
                "-h",
                "127.0.0.1",
                "-p",
                str(port),
            ]
            ports.wait_for(
                "PostgreSQL's start",
                lambda: subprocess.run(ready, check=False).returncode == 0,
                within=30,
            )
            yield port
        finally:
            server.terminate()
            server.wait(timeout=20)


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
