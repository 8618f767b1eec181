"""Escapes: what switches a protection off stands on a short list."""

import ast
from collections.abc import Iterator

from tests.guards import files

NAMES = {"mark_safe", "csrf_exempt", "SafeString", "SafeText", "extra", "RawSQL"}
# Which file may use which of them; the reason stands beside it in the code.
ALLOWED: dict[str, set[str]] = {
    "channels_layer/search/__init__.py": {"RawSQL"},
    "conversations/sources/whatsapp/views.py": {"csrf_exempt"},
}


def test_protections_are_switched_off_nowhere_else() -> None:
    found: dict[str, set[str]] = {}
    for path in files.modules(*files.APPS):
        names = set(_used(files.tree(path))) & NAMES
        if names - ALLOWED.get(files.shown(path), set()):
            found[files.shown(path)] = names
    assert found == {}


def _used(tree: ast.AST) -> Iterator[str]:
    """Yield the names that are called or decorate; a type annotation switches nothing off."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield _name(node.func)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield from map(_name, node.decorator_list)


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
