"""The queue: at once where the client keeps up; bounded, in order and in bundles where not."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager

from channels_layer.sockets.limits import Limits
from channels_layer.sockets.ready import Bundle, ReadyFrame
from channels_layer.sockets.send_queue import SendQueue
from channels_layer.sockets.wire import AsgiWire, ServerWire, Wire
from tests.servers.waiting import awhile


class Server:
    """What was sent; it may be blocked."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.is_open = asyncio.Event()
        self.is_open.set()

    async def send(self, text: str) -> None:
        """Take a text as ASGI does."""
        await self.is_open.wait()
        self.sent.append(text)

    def prepare(self, text: str) -> bytes:
        """Write a text as it goes over the wire."""
        return f"{text};".encode()

    def write(self, data: bytes) -> bool:
        """Take frames at once."""
        self.sent.append(data.decode())
        return self.is_open.is_set()

    async def relieved(self) -> None:
        """Wait until the client reads."""
        await self.is_open.wait()


@contextmanager
def queue_of(wire: Wire, limits: Limits | None = None) -> Iterator[SendQueue]:
    tasks: list[asyncio.Task[None]] = []

    def start(work: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        tasks.append(asyncio.ensure_future(work()))
        return tasks[-1]

    yield SendQueue(wire, limits or Limits(), start)
    for task in tasks:
        task.cancel()


def one(text: str) -> Bundle:
    return Bundle([ReadyFrame(text)])


def offer(queue: SendQueue, *texts: str) -> Sequence[bool]:
    return [queue.offer(one(text)) for text in texts]


async def test_sends_in_order() -> None:
    server = Server()
    with queue_of(AsgiWire(server.send)) as queue:
        assert all(offer(queue, *map(str, range(10))))
        await queue.flushed()
        assert server.sent == [str(number) for number in range(10)]


async def test_refuses_more_than_it_holds() -> None:
    server = Server()
    server.is_open.clear()
    with queue_of(AsgiWire(server.send), Limits(queue_frames=3, queue_bytes=100)) as queue:
        assert offer(queue, *"xxxxx") == [True, True, True, False, False]
    with queue_of(AsgiWire(server.send), Limits(queue_frames=100, queue_bytes=10)) as wide:
        assert offer(wide, *["123456"] * 3) == [True, True, False]


async def test_takes_as_much_of_a_bundle_as_it_holds() -> None:
    server = Server()
    server.is_open.clear()
    with queue_of(AsgiWire(server.send), Limits(queue_frames=3)) as queue:
        assert not queue.offer(Bundle([ReadyFrame(text) for text in "abcde"]))
        server.is_open.set()
        await queue.flushed()
        assert server.sent == list("abc")


async def test_waits_for_room() -> None:
    server = Server()
    server.is_open.clear()
    with queue_of(AsgiWire(server.send), Limits(queue_frames=1)) as queue:
        waiting = [asyncio.create_task(queue.put(ReadyFrame(str(number)))) for number in range(5)]
        await awhile(0.01)
        assert sum(task.done() for task in waiting) < 5
        assert queue.since is not None

        server.is_open.set()
        await asyncio.gather(*waiting)
        await queue.flushed()
        assert server.sent == ["0", "1", "2", "3", "4"]
        assert queue.since is None


async def test_sends_at_once_where_the_server_takes_frames_itself() -> None:
    server = Server()
    with queue_of(ServerWire(server)) as queue:
        queue.offer(Bundle([ReadyFrame("a"), ReadyFrame("b")]))
        await queue.put(ReadyFrame("c"))
        assert server.sent == ["a;b;", "c;"]
        assert queue.since is None


async def test_holds_back_what_comes_until_the_client_has_read_on() -> None:
    server = Server()
    with queue_of(ServerWire(server)) as queue:
        server.is_open.clear()
        offer(queue, "a", "b", "c")
        await awhile(0.01)
        assert server.sent == ["a;"]
        assert queue.since is not None, "Even if nothing more comes, the client is behind."

        server.is_open.set()
        await queue.flushed()
        assert server.sent == ["a;", "b;c;"]
        offer(queue, "d")
        assert server.sent[2:] == ["d;"]
        assert queue.since is None


async def test_what_is_cleared_is_not_sent() -> None:
    server = Server()
    server.is_open.clear()
    with queue_of(ServerWire(server)) as queue:
        offer(queue, "a", "b", "c")
        queue.clear()
        queue.force(ReadyFrame("reset"))
        server.is_open.set()
        await queue.flushed()
        assert server.sent == ["a;", "reset;"]


async def test_sends_nothing_after_the_end() -> None:
    server = Server()
    with queue_of(ServerWire(server)) as queue:
        queue.end()
        assert queue.offer(one("late"))
        await queue.flushed()
        assert server.sent == []
