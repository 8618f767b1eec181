"""Sending a request by the safe client, and what its answer means for the call."""

import time
from dataclasses import dataclass
from typing import Any

import httpx2
import orjson

from channels_layer import outgoing
from chats.tools.http import mapping
from chats.tools.http.request import Request
from chats.tools.registry import FailedCallError, UnclearEffectError

MOST = 1024 * 1024
"""Bytes of an answer that are read."""
CONNECT_SECONDS = 5.0
_NEVER_SENT = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.InvalidURL,
    httpx2.UnsupportedProtocol,
    httpx2.LocalProtocolError,
)


class NotSentError(FailedCallError):
    """The call did not reach the other side; the sentence is for the model."""


class NoAnswerError(FailedCallError):
    """A call that only reads has no usable answer; the sentence is for the model."""


@dataclass(frozen=True)
class Answer:
    """What came back: ``is_whole`` says whether that is all of it."""

    status: int
    content_type: str
    data: bytes
    seconds: float
    is_whole: bool = True

    @property
    def is_good(self) -> bool:
        """Whether the other side did as asked."""
        return httpx2.codes.is_success(self.status)


@dataclass(frozen=True)
class Call:
    """A request with what is to be made of its answer."""

    request: Request
    seconds: float
    is_reading: bool
    paths: tuple[str, ...] = ()


class LostAnswerError(Exception):
    """The request was sent, and no answer came."""


async def result_of(call: Call) -> Any:
    """Send the request and return what the model gets of the answer.

    :raises NotSentError: it was not sent, so that nothing happened.
    :raises NoAnswerError: the other side refused, or did not answer a reading call.
    :raises UnclearEffectError: it was sent, and whether it took effect is unknown.
    """
    try:
        answer = await send(call.request, seconds=call.seconds)
    except LostAnswerError as error:
        if call.is_reading:
            raise NoAnswerError(str(error)) from None
        raise UnclearEffectError(str(error)) from None
    return meaning(call, answer)


def meaning(call: Call, answer: Answer) -> Any:
    """Return what the model gets of an answer; raise as ``result_of`` does."""
    said = contents(call.request, answer)
    if not answer.is_good:
        sentence = f"The service answered {answer.status}: {mapping.short(said)}"
        if call.is_reading or httpx2.codes.is_client_error(answer.status):
            raise NoAnswerError(sentence)
        raise UnclearEffectError(sentence)
    if answer.is_whole:
        return _capped(mapping.picked(said, call.paths))
    if not call.is_reading:
        return {"status": "done", "note": "The answer is not whole."}
    if call.paths or not isinstance(said, str):
        reason = f"The answer broke off, or is longer than {MOST} bytes. Ask for less."
        raise NoAnswerError(reason)
    return said


def contents(request: Request, answer: Answer) -> Any:
    """Return what an answer says, without the secrets that were sent."""
    said = mapping.content(answer.data, answer.content_type)
    return mapping.without(said, request.secrets.values())


async def send(request: Request, *, seconds: float) -> Answer:
    """Send ``request`` and return the answer, of which at most ``MOST`` bytes are read.

    :raises NotSentError: it was not sent.
    :raises LostAnswerError: it was sent, and no answer came within ``seconds``.
    """
    started = time.monotonic()
    attempt = _Attempt()
    lost = ""
    try:
        await attempt.make(request, seconds)
    except outgoing.OutgoingError as error:
        lost = str(error.detail)
        if not error.may_have_arrived:
            raise NotSentError(lost) from None
    except _NEVER_SENT as error:
        reason = f"The service could not be reached ({_kind(error)}). Nothing was sent."
        raise NotSentError(reason) from None
    except (httpx2.HTTPError, httpx2.StreamError) as error:
        lost = f"The service gave no whole answer ({_kind(error)})."
    answer = attempt.answer(time.monotonic() - started)
    if answer is None:
        raise LostAnswerError(lost)
    return answer


class _Attempt:
    """One sending, and what has come back so far."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._response: httpx2.Response | None = None
        self._data = bytearray()
        self._is_whole = False

    async def make(self, request: Request, seconds: float) -> None:
        """Send, and read the answer as far as it comes."""
        timeout = httpx2.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS))
        headers = {**request.headers, **request.secrets}
        async with (
            outgoing.client(headers, timeout, seconds=seconds) as client,
            client.stream(
                request.method, request.url, content=request.content or None
            ) as self._response,
        ):
            async for part in self._response.aiter_bytes():
                self._data += part
                if len(self._data) > MOST:
                    return
        self._is_whole = True

    def answer(self, seconds: float) -> Answer | None:
        """Return what came back, if anything did."""
        if self._response is None:
            return None
        return Answer(
            status=self._response.status_code,
            content_type=self._response.headers.get("content-type", ""),
            data=bytes(self._data[:MOST]),
            seconds=seconds,
            is_whole=self._is_whole,
        )


def _kind(error: Exception) -> str:
    return type(error).__name__


def _capped(value: Any) -> Any:
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    if len(text) <= mapping.MOST:
        return value
    return {"note": "This is the beginning of a longer answer.", "text": text[: mapping.MOST]}
