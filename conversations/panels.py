"""Registries of what layers above add to a conversation's pages: tool calls, panels and more."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from channels_layer.access.actors import Staff
from channels_layer.registry import Registry
from conversations.models import Conversation
from conversations.tool_line import ToolLine

ToolLines = Callable[[Sequence[UUID], Staff], Mapping[UUID, Sequence[ToolLine]]]
ReasoningLinks = Callable[[Sequence[UUID]], Mapping[UUID, str]]
FailureWords = Callable[[Sequence[UUID]], Mapping[UUID, str]]
Context = Callable[[Conversation, Staff], Mapping[str, Any] | None]


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A section of the details column; ``context`` may return None to leave it out.

    ``module`` and ``style`` are static files that the page loads for it.
    """

    template: str
    context: Context
    order: int
    module: str = ""
    style: str = ""


@dataclass(frozen=True, kw_only=True)
class Banner:
    """A banner over the thread, shown while ``context`` returns anything."""

    template: str
    context: Context


_tool_lines: Registry[str, ToolLines] = Registry("reader of tool calls")
_reasoning: Registry[str, ReasoningLinks] = Registry("reader of reasoning")
_failure_words: Registry[str, FailureWords] = Registry("reader of failures' words")
_banners: Registry[str, Banner] = Registry("banner")
_panels: Registry[str, Panel] = Registry("panel")
_icons: Registry[str, str] = Registry("icon of system lines")


def register_tool_lines(name: str, lines: ToolLines) -> None:
    """Register ``lines``, which returns the tool calls of runs by run, as a person reads them."""
    _tool_lines.register(name, lines)


def register_reasoning(name: str, links: ReasoningLinks) -> None:
    """Register ``links``, which returns where the reasoning of runs can be read, by run."""
    _reasoning.register(name, links)


def register_failure_words(name: str, words: FailureWords) -> None:
    """Register ``words``, which returns by run what a provider said when it failed."""
    _failure_words.register(name, words)


def register_panel(panel: Panel) -> None:
    """Add a section to the details column."""
    _panels.register(panel.template, panel)


def register_banner(banner: Banner) -> None:
    """Register a banner over the thread."""
    _banners.register(banner.template, banner)


def register_icon(change: str, icon: str) -> None:
    """Register the icon of system lines about ``change``."""
    _icons.register(change, icon)


def icon_of(change: str) -> str | None:
    """Return the icon that a layer above has registered for ``change``."""
    return _icons.get(change)


def files() -> dict[str, list[str]]:
    """Return the static files of all sections: ``modules`` and ``styles``."""
    return {
        "modules": [panel.module for panel in _sections() if panel.module],
        "styles": [panel.style for panel in _sections() if panel.style],
    }


def tool_lines(runs: Sequence[UUID], actor: Staff) -> dict[UUID, list[ToolLine]]:
    """Return the tool calls of ``runs``, by run, as the ``actor`` reads them."""
    found: dict[UUID, list[ToolLine]] = {}
    if not runs:
        return found
    for lines in _tool_lines.values():
        for run, calls in lines(runs, actor).items():
            found.setdefault(run, []).extend(calls)
    return found


def reasoning_links(runs: Sequence[UUID]) -> dict[UUID, str]:
    """Return the paths of the reasoning of ``runs``, by run; most have none."""
    found: dict[UUID, str] = {}
    if runs:
        for links in _reasoning.values():
            found |= links(runs)
    return found


def failure_words(runs: Sequence[UUID]) -> dict[UUID, str]:
    """Return what providers said when ``runs`` failed, by run; for staff alone."""
    if not runs:
        return {}
    return {run: said for words in _failure_words.values() for run, said in words(runs).items()}


def banners(conversation: Conversation, actor: Staff) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the banners over the thread, each as a template's name and its context."""
    said = ((banner.template, banner.context(conversation, actor)) for banner in _banners.values())
    return [(template, context) for template, context in said if context is not None]


def panels(conversation: Conversation, actor: Staff) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the sections for ``actor``, each as a template's name and its context."""
    shown = ((panel.template, panel.context(conversation, actor)) for panel in _sections())
    return [(template, context) for template, context in shown if context is not None]


def _sections() -> list[Panel]:
    """List the sections in the order of the page."""
    return sorted(_panels.values(), key=lambda panel: panel.order)
