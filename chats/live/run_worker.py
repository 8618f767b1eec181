"""Run workers: one worker's work on one run, from the claim to the end or the release."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError

from channels_layer.transport import stream
from channels_layer.work.threads import DatabaseThreads
from chats.engine import completion
from chats.engine.attempts import Attempts
from chats.engine.loop import Engine, RunRequest
from chats.engine.parts import InterruptedStreamError, ModelError, joined
from chats.engine.ports import Provider
from chats.engine.refusals import cleaned
from chats.engine.retries import Retries
from chats.live.output_stream import OutputStream
from chats.live.ports import RunJournal, Toolbox
from chats.models import Run, Usage
from chats.services import endings, journal, prompts, summaries, utility_calls
from chats.services.budgets import BudgetReachedError
from chats.services.endings import Result
from chats.services.journal import ShownText, Standing
from chats.services.openings import Opening
from chats.services.prompts import Prompt
from chats.services.utility_calls import UtilityRequest
from chats.tools.registry import LostRunError
from handoff.services import StaleEpochError

logger = logging.getLogger(__name__)

CROWD = 8
CROWDED_PAUSE = 0.03
SUMMARY_SECONDS = 15.0

HAND_OVER = "hand_over"
LOST = "lost"


class RunContext(Protocol):
    """What the runs of a process share."""

    clock: Callable[[], datetime]
    database: DatabaseThreads
    tools: DatabaseThreads
    retries: Retries

    @property
    def is_crowded(self) -> bool:
        """Whether text is to be sent in bundles."""

    def provider(self) -> Provider:
        """Return the provider of the models."""


class RunWorker:
    """One run whose lease this process holds."""

    def __init__(self, context: RunContext, run: Run, opening: Opening | None = None) -> None:
        """Take ``run``, whose lease this process holds; a new one begins with its ``opening``."""
        self.run = run
        self._context = context
        self._database = context.database
        self._clock = context.clock
        self._output = OutputStream(run, clock=context.clock, pause=self._pause)
        self._journal = RunJournal(run, self._output, context.database, context.clock)
        self._opening = opening or Opening()
        self._stopped = ""
        self._checks: set[asyncio.Task[None]] = set()
        self._answering = asyncio.create_task(self._answer())

    def wake(self) -> None:
        """Check the row now: something about the right to speak may have changed."""
        task = asyncio.create_task(self._check())
        self._checks.add(task)
        task.add_done_callback(self._checks.discard)

    def stop(self, reason: str) -> None:
        """Stop answering; the model's stream is closed at once. The first reason counts."""
        self._stopped = self._stopped or reason
        self._answering.cancel()

    async def work(self) -> None:
        """Answer, and store how it ended."""
        sending = asyncio.create_task(self._output.go_on())
        try:
            result = await self._result()
        finally:
            tasks = [sending, *self._checks]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        with suppress(TimeoutError):
            if result.reason not in {"superseded", LOST}:
                await self._output.close()
        if await self._let_go(result):
            stream.finish(run=self.run.pk, attempts=self.run.attempt)
        else:
            stream.let_go(run=self.run.pk)

    async def _answer(self) -> str:
        """Run the engine; return its reason for ending."""
        steps = []
        if self.run.attempts > 1:
            steps = await self._database.run(
                partial(journal.resume, run=self.run, at=self._clock())
            )
            self.judge(await self._database.run(partial(journal.check, run=self.run)))
            await self._output.begin_with(joined(steps))
        prompt = await self._prompt()
        is_as_opened = prompt is self._opening.prompt and prompt.model == self.run.model
        self._journal.has_begun = is_as_opened and not self._opening.is_limited
        self.run.model = prompt.model
        request = RunRequest(
            prompt.model,
            prompt.context.messages,
            prompt.options,
            steps,
            room=prompt.room,
            seconds=prompt.seconds,
            conversation=str(self.run.conversation_id),
        )
        self._journal.tools = prompt.tools
        tools = Toolbox(self.run, prompt.tools, self._context.tools, self._clock)
        engine = Engine(self._context.provider(), retries=self._context.retries)
        return (await engine.run(request, tools=tools, journal=self._journal)).reason

    async def _prompt(self) -> Prompt:
        """Return the prompt; what does not fit into it is summarised first."""
        work = partial(prompts.build, run=self.run, at=self._clock())
        prompt = self._opening.prompt
        if prompt is None:
            prompt = await self._database.run(work)
        if not prompt.overflow:
            return prompt
        await self._summarise(prompt)
        return await self._database.run(work)

    async def _summarise(self, prompt: Prompt) -> None:
        turns = prompt.overflow
        summary = UtilityRequest(
            conversation_id=self.run.conversation_id,
            run_id=self.run.pk,
            purpose=Usage.Purpose.SUMMARY,
            request=summaries.request(
                model=settings.LLM_UTILITY_MODEL, summary=prompt.summary, turns=turns
            ),
        )
        try:
            text = await self._summary_of(summary)
        except ModelError as error:
            logger.warning("No summary for run %s: %s", self.run.pk, error)
            text = ""
        store = partial(
            summaries.store,
            conversation_id=self.run.conversation_id,
            position=turns[-1].position,
            text=text or summaries.fallback(summary=prompt.summary, turns=turns),
            at=self._clock(),
        )
        await self._database.run(store)

    async def _summary_of(self, summary: UtilityRequest) -> str:
        """Return the model's summary; record its usage in any case.

        :raises ModelError: it fails, or no budget pays for it.
        """
        hold = partial(utility_calls.hold, summary, at=self._clock())
        held = await self._database.run(hold)
        attempts = Attempts()
        try:
            done = await completion.complete(
                self._context.provider(),
                held.request,
                self._context.retries,
                within=utility_calls.seconds(SUMMARY_SECONDS),
                attempts=attempts,
            )
        finally:
            took = completion.charged(attempts)
            await self._database.run(partial(utility_calls.record, held, took, at=self._clock()))
        return done.text.strip()

    async def _result(self) -> Result:
        """Wait for the answer and return how it ended."""
        reason, error, detail = "", "", ""
        try:
            reason = await self._answering
        except asyncio.CancelledError:
            if not self._stopped:
                raise
            reason = self._stopped
        except Exception as failure:  # noqa: BLE001 - every failure becomes a result that the customer sees
            reason, error = self._meaning(failure)
            detail = failure.detail if isinstance(failure, ModelError) else ""
        if error:
            logger.warning("Run %s: %s (%s) %s", self.run.pk, reason, error, detail)
        text = self._output.shown if reason == "superseded" else self._output.text
        return Result(
            reason,
            text,
            error,
            self._output.first_at,
            detail=cleaned(detail),
            last=self._journal.last(),
            was_taken_back=self._output.was_taken_back,
        )

    def _meaning(self, failure: Exception) -> tuple[str, str]:
        """Return the contract's reason and the code for what ended the answer."""
        match failure:
            case InterruptedStreamError(code=code):
                meaning = "interrupted", code
            case ModelError(code=code):
                meaning = "error", code
            case BudgetReachedError(code=code):
                meaning = "limit", code
            case StaleEpochError():
                meaning = "superseded", ""
            case LostRunError() | ObjectDoesNotExist():
                meaning = LOST, ""
            case OperationalError() | InterfaceError():
                # It was away for longer than a transaction is tried again; the answer is not lost.
                logger.warning("Run %s waits for the database: %s", self.run.pk, failure)
                meaning = HAND_OVER, ""
            case _:
                logger.error("Run %s failed", self.run.pk, exc_info=failure)
                meaning = "error", "internal"
        return meaning

    async def _let_go(self, result: Result) -> bool:
        """Store the end; where that is impossible the lease runs out and another worker goes on.

        Return whether the text that this worker showed is no longer needed.
        """
        try:
            if result.reason == HAND_OVER:
                hand_over = partial(
                    journal.hand_over,
                    run=self.run,
                    last=result.last,
                    at=self._clock(),
                )
                return not await self._database.run(hand_over)
            if result.reason == "waiting_approval":
                return not await self._rest(result)
            if result.reason != LOST:
                work = partial(endings.finish, run=self.run, result=result, at=self._clock())
                await self._database.run(work)
        except (LostRunError, ObjectDoesNotExist):
            logger.info("Run %s is no longer this worker's", self.run.pk)
        except DatabaseError:
            logger.exception("Run %s could not be ended", self.run.pk)
            return False
        return True

    async def _rest(self, result: Result) -> bool:
        """Let the run wait for approval; return whether it is still live."""
        work = partial(journal.wait_for_approval, run=self.run, result=result, at=self._clock())
        run = await self._database.run(work)
        if run.status == Run.Status.WAITING:
            self._output.state("waiting_approval")
            await self._output.close()
        return run.is_live

    def shown(self) -> ShownText:
        """Return what is to be kept of it now."""
        return ShownText(self.run, self._output.shown, self._output.first_at)

    async def _check(self) -> None:
        """Judge the run by its row as it is now."""
        try:
            self.judge(await self._database.run_once(partial(journal.check, run=self.run)))
        except (DatabaseError, InterfaceError) as error:
            logger.warning("Run %s could not be checked: %s", self.run.pk, error)

    def judge(self, standing: Standing) -> None:
        """Stop if the run may not go on."""
        if not standing.is_mine:
            self.stop(LOST)
        elif standing.is_cancelled:
            self.stop("cancelled")
        elif standing.is_stale:
            self.stop("superseded")

    def _pause(self) -> float:
        """Return the seconds between two bundles: none while few streams run."""
        return CROWDED_PAUSE if self._context.is_crowded else 0.0
