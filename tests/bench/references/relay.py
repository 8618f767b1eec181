"""A bare worker: reads a model's stream by httpx and publishes its text by Redis.

``python -m tests.bench.references.relay REDIS_URL MODEL_URL``. What is published for ``ask`` is a
topic and a question; the answer is published for that topic, one frame for what one read returned.
One writer publishes for all streams, so that many of them cost few round trips.
Nothing is stored: the least that could carry tokens from a model to sockets.
"""

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any

import httpx
import orjson
import redis.asyncio as redis
import uvloop

from tests.bench.references.bare_sockets import PREFIX

ASK = "ask"
DATA = b"data: "
DONE = b"[DONE]"


class Relay:
    """Carries answers; one task each."""

    def __init__(self, url: str, model: str) -> None:
        limits = httpx.Limits(max_connections=None)
        self._http = httpx.AsyncClient(base_url=model, timeout=60, limits=limits)
        self._redis = redis.Redis.from_url(url)
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: list[tuple[str, bytes]] = []
        self._is_waiting = asyncio.Event()

    async def run(self) -> None:
        """Take questions until the process ends."""
        self._begin(self._write())
        async with self._redis.pubsub() as subscription:
            await subscription.subscribe(f"{PREFIX}{ASK}")
            async for message in subscription.listen():
                if message["type"] == "message":
                    asked = orjson.loads(message["data"])
                    self._begin(self._answer(asked["topic"], asked["text"]))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, topic: str, text: str) -> None:
        body = {"model": "m", "stream": True, "messages": [{"role": "user", "content": text}]}
        offset, waiting = 0, b""
        async with self._http.stream("POST", "/chat/completions", json=body) as response:
            async for piece in response.aiter_raw():
                *events, waiting = (waiting + piece).split(b"\n\n")
                if words := "".join(map(content_of, events)):
                    data = {"offset": offset, "text": words}
                    self._publish(topic, {"type": "chunk", "data": data})
                    offset += len(words)
        self._publish(topic, {"type": "end", "data": {"reason": "stop"}})

    def _publish(self, topic: str, frame: dict[str, object]) -> None:
        self._waiting.append((f"{PREFIX}{topic}", orjson.dumps(frame)))
        self._is_waiting.set()

    async def _write(self) -> None:
        """Publish what waits, all of it in one go: of one stream at once, of many together."""
        while await self._is_waiting.wait():
            self._is_waiting.clear()
            waiting, self._waiting = self._waiting, []
            async with self._redis.pipeline(transaction=False) as pipeline:
                for channel, frame in waiting:
                    pipeline.publish(channel, frame)
                await pipeline.execute()


def content_of(event: bytes) -> str:
    """Return the text of one event of the stream."""
    data = event.removeprefix(DATA)
    if data == DONE:
        return ""
    content: str = orjson.loads(data)["choices"][0]["delta"]["content"]
    return content


if __name__ == "__main__":
    uvloop.run(Relay(*sys.argv[1:]).run())
