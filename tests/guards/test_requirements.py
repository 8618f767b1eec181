"""Requirements: what Parley imports is named in ``base.in``, not only brought by something else."""

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.guards import files


@pytest.mark.slow
def test_what_is_imported_is_named() -> None:
    named = {_plain(name) for name in _named("base.in")}
    owners = packages_distributions()
    found = {
        f"{package} in {files.shown(path)}"
        for path in files.modules(*files.APPS)
        for package in _packages(path)
        if not named & {_plain(owner) for owner in owners[package]}
    }
    assert found == set()


def test_what_is_named_is_pinned() -> None:
    pinned = {_plain(name) for name in _named("base.txt")}
    assert {_plain(name) for name in _named("base.in")} <= pinned


def _named(file: str) -> list[str]:
    text = (files.ROOT / "requirements" / file).read_text()
    return re.findall(r"^([A-Za-z0-9][\w.-]*)", text, re.MULTILINE)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _packages(path: Path) -> Iterator[str]:
    """Yield the packages of others that a module imports."""
    for node in files.tree(path).body:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        for name in names:
            package = name.partition(".")[0]
            if package not in {*sys.stdlib_module_names, *files.APPS, "tests"}:
                yield package
