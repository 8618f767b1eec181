"""The registry of tools."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
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
    """The context of a tool: the run with its epoch and fence, its conversation, and the time.

    ``call`` names the call, the same whenever it is made again.
    """

    call: str
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
Remote = Callable[[Any], Awaitable[Any]]


class FailedCallError(Exception):
    """A call that failed and surely did nothing; ``detail`` is for the model, in its English."""

    detail = ""

    def __init__(self, detail: str = "") -> None:
        """Keep the reason, if it is not that of the class."""
        self.detail = detail or self.detail
        super().__init__(self.detail)


class UnclearEffectError(Exception):
    """A call was sent and its answer lost: it is unknown whether it took effect."""


class Effect(StrEnum):
    """What making a call of a tool does, and what making it twice would."""

    READING = "reading"
    """It changes nothing: its calls may be made again, and beside one another."""
    REPEATABLE = "repeatable"
    """Making it twice is making it once."""
    WRITING = "writing"
    """It is made once; where its end is lost a person finds out what became of it."""


@dataclass(frozen=True, kw_only=True)
class Tool:
    """Something an assistant can do.

    ``handler(context, arguments)`` returns JSON; it runs in a thread, may read the database,
    and changes things only within ``context.effect()``. Where there is a ``remote``, the handler
    prepares what that takes, and ``remote(prepared)`` does it on the event loop, over the network.
    ``parameters`` is a JSON schema. ``role`` names who may approve it: agent, supervisor or
    administrator. ``summary`` says in plain words what a call will do, with ``{names}`` of
    arguments; empty: the title. One that is not ``is_available`` is out of order for now.
    """

    name: str
    title: str
    description: str
    parameters: Json
    handler: Handler
    remote: Remote | None = None
    effect: Effect = Effect.WRITING
    needs_approval: bool = False
    role: str = "agent"
    summary: str = ""
    is_available: bool = True

    @property
    def is_reading(self) -> bool:
        """Whether its calls change nothing."""
        return self.effect == Effect.READING

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
    """Register ``tool``, its title and its summary; there is one of each name."""
    sentences.register(*filter(None, (tool.title, tool.summary)))
    _tools.register(tool.name, tool)


def registered() -> list[Tool]:
    """Return the registered tools, by name."""
    return [_tools[name] for name in sorted(_tools)]


def find(name: str) -> Tool | None:
    """Return a registered tool by name."""
    return _tools.get(name)
