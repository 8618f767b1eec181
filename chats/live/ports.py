"""The engine's ports, with the database and the output stream behind them."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

import orjson
from django.conf import settings
from django.db import InterfaceError, OperationalError

from channels_layer.errors import DomainError
from channels_layer.work.threads import DatabaseThreads
from chats.engine import arguments
from chats.engine.attempts import Attempt
from chats.engine.parts import Call, Json, ModelRequest, Step, ToolResult
from chats.live.output_stream import OutputStream
from chats.models import Run
from chats.services import journal, usage
from chats.services.budgets import BudgetHeldError, PlannedCall
from chats.services.steps import Finished, Last, Unfinished
from chats.tools import Effect, FailedCallError, LostRunError, Tool, ToolContext, UnclearEffectError
from handoff.services import StaleEpochError

logger = logging.getLogger(__name__)

HELD_SECONDS = 30.0
"""How long an answer waits for other calls that hold what is left of its budget."""
LOOK_SECONDS = 0.25


class Toolbox:
    """The tools that a run's assistant may use."""

    def __init__(
        self,
        run: Run,
        offered: Sequence[Tool],
        database: DatabaseThreads,
        clock: Callable[[], datetime],
    ) -> None:
        """Hold the ``offered`` tools for ``run``."""
        self._run = run
        self._tools = {tool.name: tool for tool in offered}
        self._database = database
        self._clock = clock

    @property
    def definitions(self) -> Sequence[Json]:
        """The tools' definitions in OpenAI's form."""
        return [tool.definition() for tool in self._tools.values()]

    def schema(self, name: str) -> Json | None:
        """Return the JSON schema of a tool's arguments, None where there is no such tool."""
        tool = self._tools.get(name)
        return tool.parameters if tool else None

    def needs_approval(self, name: str) -> bool:
        """Return whether a person must approve each call of a tool."""
        return self._tools[name].needs_approval

    def is_reading(self, name: str) -> bool:
        """Return whether a tool only reads."""
        tool = self._tools.get(name)
        return tool is not None and tool.is_reading

    async def execute(self, call: Call, reference: str) -> ToolResult:
        """Make ``call``; a failure of the tool becomes a result for the model."""
        tool = self._tools.get(call.name)
        if tool is None:
            return ToolResult("failed", arguments.problem("This tool is no longer there."))
        work = partial(tool.handler, self._context(reference), call.arguments)
        try:
            result: Any = await self._database.run_once(work)
            if tool.remote:
                result = await tool.remote(result)
        except (StaleEpochError, LostRunError):
            raise
        except Exception as error:  # noqa: BLE001 - every failure becomes a result for the model
            return _failed(tool, error)
        return ToolResult("done", orjson.dumps(result).decode())

    def _context(self, reference: str) -> ToolContext:
        run = self._run
        return ToolContext(
            call=reference,
            run_id=run.pk,
            conversation_id=run.conversation_id,
            assistant_id=run.assistant_id,
            assistant_name=run.assistant.name,
            epoch=run.epoch,
            fence=run.fence,
            at=self._clock(),
        )


def _failed(tool: Tool, error: Exception) -> ToolResult:
    """Return the result of a call whose tool raised ``error``."""
    if isinstance(error, DomainError | FailedCallError):
        return ToolResult("failed", arguments.problem(str(error.detail)))
    if not isinstance(error, UnclearEffectError):
        logger.error("The tool %s failed", tool.name, exc_info=error)
    # The answer to its commit may be what was lost.
    is_unclear = isinstance(error, UnclearEffectError | OperationalError | InterfaceError)
    if is_unclear and tool.effect == Effect.WRITING:
        return ToolResult("unknown", arguments.problem(arguments.UNKNOWN))
    return ToolResult("failed", arguments.problem("The tool failed."))


@dataclass(frozen=True)
class Asked:
    """The step that is being asked: what its call reads, and how much a budget lets it write."""

    number: int = 0
    call: PlannedCall | None = None
    most: int | None = None

    @property
    def prompt(self) -> int:
        """The tokens that it reads."""
        return self.call.prompt if self.call else 0


