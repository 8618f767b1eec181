"""The queue: bounded, in order."""

import asyncio

from channels_layer.sockets.limits import Limits
from channels_layer.sockets.send_queue import SendQueue
from tests.servers.waiting import awhile


class Wire:
    """What was sent; it may be blocked."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.is_open = asyncio.Event()
        self.is_open.set()

    async def send(self, text: str) -> None:
        await self.is_open.wait()
        self.sent.append(text)


async def test_sends_in_order() -> None:
    wire = Wire()
    queue = SendQueue(wire.send, Limits())
    running = asyncio.create_task(queue.run())
    for number in range(10):
        assert queue.offer(str(number))
    await queue.flushed()
    assert wire.sent == [str(number) for number in range(10)]
    running.cancel()


async def test_refuses_more_than_it_holds() -> None:
    wire = Wire()
    wire.is_open.clear()
    queue = SendQueue(wire.send, Limits(queue_frames=3, queue_bytes=100))
    assert [queue.offer("x") for _ in range(5)] == [True, True, True, False, False]

    wide = SendQueue(wire.send, Limits(queue_frames=100, queue_bytes=10))
    assert [wide.offer("123456") for _ in range(3)] == [True, True, False]


async def test_waits_for_room() -> None:
    wire = Wire()
    wire.is_open.clear()
    queue = SendQueue(wire.send, Limits(queue_frames=1))
    running = asyncio.create_task(queue.run())
    waiting = [asyncio.create_task(queue.put(str(number))) for number in range(5)]
    await awhile(0.01)
    assert sum(task.done() for task in waiting) < 5
    assert queue.sending_since is not None

    wire.is_open.set()
    await asyncio.gather(*waiting)
    await queue.flushed()
    assert wire.sent == ["0", "1", "2", "3", "4"]
    running.cancel()
