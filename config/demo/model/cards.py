"""Cards: when the demo model shows choices, and which."""

import re
from typing import Any

from config.demo.model.prompt import Prompt

Json = dict[str, Any]
TOOL = "present"
MOST = 10
_WANTED = re.compile(
    r"\b(show|give|send|let)\b.{0,20}\b(choices|options|buttons|choose)\b", re.IGNORECASE
)
_LISTED = re.compile(r":\s*(?P<options>[^.?!\n]+)")
_BETWEEN = re.compile(r",\s*(?:or\s+)?|\s+or\s+")
_USUAL = ("Where is my order?", "How do I return a lamp?", "I would like to talk to a person")
_NAMES = ("number", "id")
"""What makes something that one can choose, rather than a part of it."""
_LONGEST_TITLE, _LONGEST_NOTE, _LONGEST_DESCRIPTION = 60, 24, 120


def of_question(prompt: Prompt) -> Json | None:
    """Return buttons where the customer asks for choices: those that they name, else the usual."""
    if TOOL not in prompt.tools or prompt.results or not _WANTED.search(prompt.question):
        return None
    listed = _LISTED.search(prompt.question)
    named = [one.strip() for one in _BETWEEN.split(listed["options"])] if listed else []
    titles = [one[:1].upper() + one[1:_LONGEST_TITLE] for one in named if one][:MOST] or _USUAL
    buttons = [{"title": title} for title in titles]
    return {"cards": [{"type": "buttons", "title": "What would you like?", "buttons": buttons}]}


def of_results(prompt: Prompt) -> Json | None:
    """Return a list to choose from where a tool has found several things."""
    if TOOL not in prompt.tools or any(result.tool == TOOL for result in prompt.results):
        return None
    data = prompt.results[-1].data if prompt.results else None
    for name, rows in data.items() if isinstance(data, dict) else ():
        items = [_item(row) for row in rows] if _is_list_of_objects(rows) else []
        shown = [item for item in items if item][:MOST]
        if len(shown) > 1 and prompt.results[-1].tool != "search_knowledge":
            title = f"Your {name.replace('_', ' ')}"
            return {"cards": [{"type": "list", "title": title, "items": shown}]}
    return None


def _is_list_of_objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _item(row: Json) -> Json | None:
    """Return a row as something to choose, if it has a name."""
    name = next((str(row[one]) for one in _NAMES if row.get(one)), "")
    if not name:
        return None
    others = [value for key, value in row.items() if key not in _NAMES and isinstance(value, str)]
    item: Json = {"title": name[:_LONGEST_TITLE], "value": name}
    if others:
        item["description"] = ", ".join(others)[:_LONGEST_DESCRIPTION]
    if isinstance(row.get("total"), int | float):
        item["note"] = f"{row['total']:.2f} {row.get('currency', '')}".strip()[:_LONGEST_NOTE]
    return item
