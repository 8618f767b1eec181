"""The choice of an assistant's tools, each with the rule of who approves its calls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import pgettext_lazy as _

from channels_layer import sentences
from chats import tools
from chats.tools import Effect, Tool
from chats.tools.catalogue import NEVER
from handoff.models import Agent

EFFECTS = {
    Effect.READING: _("tool", "Reads only"),
    Effect.REPEATABLE: _("tool", "Changes something, once however often"),
    Effect.WRITING: _("tool", "Changes something"),
}


@dataclass(frozen=True)
class Choice:
    """The chosen tools of an assistant, and its rules by their names."""

    names: Sequence[str]
    rules: Mapping[str, str]


class ToolTable(forms.Widget):
    """Shows all tools in rows: whether the assistant has it, what it does, who approves it."""

    needs_multipart_form = False

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Choice:
        """Return what was chosen; a rule is sent with every row."""
        del files
        prefix = f"{name}-rule-"
        rules = {key.removeprefix(prefix): data[key] for key in data if key.startswith(prefix)}
        return Choice(data.getlist(name), {tool: rule for tool, rule in rules.items() if rule})

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Return false: no box that is ticked sends nothing."""
        del data, files, name
        return False

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Show a row for each tool that exists, and for each that the assistant has."""
        del attrs, renderer
        choice = value if isinstance(value, Choice) else Choice([], {})
        known = tools.everything()
        gone = [one for one in choice.names if one not in {tool.name for tool in known}]
        rows = [_row(tool, choice) for tool in known] + [_gone(one, choice) for one in gone]
        context = {"name": name, "rows": rows, "rules": _rules()}
        return render_to_string("admin/_tools.html", context)


class ToolsField(forms.Field):
    """The tools of an assistant with its rules; cleaned to a ``Choice``."""

    widget = ToolTable

    def clean(self, value: Any) -> Choice:
        """Return the choice.

        :raises ValidationError: a rule is none.
        """
        known = dict(_rules())
        for tool, rule in value.rules.items():
            if rule not in known:
                raise ValidationError(
                    gettext("There is no rule “%(rule)s” for %(tool)s."),
                    params={"rule": rule, "tool": tool},
                )
        return Choice(value.names, value.rules)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether other tools, or other rules, were chosen."""
        return sorted(initial.names) != sorted(data.names) or initial.rules != data.rules


def _rules() -> list[tuple[str, Any]]:
    roles = [(value, label) for value, label in Agent.Role.choices]
    return [("", _("rule", "As the tool says")), (NEVER, _("rule", "Nobody")), *roles]


def _row(tool: Tool, choice: Choice) -> dict[str, Any]:
    own = Agent.Role(tool.role).label if tool.needs_approval else gettext("nobody")
    return {
        "name": tool.name,
        "title": sentences.translated(tool.title),
        "about": tool.description,
        "effect": EFFECTS[tool.effect],
        "own": own,
        "is_available": tool.is_available,
        "is_chosen": tool.name in choice.names,
        "rule": choice.rules.get(tool.name, ""),
    }


def _gone(name: str, choice: Choice) -> dict[str, Any]:
    return {
        "name": name,
        "title": name,
        "about": gettext_lazy("There is no such tool any more."),
        "is_chosen": True,
        "rule": choice.rules.get(name, ""),
    }
