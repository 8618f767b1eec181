"""What a server says of a tool: checked, and pinned by a hash."""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.utils.translation import gettext_noop

from channels_layer import unseen
from chats.engine import arguments
from chats.models.mcp import LONGEST_NAME
from chats.tools.mcp import schemas

Json = dict[str, Any]

LONGEST_OWN_NAME = 128
LONGEST_TITLE = 120
LONGEST_DESCRIPTION = 8000
NO_NAME = gettext_noop("Its name is too long or no name.")
TOO_LONG = gettext_noop("Its description is too long.")
UNSEEN = gettext_noop("It holds signs that nobody sees.")
TWICE = gettext_noop("The server lists this name twice.")
SENTENCES = (NO_NAME, TOO_LONG, UNSEEN, TWICE, *schemas.SENTENCES)

_NAME = re.compile(r"\A[A-Za-z0-9_./:-]+\Z")


@dataclass(frozen=True)
class FoundTool:
    """A tool as a server describes it; ``hints`` is what it says of its effect, nothing more."""

    name: str
    title: str
    description: str
    parameters: Json
    hints: Json = field(default_factory=dict)

    @property
    def hash(self) -> str:
        """The pin: of name, description and schema, whatever the order of keys."""
        pinned = [self.name, self.description, self.parameters]
        return hashlib.sha256(orjson.dumps(pinned, option=orjson.OPT_SORT_KEYS)).hexdigest()

    def as_json(self) -> Json:
        """Return what is stored of it."""
        return {
            "title": self.title,
            "description": self.description,
            "parameters": self.parameters,
            "hints": self.hints,
        }


@dataclass(frozen=True)
class RefusedTool:
    """A tool that cannot be used, and why, in one of ``SENTENCES``."""

    name: str
    why: str

    def as_json(self) -> Json:
        """Return what is stored of it."""
        return {"name": self.name, "why": self.why}


@dataclass(frozen=True)
class Listing:
    """All tools of a server: those that can be accepted, and the others."""

    tools: list[FoundTool]
    refused: list[RefusedTool] = field(default_factory=list)


def listing(found: list[FoundTool]) -> Listing:
    """Part what can be used from what cannot."""
    names = [tool.name for tool in found]
    faults = {tool.name: fault_of(tool) for tool in found}
    faults |= {name: TWICE for name in names if names.count(name) > 1}
    usable = [tool for tool in found if not faults[tool.name]]
    refused = [RefusedTool(_shown(name), why) for name, why in faults.items() if why]
    return Listing(usable, refused)


def fault_of(tool: FoundTool) -> str:
    """Return why a tool cannot be used, in one of ``SENTENCES``; empty if it can."""
    if len(tool.name) > LONGEST_OWN_NAME or not _NAME.match(tool.name):
        return NO_NAME
    if len(tool.description) > LONGEST_DESCRIPTION:
        return TOO_LONG
    if fault := schemas.fault_of(tool.parameters):
        return fault
    texts = [tool.title, tool.description, orjson.loads(orjson.dumps(tool.parameters))]
    is_open = all(_is_seen(text) for text in texts) and arguments.can_be_kept(texts)
    return "" if is_open else UNSEEN


def full_name(prefix: str, name: str) -> str:
    """Return what models call a tool; long names keep their ends."""
    own = re.sub(r"[^a-zA-Z0-9_-]", "_", name)
    return f"{prefix}_{own[-(LONGEST_NAME - len(prefix) - 1) :]}"


def _is_seen(value: Any) -> bool:
    """Return whether people see all that texts in ``value`` say."""
    match value:
        case str(text):
            return unseen.removed(text) == text
        case dict(items):
            return all(_is_seen(one) for pair in items.items() for one in pair)
        case list(items):
            return all(_is_seen(one) for one in items)
    return True


def _shown(name: str) -> str:
    return " ".join(unseen.removed(name).replace("\x00", "").split())[:LONGEST_OWN_NAME]
