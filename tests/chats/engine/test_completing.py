"""Completing: a whole text from a model, however it ends."""

import asyncio
import time
from typing import Any

import pytest

from chats.engine import completion
from chats.engine.parts import ModelError, ModelRequest
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
    assert done.usage is not None
    assert done.usage.output > 0


async def test_text_without_end_is_cut(
    provider: OpenAICompatible, demo_model: DemoModelServer
) -> None:
    done = await complete(provider, "hello [demo:endless]")
    assert len(done.text) == completion.LONGEST
    assert done.usage is None
    assert demo_model.closed()


@pytest.mark.slow
async def test_takes_no_longer_than_it_may(provider: OpenAICompatible) -> None:
    began = time.monotonic()
    with pytest.raises(ModelError, match="timeout") as caught:
        await complete(provider, "hello [demo:endless,rate=20]", within=0.5)
    assert time.monotonic() - began < 2
    assert caught.value.read


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "read"), [("500", None), ("429", None), ("cut=0", ""), ("stall-first", "")]
)
async def test_says_whether_a_failure_took_anything(
    provider: OpenAICompatible, fault: str, read: str | None
) -> None:
    with pytest.raises(ModelError) as caught:
        await complete(provider, f"hello [demo:{fault}]")
    assert caught.value.read == read


async def test_keeps_what_came_before_it_broke(provider: OpenAICompatible) -> None:
    with pytest.raises(ModelError) as caught:
        await complete(provider, "hello [demo:cut=4]")
    assert (caught.value.read or "").startswith("Hello")


@pytest.mark.slow
async def test_who_cancels_it_knows_what_had_come(provider: OpenAICompatible) -> None:
    received: list[str] = []
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await complete(provider, "hello [demo:endless,rate=20]", received=received)
    assert received[0].startswith("Hello")
