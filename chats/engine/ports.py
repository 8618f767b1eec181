"""Ports: the protocols through which the engine reaches the world."""

from collections.abc import AsyncGenerator, Sequence
from typing import Protocol

from chats.engine.attempts import Attempt
from chats.engine.parts import Call, Json, ModelEvent, ModelRequest, Step, ToolResult
from chats.engine.traits import Trait, Traits


class Provider(Protocol):
    """A server that runs models."""

    def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent]:
        """Return the events of one answer; `Finish` is the last, or `ModelError` is raised."""


class TraitStore(Protocol):
    """What is remembered of the models of one server. No method may fail."""

    async def known(self, model: str) -> Traits:
        """Return what was learnt of ``model``."""

    async def learn(self, model: str, traits: Sequence[Trait]) -> None:
        """Remember ``traits`` of ``model``; what is not remembered is learnt again."""

    async def forget(self, model: str, kinds: Sequence[str]) -> None:
        """Forget the traits of ``kinds`` of ``model``: it shows them no more."""


class Tools(Protocol):
    """The tools that an assistant may use."""

    @property
    def definitions(self) -> Sequence[Json]:
        """The tools in OpenAI's form, for the model."""

    def schema(self, name: str) -> Json | None:
        """Return the JSON schema of the arguments of ``name``, or None if there is no such tool."""

    def needs_approval(self, name: str) -> bool:
        """Return whether a person must approve each call of ``name``."""

    def is_reading(self, name: str) -> bool:
        """Return whether ``name`` only reads: its calls may be made beside one another."""

    async def execute(self, call: Call, reference: str) -> ToolResult:
        """Do what ``call`` asks; ``reference`` is the journal's own name of it.

        A failure is an outcome, not an exception.
        """


class Journal(Protocol):
    """The record of one run: it is written before anything happens, so that a run can go on.

    Any of its methods may raise to end the run: it has lost its lease, its right to speak is gone.
    """

    def emit(self, text: str) -> None:
        """Show ``text``, the continuation of the answer."""

    def retract(self) -> None:
        """Take back what was shown since the step began: it was no part of the answer."""

    async def step_started(self, number: int, request: ModelRequest) -> int | None:
        """Record that the model is being called.

        Return how many tokens the answer may have, None where nothing limits them.
        """

    async def attempt_failed(self, attempt: Attempt) -> None:
        """Record what an attempt took that failed and is followed by another."""

    def left(self, attempt: Attempt | None, reasoning: str) -> None:
        """Note what the newest attempt took, if it may cost something, and all that was thought.

        It is called whether or not the step finishes.
        """

    async def step_finished(self, step: Step) -> None:
        """Record what the model wrote; its calls are recorded with it, before they are made."""

    async def call_started(self, call: Call) -> str:
        """Record that ``call`` is being made; return the journal's name of it, the same again."""

    async def call_finished(self, call: Call, outcome: ToolResult) -> None:
        """Record the outcome of ``call``."""