class RunJournal:
    """The journal of a run: each entry is a transaction that requires the fence.

    The first step of a new run was recorded with it, if it ``has_begun``; the step that ends a run
    is recorded with its end.
    """

    def __init__(
        self,
        run: Run,
        output: OutputStream,
        database: DatabaseThreads,
        clock: Callable[[], datetime],
    ) -> None:
        """Write about ``run`` and send its text to ``output``."""
        self._run = run
        self._output = output
        self._database = database
        self._clock = clock
        self.has_begun = False
        self.tools: Sequence[Tool] = ()
        """Those that the model may call."""
        self._before = 0
        self._is_asking = False
        self._asked = Asked()
        self._thoughts = ""
        self._attempt: Attempt | None = None
        self._finished: Finished | None = None

    def last(self) -> Last:
        """Return the step that is not recorded yet; an empty one where there is none.

        One that did not finish comes with what its newest attempt took.
        """
        if not self._is_asking:
            return self._finished or Unfinished()
        return self._took(self._attempt, self._thoughts)

    def emit(self, text: str) -> None:
        """Show the continuation of the answer."""
        if self._output.length == self._before:
            self._output.state("responding")
        self._output.write(text)

    def retract(self) -> None:
        """Take back the text of the step; while the model goes on it is thinking, as it seems."""
        self._output.cut(self._before)
        self._output.state("thinking")

    async def step_started(self, number: int, request: ModelRequest) -> int | None:
        """Record that the model is being called; return how many tokens a budget leaves it."""
        self._output.state("thinking")
        self._before = self._output.length
        self._attempt, self._thoughts = None, ""
        call = PlannedCall.of(request, settings.LLM_MAX_TOKENS)
        self._asked = Asked(number, call)
        if not self.has_begun:
            self._asked = Asked(number, call, await self._started(number, call))
        self.has_begun = False
        self._is_asking = True
        return self._asked.most

    async def attempt_failed(self, attempt: Attempt) -> None:
        """Record what it took; the next one must be paid for, too."""
        self._attempt = None
        took, at = self._took(attempt), self._clock()
        await self._database.run(partial(journal.lose_attempt, run=self._run, took=took, at=at))
        asked = self._asked
        if asked.most is None or asked.call is None:
            return
        # The request is written already: it has to be paid for as it is.
        again = replace(asked.call, most=asked.most, least=asked.most)
        await self._started(asked.number, again)

    def left(self, attempt: Attempt | None, reasoning: str) -> None:
        """Note what the newest attempt took and what the model thought."""
        self._attempt, self._thoughts = attempt, reasoning

    async def step_finished(self, step: Step) -> None:
        """Record what the model wrote and the calls it requests; without calls, with the end.

        A step whose end comes after the right to speak is gone counts as unfinished.
        """
        self._is_asking = False
        if not step.calls:
            self._finished = Finished(step, self._asked.prompt)
            return
        work = partial(
            journal.finish_step,
            run=self._run,
            step=step,
            prompt=self._asked.prompt,
            at=self._clock(),
            offered=self.tools,
        )
        try:
            await self._database.run(work)
        except StaleEpochError:
            self._is_asking = True
            raise

    async def call_started(self, call: Call) -> str:
        """Record that a tool is being used; return the id of its row."""
        self._output.state("tool_calling")
        row = await self._database.run(partial(journal.start_call, run=self._run, call=call))
        return str(row)

    async def call_finished(self, call: Call, outcome: ToolResult) -> None:
        """Record its outcome."""
        work = partial(
            journal.finish_call, run=self._run, call=call, outcome=outcome, at=self._clock()
        )
        await self._database.run(work)

    async def _started(self, number: int, call: PlannedCall) -> int | None:
        """Record the step; wait a while where other calls hold what is left of a budget."""
        loop = asyncio.get_running_loop()
        until = loop.time() + HELD_SECONDS
        while True:
            start = partial(
                journal.start_step, run=self._run, number=number, call=call, at=self._clock()
            )
            try:
                return await self._database.run(start)
            except BudgetHeldError:
                if loop.time() >= until:
                    raise
            await asyncio.sleep(LOOK_SECONDS)

    def _took(self, attempt: Attempt | None, thoughts: str = "") -> Unfinished:
        if attempt is None:
            return Unfinished(reasoning=thoughts)
        estimate = usage.estimate(self._asked.prompt, attempt.written)
        return Unfinished(attempt.usage, estimate, thoughts)
