"""The loop: model, tools, model, until the model answers in text alone."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from chats.engine import arguments, context, limits, retries
from chats.engine.attempts import Attempts
from chats.engine.limits import Limits
from chats.engine.parts import (
    Call,
    InterruptedStreamError,
    Json,
    ModelError,
    ModelRequest,
    Restarted,
    Step,
    ToolResult,
    joined,
)
from chats.engine.ports import Journal, Provider, Tools
from chats.engine.retries import Retries
from chats.engine.turn import Turn


@dataclass(frozen=True)
class RunRequest:
    """The input of a run; ``steps`` are those that an earlier attempt has finished.

    ``room`` is how many tokens of the model's window are left for what the steps add; ``seconds``
    are the limits of time that differ from the deployment's. ``conversation`` is that of the run.
    """

    model: str
    messages: Sequence[Json]
    options: Mapping[str, Any] = field(default_factory=dict)
    steps: Sequence[Step] = ()
    room: int = 8000
    seconds: Mapping[str, float] = field(default_factory=dict)
    conversation: str = ""


@dataclass(frozen=True)
class Ending:
    """How a run ended: ``stop`` ``length`` ``limit`` or ``waiting_approval``."""

    reason: str
    text: str


@dataclass(frozen=True)
class Engine:
    """What the runs of a process share: the provider and the limits."""

    provider: Provider
    limits: Limits = field(default_factory=Limits)
    retries: Retries = field(default_factory=Retries)

    async def run(self, request: RunRequest, *, tools: Tools, journal: Journal) -> Ending:
        """Answer ``request``.

        :raises InterruptedStreamError: the model failed after some text was visible.
        :raises ModelError: it failed before, or it had nothing to say.
        """
        run = _Run(self, request, tools, journal)
        try:
            return await run.go()
        except InterruptedStreamError:
            raise
        except ModelError as error:
            if run.text:
                raise InterruptedStreamError(error.code, error.detail) from error
            raise


class _Run:
    """One run in progress."""

    def __init__(self, engine: Engine, request: RunRequest, tools: Tools, journal: Journal) -> None:
        self._engine = engine
        self._limits = engine.limits
        self._request = request
        self._tools = tools
        self._journal = journal
        self._steps = list(request.steps)
        self._prompt = sum(context.tokens_of(message) for message in request.messages)

    @property
    def text(self) -> str:
        """The text of all finished steps."""
        return joined(self._steps)

    async def go(self) -> Ending:
        """Take turns until there is nothing left to do."""
        while True:
            last = self._steps[-1] if self._steps else None
            if last and not last.calls:
                return self._answered(last)
            if last and any(call.outcome is None for call in last.calls):
                if any(call.needs_approval and not call.outcome for call in last.calls):
                    return Ending("waiting_approval", self.text)
                await self._work(last)
            else:
                await self._think()

    async def _think(self) -> None:
        """Let the model take the next step."""
        number = len(self._steps) + 1
        is_last = self._limits.are_used_up(self._steps, prompt=self._prompt)
        request = self._model_request(() if is_last else self._tools.definitions)
        most = await self._journal.step_started(number, request)
        step = await self._ask(number, limits.within(request, most))
        if is_last:
            step = replace(step, calls=())
        else:
            calls = self._limits.applied(step, self._steps, prompt=self._prompt)
            step = replace(step, calls=calls)
        await self._journal.step_finished(step)
        self._steps.append(step)

    async def _ask(self, number: int, request: ModelRequest) -> Step:
        """Call the model once and show its text as it comes."""
        room = self._limits.text - len(self.text)
        turn = Turn(before=self.text, room=room, tools=self._tools, journal=self._journal)
        attempts = Attempts()
        stream = retries.stream(self._engine.provider, request, self._engine.retries)
        try:
            async with aclosing(stream) as events:
                async for event in events:
                    attempts.take(event)
                    turn.take(event)
                    if isinstance(event, Restarted) and attempts.lost:
                        await self._journal.attempt_failed(attempts.lost.pop())
                    if turn.is_full:
                        break
        except ModelError as error:
            attempts.failed(error)
            raise
        finally:
            self._journal.left(attempts.last, turn.reasoning)
        return turn.step(number)

    def _model_request(self, tools: Sequence[Json]) -> ModelRequest:
        """Return what the model is asked: the prompt, and what the steps have added."""
        said = [message for step in self._steps for message in step.messages()]
        return ModelRequest(
            self._request.model,
            [*self._request.messages, *limits.fitted(said, self._request.room)],
            tools,
            self._request.options,
            seconds=self._request.seconds,
            conversation=self._request.conversation,
        )

    async def _work(self, step: Step) -> None:
        """Make the open calls of ``step`` in their order; neighbours that only read, together."""
        done: list[Call] = []
        for are_reading, calls in groupby(step.calls, key=self._is_reading):
            if are_reading:
                done += await _together([self._made(call) for call in calls])
            else:
                done += [await self._made(call) for call in calls]
        self._steps[-1] = replace(step, calls=tuple(done))

    def _is_reading(self, call: Call) -> bool:
        return call.outcome is None and self._tools.is_reading(call.name)

    async def _made(self, call: Call) -> Call:
        """Return ``call`` with its outcome; an open one is made."""
        if call.outcome is not None:
            return call
        reference = await self._journal.call_started(call)
        outcome = await self._execute(call, reference)
        await self._journal.call_finished(call, outcome)
        return replace(call, outcome=outcome)

    async def _execute(self, call: Call, reference: str) -> ToolResult:
        try:
            async with asyncio.timeout(self._limits.tool_seconds):
                return await self._tools.execute(call, reference)
        except TimeoutError:
            if self._tools.is_reading(call.name):
                return ToolResult("failed", arguments.problem("The tool did not answer in time."))
            why = "The tool did not answer in time. It is unknown whether it took effect."
            return ToolResult("unknown", arguments.problem(why))

    def _answered(self, last: Step) -> Ending:
        """Return how the run ended, now that ``last`` called no more tools."""
        if last.finish == "content_filter":
            raise ModelError("filtered")
        if self._limits.are_used_up(self._steps[:-1], prompt=self._prompt):
            return Ending("limit", self.text)
        if not self.text.strip():
            raise ModelError("empty")
        return Ending("length" if last.finish == "length" else "stop", self.text)


async def _together(work: Sequence[Coroutine[Any, Any, Call]]) -> list[Call]:
    """Return what all of ``work`` returns; where one fails the others are cancelled."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
