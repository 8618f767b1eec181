"""Errors: what the SDK, HTTP and the clock raise, in the provider's words where it has any."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import unquote, urlsplit

import httpx2
import openai

from chats.engine import refusals
from chats.engine.parts import ModelError
from chats.engine.reading.generations import generation_in
from chats.engine.refusals import Refusal

_TOO_MANY = 429
_CLIENT_ERRORS = range(400, 500)
_RETRYABLE = frozenset({408, 409, 425, 429})
_FILTERED = frozenset(
    {"content_filter", "content_policy_violation", "ResponsibleAIPolicyViolation"}
)
_TEMPLATE = "jinja exception"
"""What some servers say, as a fault of theirs, of messages that they do not take."""
_NO_CREDIT = frozenset({"insufficient_quota", "billing_hard_limit_reached"})


class Reader(Protocol):
    """What has been read of an answer."""

    finish: str | None


@dataclass(frozen=True)
class Place:
    """The server that is asked, and how long it may take, for words about what fails."""

    base_url: str
    secrets: tuple[str, ...] = ()

    @classmethod
    def of(cls, base_url: str, api_key: str) -> "Place":
        """Return the place at ``base_url``; its key and the address's password are secrets."""
        password = urlsplit(base_url).password or ""
        return cls(base_url, tuple(filter(None, (api_key, password, unquote(password)))))

    @property
    def name(self) -> str:
        """The server's host and port."""
        url = httpx2.URL(self.base_url)
        return url.netloc.decode("ascii", "replace").rpartition("@")[2] or self.base_url


@contextmanager
def translated(reader: Reader | None, place: Place, silence: Callable[[], str]) -> Iterator[None]:
    """Raise as `ModelError` every error of the SDK, HTTP and the clock.

    ``silence`` says which limit has passed; a model that has finished may be silent.
    """
    try:
        yield
    except TimeoutError as error:
        if reader is None or reader.finish is None:
            raise ModelError("timeout", silence()) from error
    except openai.OpenAIError as error:
        raise _translated(error, place) from error
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise ModelError("cut", _connection(error, place), is_retryable=True) from error
    except UnicodeEncodeError as error:
        raise ModelError("refused", "the key holds signs that no header can carry") from error


@contextmanager
def bounded(place: Place) -> Iterator[None]:
    """Bound the words of every `ModelError`, and leave the keys out, wherever they come from."""
    try:
        yield
    except ModelError as error:
        error.detail = refusals.cleaned(error.detail, secrets=place.secrets)
        if refusal := error.refusal:
            words = refusals.cleaned(refusal.words, secrets=place.secrets)
            error.refusal = replace(refusal, words=words)
        raise


def refused(refusal: Refusal, *, body: bytes = b"", retry_after: float | None = None) -> ModelError:
    """Return the engine's error for what a server answered, ``body`` as it came."""
    error = _by_status(refusal, retry_after)
    error.refusal = refusal
    error.generation = generation_in(body.decode("utf-8", "replace"))
    # The model may do better the next time.
    error.is_retryable = error.is_retryable or error.generation is not None
    return error


def _by_status(refusal: Refusal, after: float | None) -> ModelError:
    status, words = refusal.status, refusal.words
    if refusal.codes & _FILTERED:
        return ModelError("filtered", words)
    if status == _TOO_MANY:
        can_wait = not refusal.codes & _NO_CREDIT
        return ModelError("rate_limited", words, is_retryable=can_wait, retry_after=after)
    if status in _CLIENT_ERRORS and status not in _RETRYABLE:
        return ModelError("refused", words)
    if _TEMPLATE in words.lower():
        return ModelError("refused", words)
    return ModelError("unavailable", words, is_retryable=True, retry_after=after)


def _translated(error: openai.OpenAIError, place: Place) -> ModelError:
    """Return the engine's error for the SDK's ``error``."""
    if isinstance(error, openai.APIStatusError):
        body = error.response.content
        refusal = refusals.parsed(error.status_code, body, secrets=place.secrets)
        return refused(refusal, body=body, retry_after=_retry_after(error))
    words = _connection(error, place)
    if isinstance(error, openai.APITimeoutError):
        late = ModelError("timeout", words)
        late.was_sent = not any(
            isinstance(cause, httpx2.ConnectTimeout) for cause in _causes(error)
        )
        return late
    return ModelError("unavailable", words, is_retryable=True)


def _connection(error: BaseException, place: Place) -> str:
    """Return in words why there is no connection to the server, or none any more."""
    causes = list(_causes(error))
    for kind, words in _REASONS.items():
        for cause in causes:
            if isinstance(cause, kind):
                detail = refusals.cleaned(str(cause), secrets=place.secrets)
                return words.format(server=place.name, detail=detail)
    deepest = refusals.cleaned(str(causes[-1]) or type(causes[-1]).__name__, secrets=place.secrets)
    if "All connection attempts failed" in deepest:
        return f"no connection to {place.name}"
    return f"{place.name}: {deepest}"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield ``error`` and what led to it."""
    seen: set[int] = set()
    waiting: list[BaseException] = [error]
    while waiting:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [cause for cause in (one.__cause__, one.__context__) if cause]
        waiting += getattr(one, "exceptions", ())


_REASONS: dict[type[BaseException], str] = {
    socket.gaierror: "the name of the server {server} was not found (DNS: {detail})",
    ssl.SSLCertVerificationError: "the certificate of {server} is not trusted (TLS: {detail})",
    ssl.SSLError: "no secure connection to {server} (TLS: {detail})",
    ConnectionRefusedError: "{server} refused the connection: nothing listens there",
    ConnectionResetError: "{server} closed the connection",
    httpx2.ConnectTimeout: "{server} did not accept the connection in time",
    httpx2.ReadTimeout: "{server} did not answer in time",
    httpx2.RemoteProtocolError: "{server} broke off ({detail})",
    asyncio.IncompleteReadError: "{server} broke off ({detail})",
}


def _retry_after(error: openai.APIStatusError) -> float | None:
    """Return the seconds of ``Retry-After``, if it is a number."""
    headers = error.response.headers
    try:
        if milliseconds := headers.get("retry-after-ms"):
            return float(milliseconds) / 1000
        return float(headers["retry-after"])
    except (KeyError, ValueError):
        return None
