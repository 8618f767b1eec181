"""The provider: any OpenAI-compatible server, through the openai SDK.

The SDK sends the request, and gets the body as it is (``extra_body``): its own look at each of a
thousand messages would hold up all streams of the event loop for 0.1 s. The token stream is read
raw, because building the SDK's object for each token costs more than everything else on a token's
way.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing, suppress
from dataclasses import dataclass, replace
from typing import Any

import httpx2
import openai
import orjson
from openai import AsyncAPIResponse, AsyncOpenAI

from chats.engine import bodies, errors
from chats.engine.adaptations import LIMIT_NAMES
from chats.engine.adaptive_calls import AdaptiveCall
from chats.engine.doubts import Doubts
from chats.engine.errors import Place
from chats.engine.parts import (
    Asked,
    ModelError,
    ModelEvent,
    ModelRequest,
    Recording,
    Restarted,
    TextDelta,
    ToolCallDone,
    Transcript,
    UsageReport,
)
from chats.engine.ports import TraitStore
from chats.engine.reading.habits import Habits
from chats.engine.reading.shapes import object_of
from chats.engine.reading.stream import StreamReader
from chats.engine.requests import Defaults
from chats.engine.traits import ProcessTraits

MAX_TOKENS = 4096
"""Tokens that one answer may have, those of its reasoning included."""
END_SECONDS = 0.05
"""How long the end of a response is waited for behind its last word."""
_OPENAI = "//api.openai.com"


@dataclass(frozen=True)
class Timeouts:
    """Seconds that a model call may take."""

    connect: float = 5.0
    first: float = 60.0
    idle: float = 30.0
    total: float = 300.0
    after_finish: float = 2.0


class OpenAICompatible:
    """A provider behind one base URL, with one pool of connections for one event loop."""

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str,
        timeouts: Timeouts | None = None,
        max_tokens: int = MAX_TOKENS,
        traits: TraitStore | None = None,
        habits: Habits | None = None,
    ) -> None:
        """Prepare calls to ``base_url``; nothing is sent yet. ``traits`` remembers its models'."""
        self._habits = habits or Habits(base_url)
        self.timeouts = timeouts or Timeouts()
        self._defaults = Defaults(max_tokens, LIMIT_NAMES[_OPENAI in base_url])
        self._traits: TraitStore = traits or ProcessTraits()
        self._doubts = Doubts()
        self._place = Place.of(base_url, api_key)
        self._client = AsyncOpenAI(
            base_url=base_url,
            api_key=api_key,
            max_retries=0,
            timeout=_limit(self.timeouts),
            http_client=bodies.client(),
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._client.close()

    async def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent]:
        """Yield the events of one answer. Cancelling the task closes the connection at once.

        A refusal that names what one can do without is answered by asking without it; what an
        answer has shown to be right is remembered of the model.

        :raises ModelError: on any failure; never anything else of the SDK's or of HTTP's.
        """
        known = await self._traits.known(request.model)
        call = AdaptiveCall(request, known, self._defaults, self._doubts)
        while True:
            has_begun = has_spoken = False
            try:
                async with aclosing(self._answer(call)) as events:
                    async for event in events:
                        has_spoken = has_spoken or isinstance(event, TextDelta | ToolCallDone)
                        has_begun = True
                        yield event
            except ModelError as error:
                if has_spoken or not call.adapts_to(error):
                    await call.remember(self._traits, was_answered=False)
                    raise
                if has_begun:
                    yield Restarted()
                    yield Asked()
            else:
                await call.remember(self._traits, was_answered=True)
                return

    async def transcribe(self, recording: Recording) -> Transcript:
        """Return the text of ``recording``, with a single call.

        :raises ModelError: on any failure.
        """
        create: Any = self._client.audio.transcriptions.with_streaming_response.create
        file = (recording.name, recording.data)
        with (
            errors.bounded(self._place),
            errors.translated(None, self._place, self._no_transcript),
        ):
            async with (
                asyncio.timeout(self.timeouts.total),
                create(model=recording.model, file=file) as response,
            ):
                return _transcript(await bodies.whole(response))

    async def _answer(self, call: AdaptiveCall) -> AsyncGenerator[ModelEvent]:
        """Yield the events of the answer to what is asked now.

        :raises ModelError: on any failure.
        """
        request = call.request
        habit = self._habits.of(request.model, call.known, request.conversation)
        reader = StreamReader(request.tools, habit, messages=request.messages)
        with errors.bounded(self._place):
            try:
                async with aclosing(self._read(call, reader)) as events:
                    async for event in events:
                        yield event
            except ModelError as error:
                for event in reader.broken():
                    yield event
                answer = reader.recovered(error)
                for event in answer:
                    yield event
                if not answer:
                    raise
            finally:
                call.note(reader.report(self._habits, request.model, request.conversation))

    async def _read(self, call: AdaptiveCall, reader: StreamReader) -> AsyncGenerator[ModelEvent]:
        """Send the request and yield what ``reader`` makes of the bytes."""
        timeouts = replace(self.timeouts, **call.request.seconds)
        clock = _Clock(timeouts)
        with errors.translated(reader, self._place, clock.silence):
            async with AsyncExitStack() as stack:
                async with asyncio.timeout_at(clock.deadline()):
                    opening = self._open(call, timeouts)
                    response = await stack.enter_async_context(opening)
                pieces = _pieces(response, clock)
                async for data in pieces:
                    for event in _joined(reader.feed(data)):
                        yield event
                    if reader.is_done:
                        await _last_of(pieces)
                        break
                    clock.has_finished = reader.finish is not None
        for event in reader.end():
            yield event

    def _no_transcript(self) -> str:
        return f"there was no transcript within {self.timeouts.total:g} s"

    def _open(
        self, call: AdaptiveCall, timeouts: Timeouts
    ) -> AbstractAsyncContextManager[AsyncAPIResponse[Any]]:
        """Prepare one request; its body is sent as it was written."""
        body = dict(call.body)
        is_streamed = body.pop("stream", False)
        create: Any = self._client.chat.completions.with_streaming_response.create
        opening: AbstractAsyncContextManager[AsyncAPIResponse[Any]] = create(
            model=call.request.model,
            messages=(),
            extra_body=body,
            timeout=_limit(timeouts),
            **({"stream": True} if is_streamed else {}),
        )
        return opening


