"""The registry of tools."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from channels_layer import sentences
from channels_layer.errors import DomainError
from channels_layer.registry import Registry
from chats.models import Run
from conversations.models import Conversation
from handoff.services import StaleEpochError

Json = dict[str, Any]


class LostRunError(DomainError):
    """The run is no longer this worker's."""

    code = "lost_run"
    detail = _("Another worker goes on with this run.")


@dataclass(frozen=True, kw_only=True)
class ToolContext:
    """The context of a tool: the run with its epoch and fence, its conversation, and the time."""

    run_id: UUID
    conversation_id: UUID
    assistant_id: UUID
    assistant_name: str
    epoch: int
    fence: int
    at: datetime

    @contextmanager
    def effect(self) -> Iterator[Conversation]:
        """Change something: in a transaction, with the conversation locked and the run still live.

        :raises StaleEpochError: the assistant no longer has the right to act.
        :raises LostRunError: another worker has the run.
        """
        with transaction.atomic():
            conversation = Conversation(pk=self.conversation_id).locked()
            if conversation.epoch != self.epoch:
                raise StaleEpochError(conversation.epoch)
            mine = Run.objects.filter(
                pk=self.run_id, fence=self.fence, status=Run.Status.RUNNING
            ).select_for_update(no_key=True)
            if not mine.exists():
                raise LostRunError
            yield conversation


Handler = Callable[[ToolContext, Json], Any]


@dataclass(frozen=True, kw_only=True)
class Tool:
    """Something an assistant can do.

    ``handler(context, arguments)`` returns JSON; it runs in a thread, may read the database,
    and changes things only within ``context.effect()``. ``parameters`` is a JSON schema.
    ``is_repeatable`` says that making it twice does no harm. ``role`` names who may approve it:
    agent, supervisor or administrator.
    """

    name: str
    title: str
    description: str
    parameters: Json
    handler: Handler
    needs_approval: bool = False
    is_repeatable: bool = False
    role: str = "agent"

    def definition(self) -> Json:
        """Return the tool's definition in OpenAI's form."""
        return {
            "type": "function",
            "function": {
                "name": self.name,
                "description": self.description,
                "parameters": self.parameters,
            },
        }


_tools: Registry[str, Tool] = Registry("tool")


def register(tool: Tool) -> None:
    """Register ``tool`` and its title; there is one of each name."""
    sentences.register(tool.title)
    _tools.register(tool.name, tool)


def find(name: str) -> Tool | None:
    """Return a tool by name."""
    return _tools.get(name)


def names() -> list[str]:
    """List the names of all tools."""
    return sorted(_tools)


def offered(wanted: Sequence[str]) -> list[Tool]:
    """Return those of the ``wanted`` tools that exist, in that order."""
    return [_tools[name] for name in wanted if name in _tools]
