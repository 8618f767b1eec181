"""Registries and receivers: apps fill and connect them in ``ready()``, and nowhere else."""

import ast
from collections.abc import Iterator

from tests.guards import files

FILLS = ("ready", "register", "_register")
"""How the functions begin that may register."""
OTHERS = {"atexit", "os"}
"""Whose ``register`` fills no registry."""


def test_registries_are_filled_at_start_only() -> None:
    found = [
        f"{files.shown(path)}:{call.lineno}"
        for path in files.modules(*files.APPS)
        for call in registrations(files.tree(path))
    ]
    assert found == []


def test_the_guard_sees_what_is_registered_by_an_import() -> None:
    module = 'sweeper.register("files", due)\ndef register():\n    sweeper.register("files", due)\n'
    assert [call.lineno for call in registrations(ast.parse(module))] == [1]


def test_no_import_connects_a_receiver() -> None:
    found = [
        f"{files.shown(path)}:{statement.lineno}"
        for path in files.modules(*files.APPS)
        for statement in files.tree(path).body
        if isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Call)
        and isinstance(statement.value.func, ast.Attribute)
        and statement.value.func.attr == "connect"
    ]
    assert found == []


def registrations(node: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls that register something outside the functions that may."""
    if isinstance(node, ast.FunctionDef) and node.name.startswith(FILLS):
        return
    if isinstance(node, ast.Call) and _registers(node.func):
        yield node
    # A decorator registers with the framework: admin pages, filters of templates.
    decorators = getattr(node, "decorator_list", [])
    for child in ast.iter_child_nodes(node):
        if child not in decorators:
            yield from registrations(child)


def _registers(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        owner = function.value
        is_other = isinstance(owner, ast.Name) and owner.id in OTHERS
        return not is_other and _names_it(function.attr)
    return isinstance(function, ast.Name) and _names_it(function.id)


def _names_it(name: str) -> bool:
    return name == "register" or name.startswith("register_")
