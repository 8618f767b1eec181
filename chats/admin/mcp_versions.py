"""What the pages of MCP servers show of tools: the versions, side by side, and their rows."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chats.models import McpServer, McpTool
from chats.tools.mcp.words import Argument, arguments_of

_HINTS = {
    ("read_only_hint", True): _("only reads"),
    ("read_only_hint", False): _("changes something"),
    ("destructive_hint", True): _("may destroy something"),
    ("idempotent_hint", True): _("may be made twice"),
}


@dataclass(frozen=True)
class Line:
    """A line of a version; ``is_other`` where the other version does not have it."""

    text: str
    is_other: bool = False


@dataclass(frozen=True)
class Versions:
    """A tool as it was accepted and as the server describes it now; equal ones stand once."""

    now: list[Line]
    accepted: list[Line]
    hints: str


@dataclass(frozen=True)
class Row:
    """A tool in the table of its server."""

    tool: McpTool
    arguments: list[Argument]
    description: str
    hints: str

    @property
    def can_be_accepted(self) -> bool:
        """Whether an administrator may accept it as it is now."""
        return self.tool.state in {McpTool.State.NEW, McpTool.State.CHANGED}


def rows_of(server: McpServer) -> list[Row]:
    """Return the tools of a server as it describes them now; those that need a look first."""
    order = {state: place for place, state in enumerate(("changed", "missing", "new"))}
    tools = sorted(
        server.tools.select_related("server"),
        key=lambda tool: (order.get(tool.state, len(order)), tool.full_name),
    )
    return [
        Row(
            tool,
            arguments_of(tool.found["parameters"]),
            tool.found["description"],
            hints_of(tool),
        )
        for tool in tools
    ]


def versions_of(tool: McpTool) -> Versions:
    """Return both versions of a tool, line by line."""
    now = _lines(tool.found)
    if tool.state != McpTool.State.CHANGED:
        return Versions([Line(text) for text in now], [], hints_of(tool))
    accepted = _lines(
        {"description": tool.description, "parameters": tool.parameters, "title": tool.title}
    )
    return Versions(_marked(now, accepted), _marked(accepted, now), hints_of(tool))


def hints_of(tool: McpTool) -> str:
    """Return what the server says of the tool's effect; nobody vouches for it."""
    hints = tool.found.get("hints", {})
    return ", ".join(str(said) for (key, value), said in _HINTS.items() if hints.get(key) is value)


def _lines(version: dict[str, Any]) -> list[str]:
    """Return all that counts of a version, as lines for people."""
    lines = [version["title"], *version["description"].splitlines()]
    lines += [_argument(one) for one in arguments_of(version["parameters"])]
    return lines + _schema_lines(version["parameters"])


def _argument(argument: Argument) -> str:
    needed = gettext("required") if argument.is_required else gettext("optional")
    line = f"{argument.name}: {argument.kind}, {needed}"
    return f"{line}. {argument.description}" if argument.description else line


def _schema_lines(schema: Any, place: str = "") -> list[str]:
    """Return each value of a schema with its place, so that no change in it stays unseen."""
    if isinstance(schema, dict) and schema:
        pairs = sorted(schema.items())
    elif isinstance(schema, list) and schema:
        pairs = [(str(number), one) for number, one in enumerate(schema)]
    else:
        return [f"{place} = {schema}"]
    return [
        line
        for name, value in pairs
        for line in _schema_lines(value, f"{place}.{name}" if place else str(name))
    ]


def _marked(lines: Sequence[str], others: Sequence[str]) -> list[Line]:
    """Mark the lines that are not among the ``others`` at their place."""
    matcher = difflib.SequenceMatcher(a=others, b=lines, autojunk=False)
    marked: list[Line] = []
    for kind, _start, _end, first, last in matcher.get_opcodes():
        marked += [Line(text, is_other=kind != "equal") for text in lines[first:last]]
    return marked
