"""A bare worker: reads a model's stream by httpx and publishes its text by Redis.

``python -m tests.bench.references.relay REDIS_URL MODEL_URL``. What is published for ``ask`` is a
topic and a question; the answer is published for that topic, one frame for what one read returned.
Nothing is stored: the least that could carry tokens from a model to sockets.
"""

import asyncio
import sys

import httpx
import orjson
import redis.asyncio as redis
import uvloop

from tests.bench.references.bare_sockets import PREFIX

ASK = "ask"
DATA = "data: "
DONE = "[DONE]"


class Relay:
    """Carries answers; one task each."""

    def __init__(self, url: str, model: str) -> None:
        limits = httpx.Limits(max_connections=None)
        self._http = httpx.AsyncClient(base_url=model, timeout=60, limits=limits)
        self._redis = redis.Redis.from_url(url, max_connections=1000)
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Take questions until the process ends."""
        async with self._redis.pubsub() as subscription:
            await subscription.subscribe(f"{PREFIX}{ASK}")
            async for message in subscription.listen():
                if message["type"] == "message":
                    asked = orjson.loads(message["data"])
                    task = asyncio.create_task(self._answer(asked["topic"], asked["text"]))
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)

    async def _answer(self, topic: str, text: str) -> None:
        body = {"model": "m", "stream": True, "messages": [{"role": "user", "content": text}]}
        offset, waiting = 0, ""
        async with self._http.stream("POST", "/chat/completions", json=body) as response:
            async for piece in response.aiter_text():
                *events, waiting = (waiting + piece).split("\n\n")
                if words := "".join(map(content_of, events)):
                    data = {"offset": offset, "text": words}
                    await self._publish(topic, {"type": "chunk", "data": data})
                    offset += len(words)
        await self._publish(topic, {"type": "end", "data": {"reason": "stop"}})

    async def _publish(self, topic: str, frame: dict[str, object]) -> None:
        await self._redis.publish(f"{PREFIX}{topic}", orjson.dumps(frame))


def content_of(event: str) -> str:
    """Return the text of one event of the stream."""
    data = event.removeprefix(DATA)
    if data == DONE:
        return ""
    content: str = orjson.loads(data)["choices"][0]["delta"]["content"]
    return content


if __name__ == "__main__":
    uvloop.run(Relay(*sys.argv[1:]).run())
