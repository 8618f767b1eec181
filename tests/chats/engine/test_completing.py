"""Completing: a whole text from a model, however it ends."""

import asyncio
import time
from typing import Any

import pytest

from chats.engine import completion
from chats.engine.attempts import Attempt, Attempts
from chats.engine.completion import FailedCompletionError
from chats.engine.parts import ModelRequest
from chats.engine.provider import OpenAICompatible
from chats.engine.retries import Retries
from tests.chats.servers import DemoModelServer

HASTY = Retries(shortest=0.01, longest=0.02)


async def complete(provider: OpenAICompatible, text: str, **options: Any) -> completion.Completion:
    """Let the demo model answer ``text``."""
    request = ModelRequest("demo", [{"role": "user", "content": text}])
    return await completion.complete(provider, request, HASTY, **options)


async def test_gives_the_whole_text_and_what_it_took(provider: OpenAICompatible) -> None:
    done = await complete(provider, "hello")
    assert done.text.startswith("Hello")
    (attempt,) = done.attempts
    assert attempt.usage is not None
    assert attempt.usage.output > 0


async def test_text_without_end_is_cut(
    provider: OpenAICompatible, demo_model: DemoModelServer
) -> None:
    done = await complete(provider, "hello [demo:endless]")
    assert len(done.text) == completion.LONGEST
    (attempt,) = done.attempts
    assert attempt.usage is None
    assert attempt.written.startswith("Hello")
    assert demo_model.closed()


@pytest.mark.slow
async def test_takes_no_longer_than_it_may(provider: OpenAICompatible) -> None:
    began = time.monotonic()
    with pytest.raises(FailedCompletionError, match="timeout") as caught:
        await complete(provider, "hello [demo:endless,rate=20]", within=0.5)
    assert time.monotonic() - began < 2
    assert caught.value.attempts


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "taken"), [("500", 0), ("429", 0), ("cut=0", 3), ("stall-first", 1)]
)
async def test_says_whether_a_failure_took_anything(
    provider: OpenAICompatible, fault: str, taken: int
) -> None:
    with pytest.raises(FailedCompletionError) as caught:
        await complete(provider, f"hello [demo:{fault}]")
    assert caught.value.attempts == (Attempt(None, ""),) * taken


async def test_keeps_what_came_before_it_broke(provider: OpenAICompatible) -> None:
    with pytest.raises(FailedCompletionError) as caught:
        await complete(provider, "hello [demo:cut=4]")
    (attempt,) = caught.value.attempts
    assert attempt.written.startswith("Hello")


@pytest.mark.slow
async def test_who_cancels_it_knows_what_had_come(provider: OpenAICompatible) -> None:
    attempts = Attempts()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await complete(provider, "hello [demo:endless,rate=20]", attempts=attempts)
    assert attempts.last
    assert attempts.last.written.startswith("Hello")
