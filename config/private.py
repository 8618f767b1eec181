"""What Parley writes is for its own user alone: files 0600, folders 0700."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from config.env import RUN_FILE, Environment

UMASK = 0o077
FILE, FOLDER = 0o600, 0o700
_FOLDERS = ("exports", "log", "redis", "run")
_LARGE = ("media", "static")
"""Folders of any number of files: looked through once, for all that is new is closed."""
_STAMP = ".closed"
_FILES = (RUN_FILE, "secret_key", ".key-*", "*.sqlite3", "*.sqlite3-*")


def keep_to_oneself() -> None:
    """Let this process and all that it starts write nothing that others may read."""
    os.umask(UMASK)


def tighten(environment: Environment) -> None:
    """Close what a former version left open, in the data directory and beside the database.

    Other things that lie in the folder are left as they are; so is a folder that many share.
    """
    directory = environment.data_dir
    if directory.exists() and not directory.stat().st_mode & stat.S_ISVTX:
        _close(directory)
    stamp = directory / _STAMP
    is_done = stamp.exists()
    for name in _FOLDERS if is_done else (*_FOLDERS, *_LARGE):
        for path in _within(directory / name):
            _close(path)
    if directory.exists() and not is_done:
        with suppress(OSError):
            stamp.touch(mode=FILE)
    databases = Path(str(environment.database["NAME"]))
    is_file = "sqlite" in environment.database["ENGINE"]
    beside = databases.parent.glob(f"{databases.name}*") if is_file else ()
    for path in (*beside, *(path for name in _FILES for path in directory.glob(name))):
        _close(path)


def _within(folder: Path) -> Iterator[Path]:
    """Yield a folder and everything in it, each folder before what it holds."""
    yield folder
    for root, folders, files in os.walk(folder):
        yield from (Path(root, name) for name in (*folders, *files))


def _close(path: Path) -> None:
    """Take away what others may do; leave links, sockets and what belongs to somebody else."""
    with suppress(FileNotFoundError, PermissionError):
        mode = path.lstat().st_mode
        is_ours = stat.S_ISDIR(mode) or stat.S_ISREG(mode)
        if is_ours and mode & UMASK:
            path.chmod(stat.S_IMODE(mode) & ~UMASK)
