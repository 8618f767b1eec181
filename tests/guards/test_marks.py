"""Marks: what code and scripts say to people comes from the catalogues."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TypeGuard, TypeVar

from tests.guards import files

OUTSIDE = {"ValidationError", "AuthenticationFailed", "PermissionDenied"}
"""Refusals of Django and Django REST framework; ours are found by their base."""
BASE = "DomainError"
SAID = {"detail", "message", "fields"}
"""Arguments of a refusal that people read; positional ones are, too."""
FREE = {"demo", "management"}

Node = TypeVar("Node", bound=ast.AST)

TOKENS = re.compile(
    r"""//[^\n]*|/\*.*?\*/"""
    r"""|(?<=[(,=:])\x20?/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/"""
    r"""|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`""",
    re.DOTALL,
)
PUT_IN = re.compile(r"\$\{(?:[^{}]|\{[^{}]*\})*\}|\bParley\b(?!:)")
"""What stands in a template literal by name, and our own name."""
SENTENCE = re.compile(r"[A-Z][a-z']*[,:]? [a-z]+")
WORD = re.compile(r"[A-Za-z]{2}")
READ = re.compile(
    r"""(?:\.(?:textContent|innerText|title|placeholder|alt|ariaLabel)\s=\s"""
    r"""|setAttribute\(["'](?:aria-label|title|placeholder|alt)["'],\s"""
    r"""|\b(?:toast|announce|refuse|alert|confirm)\("""
    r"""|["']?\b(?:aria-label|title|placeholder|alt|label)["']?:\s)$"""
)
FOR_DEVELOPERS = re.compile(r"\bconsole\.\w+\(\s*$")


def test_refusals_are_marked() -> None:
    found = [
        f"{files.shown(path)}:{line}: {text}"
        for path in files.modules(*files.APPS)
        if not FREE & set(path.parts)
        for line, text in _unmarked(ast.parse(path.read_text()))
    ]
    assert found == []


def test_scripts_say_what_the_server_translated() -> None:
    found = [
        f"{files.shown(path)}: {text}"
        for path in files.committed("*.js")
        if "static" in path.parts and not FREE & set(path.parts)
        for text in _spoken(path.read_text())
    ]
    assert found == []


def test_the_guard_sees_what_code_does_not_mark() -> None:
    module = """
class OddError(DomainError):
    detail = "It is odd."

def refuse(name):
    reason = f"There is no {name}."
    raise InvalidError(reason, fields={"name": [_("Which?"), "Say more."]})
    raise NotFoundError(_("No %(name)s.") % {"name": name}, extra={"topic": "Some words"})
"""
    found = {text for _line, text in _unmarked(ast.parse(module))}
    assert found == {"It is odd.", "There is no {}.", "Say more."}


def test_the_guard_sees_what_scripts_say() -> None:
    script = r"""
      // Not this one
      node.textContent = "Sent"; node.className = "Sent to all"; node.title = say("sent");
      toast(`Not sent`); make("a", "b", { "aria-label": "Close", class: "x y" });
      const plain = text.replace(/[`*"]+/g, ""); console.warn("Parley: this is odd");
      const words = { a: "Write a message", b: "message message--own", c: `Bearer ${token}` };
    """
    assert list(_spoken(script)) == ["Sent", "Sent to all", "Not sent", "Close", "Write a message"]


def _unmarked(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and text of what refusals say and no function of gettext marks."""
    for scope in ast.walk(tree):
        if isinstance(scope, ast.ClassDef) and _is_refusal(scope):
            yield from _texts(_assigned(scope.body, "detail"))
            yield from _texts(_said(scope.body, tree.body, {"__init__"}))
        if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _texts(_said(scope.body, tree.body, _refusals() | OUTSIDE))


def _said(body: list[ast.stmt], module: list[ast.stmt], refusals: set[str]) -> Iterator[ast.expr]:
    """Yield what refusals are given to say; a name stands for what was assigned to it."""
    for call in _nodes(body, ast.Call):
        if _name(call.func) not in refusals:
            continue
        for value in [*call.args, *(word.value for word in call.keywords if word.arg in SAID)]:
            yield value
            for name in _nodes([value], ast.Name):
                yield from _assigned([*body, *module], name.id)


def _assigned(statements: Iterable[ast.AST], name: str) -> Iterator[ast.expr]:
    for node in _nodes(statements, ast.Assign):
        if any(_name(target) == name for target in node.targets):
            yield node.value


def _texts(values: Iterable[ast.expr]) -> Iterator[tuple[int, str]]:
    """Yield the sentences in expressions, outside the arguments of any function."""
    for value in values:
        if isinstance(value, ast.Dict):
            yield from _texts(value.values)
        elif isinstance(value, ast.List | ast.Tuple):
            yield from _texts(value.elts)
        elif isinstance(value, ast.IfExp | ast.BoolOp | ast.BinOp):
            yield from _texts(node for node in ast.iter_child_nodes(value) if _is_value(node))
        elif text := _literal(value):
            yield value.lineno, text


def _literal(value: ast.AST) -> str:
    """Return a literal that people would read as words, with ``{}`` for what is put in."""
    parts = value.values if isinstance(value, ast.JoinedStr) else [value]
    texts = [part.value if isinstance(part, ast.Constant) else "{}" for part in parts]
    text = "".join(text for text in texts if isinstance(text, str))
    return text if re.search(r"[a-z][a-z']* \{?[A-Za-z}]|[a-z][.?!]$", text) else ""


def _is_value(node: ast.AST) -> TypeGuard[ast.expr]:
    return isinstance(node, ast.expr)


def _nodes(roots: Iterable[ast.AST], kind: type[Node]) -> Iterator[Node]:
    for root in roots:
        yield from (node for node in ast.walk(root) if isinstance(node, kind))


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _is_refusal(scope: ast.ClassDef) -> bool:
    return any(_name(base) in _refusals() for base in scope.bases)


@cache
def _refusals() -> set[str]:
    """Return the names of our refusals, found by their bases."""
    bases = {
        scope.name: {_name(base) for base in scope.bases}
        for path in files.modules(*files.APPS)
        for scope in _nodes([ast.parse(path.read_text())], ast.ClassDef)
    }
    found = {BASE}
    while more := {name for name, own in bases.items() if own & found} - found:
        found |= more
    return found


def _spoken(script: str) -> Iterator[str]:
    """Yield the literals of a script that people would read."""
    for token in TOKENS.finditer(script):
        literal = token[0]
        before = script[: token.start()][-60:]
        if literal[0] not in "\"'`" or FOR_DEVELOPERS.search(before):
            continue
        text = PUT_IN.sub("", literal[1:-1])
        if SENTENCE.match(text) or (READ.search(before) and WORD.search(text)):
            yield text
