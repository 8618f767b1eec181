"""The catalogue: all tools, those that are registered and those that administrators made."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from channels_layer.registry import Registry
from chats.tools import registry
from chats.tools.registry import Tool
from conversations.models import Assistant

NEVER = "never"
"""The rule that no person has to approve a tool's calls; any other rule is the role of who does."""


@dataclass(frozen=True)
class Source:
    """Tools that stand in the database.

    ``named`` returns those of some names, ``everything`` all; one that is out of order for now is
    among them, not available. Both may read the database.
    """

    named: Callable[[Collection[str]], Sequence[Tool]]
    everything: Callable[[], Sequence[Tool]]


@dataclass(frozen=True)
class Offer:
    """The tools of an assistant as they are now, and the titles of those that are out of order."""

    tools: list[Tool]
    out_of_order: list[str]


_sources: Registry[str, Source] = Registry("source of tools")


def register_source(name: str, source: Source) -> None:
    """Register a ``source`` of tools under its ``name``."""
    _sources.register(name, source)


def offer(assistant: Assistant) -> Offer:
    """Return the tools of ``assistant`` in its order, with its own rules of approval."""
    found = [_ruled(tool, assistant) for tool in _named(assistant.tools)]
    out_of_order = [tool.title for tool in found if not tool.is_available]
    return Offer([tool for tool in found if tool.is_available], out_of_order)


def find(name: str) -> Tool | None:
    """Return a tool by name, available or not."""
    found = _named([name])
    return found[0] if found else None


def everything() -> list[Tool]:
    """Return all tools: the registered ones, then those of each source, by name."""
    found = registry.registered()
    for source in _sources.values():
        found += sorted(source.everything(), key=lambda tool: tool.name)
    return found


def names() -> list[str]:
    """List the names of all tools."""
    return [tool.name for tool in everything()]


def _named(names: Sequence[str]) -> list[Tool]:
    """Return the tools of ``names`` that exist, in that order."""
    found = {name: tool for name in names if (tool := registry.find(name))}
    if others := [name for name in names if name not in found]:
        for source in _sources.values():
            found |= {tool.name: tool for tool in source.named(others)}
    return [found[name] for name in names if name in found]


def _ruled(tool: Tool, assistant: Assistant) -> Tool:
    """Return ``tool`` with the rule that ``assistant`` has for it, if there is one."""
    rule = assistant.tool_rules.get(tool.name)
    if rule is None:
        return tool
    if rule == NEVER:
        return replace(tool, needs_approval=False)
    return replace(tool, needs_approval=True, role=rule)