def _limit(timeouts: Timeouts) -> openai.Timeout:
    return openai.Timeout(timeouts.total, connect=timeouts.connect)


def _transcript(body: bytes) -> Transcript:
    """Parse a provider's answer; some send nothing but the text, or no usage."""
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        answer = body.decode("utf-8", "replace")
    text = answer.get("text") if isinstance(answer, dict) else answer
    if not isinstance(text, str):
        raise ModelError("malformed", "there is no text in the answer")
    usage = object_of(object_of(answer).get("usage"))
    if usage.get("type") == "duration":
        return Transcript(text, UsageReport.reported(audio_seconds=usage.get("seconds")))
    if usage.get("type") == "tokens":
        tokens = {"input": usage.get("input_tokens"), "output": usage.get("output_tokens")}
        return Transcript(text, UsageReport.reported(**tokens))
    return Transcript(text)


def _joined(events: Iterable[ModelEvent]) -> Iterator[ModelEvent]:
    """Yield events with the texts that stand side by side as one: what came together goes on so."""
    texts: list[str] = []
    for event in events:
        if isinstance(event, TextDelta):
            texts.append(event.text)
            continue
        if texts:
            yield TextDelta("".join(texts))
            texts.clear()
        yield event
    if texts:
        yield TextDelta("".join(texts))


class _Clock:
    """The deadlines of one call, on the event loop's clock."""

    def __init__(self, timeouts: Timeouts) -> None:
        now = asyncio.get_running_loop().time()
        self.has_begun = False
        self.has_finished = False
        self._timeouts = timeouts
        self._first_until = now + timeouts.first
        self._total_until = now + timeouts.total

    def deadline(self) -> float:
        """Return the moment until which the next bytes must come."""
        if not self.has_begun:
            return min(self._first_until, self._total_until)
        limit = self._timeouts.after_finish if self.has_finished else self._timeouts.idle
        return min(asyncio.get_running_loop().time() + limit, self._total_until)

    def silence(self) -> str:
        """Return in words which of the limits has passed."""
        if asyncio.get_running_loop().time() >= self._total_until:
            return f"the answer was not finished within {self._timeouts.total:g} s"
        if not self.has_begun:
            return f"no word within {self._timeouts.first:g} s"
        return f"silent for {self._timeouts.idle:g} s"


async def _last_of(pieces: AsyncIterator[bytes]) -> None:
    """Read the end of a response that says that it is done: its connection serves the next one."""
    with suppress(TimeoutError, httpx2.HTTPError):
        async with asyncio.timeout(END_SECONDS):
            await anext(pieces, None)


async def _pieces(response: AsyncAPIResponse[Any], clock: _Clock) -> AsyncIterator[bytes]:
    """Yield the bytes as they arrive, keeping to the deadlines; any byte is a sign of life."""
    pieces = response.iter_bytes()
    while True:
        async with asyncio.timeout_at(clock.deadline()):
            piece = await anext(pieces, None)
        if piece is None:
            return
        clock.has_begun = True
        yield piece
