"""Sizes: a module is at most 400 lines long, a function at most 40."""

import ast

from tests.guards import files

LONGEST_MODULE = 400
LONGEST_FUNCTION = 40


def test_modules_are_short() -> None:
    sizes = {
        files.shown(path): len(path.read_text().splitlines())
        for path in files.modules(*files.APPS, "tests")
    }
    assert {name: size for name, size in sizes.items() if size > LONGEST_MODULE} == {}


def test_scripts_and_styles_are_short() -> None:
    sizes = {
        files.shown(path): len(path.read_text().splitlines())
        for path in files.committed("*.js", "*.css")
    }
    assert {name: size for name, size in sizes.items() if size > LONGEST_MODULE} == {}


def test_functions_are_short() -> None:
    sizes = {
        f"{files.shown(path)}:{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in files.modules(*files.APPS)
        for node in ast.walk(files.tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: size for name, size in sizes.items() if size > LONGEST_FUNCTION} == {}
