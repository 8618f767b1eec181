"""The provider: any OpenAI-compatible server, through the openai SDK.

The SDK sends the request, and gets the body as it is (``extra_body``): its own look at each of a
thousand messages would hold up all streams of the event loop for 0.1 s. The token stream is read
raw, because building the SDK's object for each token costs more than everything else on a token's
way.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import openai
from openai import AsyncAPIResponse, AsyncOpenAI

from chats.engine.chunks import ChunkReader
from chats.engine.parts import (
    ModelError,
    ModelEvent,
    ModelRequest,
    Recording,
    TextDelta,
    Transcript,
    UsageReport,
)
from chats.engine.sse import SseReader

DONE = b"[DONE]"
MAX_TOKENS = 4096
"""Tokens that one answer may have, those of its reasoning included."""
_LIMIT_NAMES = ("max_tokens", "max_completion_tokens")
"""What servers call that limit: OpenAI's newer models by the second name alone."""
_OPENAI = "//api.openai.com"
_REFUSING = re.compile(r"un(supported|recognized|known|expected)|not (supported|permitted)", re.I)
"""How servers say that they do not know a parameter, rather than refuse its value."""
_TOO_MANY = 429
_INVALID = frozenset({400, 422})
_CLIENT_ERRORS = range(400, 500)
_RETRYABLE = frozenset({408, 409, 425, 429})


@dataclass(frozen=True)
class Timeouts:
    """Seconds that a model call may take."""

    connect: float = 5.0
    first: float = 30.0
    idle: float = 20.0
    total: float = 120.0
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
    ) -> None:
        """Prepare calls to ``base_url``; nothing is sent yet."""
        self.timeouts = timeouts or Timeouts()
        self._max_tokens = max_tokens
        self._usual_name = _LIMIT_NAMES[_OPENAI in base_url]
        # By model, as far as a refusal has told.
        self._limit_names: dict[str, str] = {}
        self._client = AsyncOpenAI(
            base_url=base_url,
            api_key=api_key,
            max_retries=0,
            timeout=openai.Timeout(self.timeouts.total, connect=self.timeouts.connect),
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._client.close()

    async def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent]:
        """Yield the events of one answer. Cancelling the task closes the connection at once.

        :raises ModelError: on any failure; never anything else of the SDK's or of HTTP's.
        """
        clock = _Clock(self.timeouts)
        reader = ChunkReader()
        with _translated_errors(reader):
            async with AsyncExitStack() as stack:
                async with asyncio.timeout_at(clock.deadline()):
                    response = await self._opened(stack, request)
                async for data in _events(response, clock):
                    if data.startswith(DONE):
                        break
                    if text := reader.read(data):
                        yield TextDelta(text)
                    clock.has_finished = reader.finish is not None
        for event in reader.end():
            yield event

    async def transcribe(self, recording: Recording) -> Transcript:
        """Return the text of ``recording``, with a single call.

        :raises ModelError: on any failure.
        """
        create: Any = self._client.audio.transcriptions.create
        with _translated_errors(ChunkReader()):
            async with asyncio.timeout(self.timeouts.total):
                answer = await create(model=recording.model, file=(recording.name, recording.data))
        return _transcript(answer)

    async def _opened(self, stack: AsyncExitStack, request: ModelRequest) -> AsyncAPIResponse[Any]:
        """Send the request; a server that refuses the limit's name is asked by the other one."""
        name = self._limit_names.get(request.model, self._usual_name)
        other = next(one for one in _LIMIT_NAMES if one != name)
        try:
            return await stack.enter_async_context(self._open(request, name))
        except openai.APIStatusError as error:
            if not _is_name_refused(error, name, other):
                raise
        response = await stack.enter_async_context(self._open(request, other))
        self._limit_names[request.model] = other
        return response

    def _open(
        self, request: ModelRequest, limit_name: str
    ) -> AbstractAsyncContextManager[AsyncAPIResponse[Any]]:
        """Prepare one request; it always carries a limit of the answer's length."""
        body: dict[str, Any] = {
            "messages": list(request.messages),
            "stream_options": {"include_usage": True},
            **request.options,
        }
        body[limit_name] = body.pop(_LIMIT_NAMES[0], self._max_tokens)
        if request.tools:
            body["tools"] = list(request.tools)
        create: Any = self._client.chat.completions.with_streaming_response.create
        opening: AbstractAsyncContextManager[AsyncAPIResponse[Any]] = create(
            model=request.model, messages=(), stream=True, extra_body=body
        )
        return opening


def _is_name_refused(error: openai.APIStatusError, name: str, other: str) -> bool:
    """Return whether a server refuses the parameter ``name`` itself, not its value."""
    if error.status_code not in _INVALID or name not in str(error):
        return False
    return other in str(error) or _REFUSING.search(str(error)) is not None


def _transcript(answer: Any) -> Transcript:
    """Parse a provider's answer; some send nothing but the text, or no usage."""
    text = answer if isinstance(answer, str) else getattr(answer, "text", None)
    if not isinstance(text, str):
        raise ModelError("malformed", "there is no text in the answer")
    usage: Any = getattr(answer, "usage", None)
    if getattr(usage, "type", "") == "duration":
        return Transcript(text, UsageReport.reported(audio_seconds=usage.seconds))
    if getattr(usage, "type", "") == "tokens":
        usage_report = UsageReport.reported(input=usage.input_tokens, output=usage.output_tokens)
        return Transcript(text, usage_report)
    return Transcript(text)


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


async def _events(response: AsyncAPIResponse[Any], clock: _Clock) -> AsyncIterator[bytes]:
    """Yield the data of each event as it arrives, keeping to the deadlines."""
    reader = SseReader()
    pieces = response.iter_bytes()
    while True:
        async with asyncio.timeout_at(clock.deadline()):
            piece = await anext(pieces, None)
        found = reader.feed(piece) if piece is not None else reader.rest()
        for data in found:
            clock.has_begun = True
            yield data
        if piece is None:
            return


@contextmanager
def _translated_errors(reader: ChunkReader) -> Iterator[None]:
    """Raise as `ModelError` every error of the SDK, HTTP and the clock."""
    try:
        yield
    except TimeoutError as error:
        if reader.finish is None:
            raise ModelError("timeout", "the model is silent") from error
    except openai.OpenAIError as error:
        raise _translated(error) from error
    except httpx2.HTTPError as error:
        raise ModelError("cut", str(error), is_retryable=True) from error


def _translated(error: openai.OpenAIError) -> ModelError:
    """Return the engine's error for the SDK's ``error``."""
    if isinstance(error, openai.APITimeoutError):
        return ModelError("timeout", str(error))
    if not isinstance(error, openai.APIStatusError):
        return ModelError("unavailable", str(error), is_retryable=True)
    status, detail = error.status_code, str(error)[:500]
    after = _retry_after(error)
    if status == _TOO_MANY:
        return ModelError("rate_limited", detail, is_retryable=True, retry_after=after)
    if status in _CLIENT_ERRORS and status not in _RETRYABLE:
        return ModelError("refused", detail)
    return ModelError("unavailable", detail, is_retryable=True, retry_after=after)


def _retry_after(error: openai.APIStatusError) -> float | None:
    """Return the seconds of ``Retry-After``, if it is a number."""
    headers = error.response.headers
    try:
        if milliseconds := headers.get("retry-after-ms"):
            return float(milliseconds) / 1000
        return float(headers["retry-after"])
    except (KeyError, ValueError):
        return None
