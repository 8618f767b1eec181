"""The files of the project that guards walk over."""

import ast
import subprocess
from functools import cache
from pathlib import Path

from config import env

ROOT = env.ROOT
APPS = ("config", "chats", "conversations", "handoff", "channels_layer", "tickets")


@cache
def committed(*patterns: str) -> list[Path]:
    """Files that belong to the project: committed, or new and not ignored."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],  # noqa: S607
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    paths = [ROOT / line for line in listing.splitlines()]
    return [path for path in paths if path.is_file()]


def modules(*folders: str) -> list[Path]:
    """Python modules, without migrations."""
    wanted = [f"{folder}/**/*.py" for folder in folders] + [f"{folder}/*.py" for folder in folders]
    return [path for path in committed(*wanted) if "migrations" not in path.parts]


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a module."""
    return ast.parse(path.read_text())


def shown(path: Path) -> str:
    """Return the path as people write it."""
    return str(path.relative_to(ROOT))
