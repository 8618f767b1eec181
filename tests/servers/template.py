"""Data folders that are prepared once and copied for each instance: migrated, with demo data.

``python -m tests.servers.template`` prepares the ``DATA_DIR`` of its environment, as a start does.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from config import env
from config.supervision import instance, preparation

DATABASE = "parley.sqlite3"
_VARIABLE = "PARLEY_TEST_TEMPLATES"
_STRANGE = (
    "SECRET_KEY",
    "DATABASE_URL",
    "REDIS_URL",
    "LLM_BASE_URL",
    "LLM_API_KEY",
    "WHATSAPP_GRAPH_URL",
    "DEMO_ORDERS_URL",
    "OUTGOING_ALLOW",
    "DJANGO_SETTINGS_MODULE",
)


@contextmanager
def shared() -> Iterator[None]:
    """Let all processes that are started meanwhile share what they prepare."""
    if _VARIABLE in os.environ:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="parley-templates-") as folder:
        os.environ[_VARIABLE] = folder
        yield
        del os.environ[_VARIABLE]


def make() -> None:
    """Make them now, so that no test has to wait."""
    made("prepared", _prepare)


def surroundings() -> dict[str, str]:
    """Return the environment of an instance: nothing that would lead a process to another one."""
    own = {name: value for name, value in os.environ.items() if name not in _STRANGE}
    return {**own, "DJANGO_SETTINGS_MODULE": "tests.servers.settings"}


def copy_prepared(folder: Path) -> None:
    """Put into the empty ``folder`` what a first start makes there."""
    shutil.copytree(made("prepared", _prepare), folder, dirs_exist_ok=True)


def copy_migrated(database: Path) -> None:
    """Copy an SQLite database with all tables and no users to ``database``."""
    shutil.copy(made("migrated", migrate) / DATABASE, database)


def made(name: str, make: Callable[[Path], None]) -> Path:
    """Return the template ``name``; the first process creates it while the others wait."""
    place = Path(os.environ[_VARIABLE])
    with (place / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / name).exists():
            unfinished = place / f"{name}.new"
            unfinished.mkdir()
            make(unfinished)
            unfinished.rename(place / name)
    return place / name


def migrate(folder: Path, **variables: str) -> None:
    """Make all tables in the database of an instance in ``folder``."""
    _run(folder, "manage.py", "migrate", "--verbosity=0", **variables)


def _prepare(folder: Path) -> None:
    copy_migrated(folder / DATABASE)
    _run(folder, "-m", "tests.servers.template")


def _run(folder: Path, *arguments: str, **variables: str) -> None:
    place = {"DATA_DIR": str(folder), "DEBUG": "on", **variables}
    command = [sys.executable, *arguments]
    subprocess.run(command, cwd=env.ROOT, env={**surroundings(), **place}, check=True)


if __name__ == "__main__":
    preparation.prepare(instance.open_instance(env.read(os.environ), os.environ))
