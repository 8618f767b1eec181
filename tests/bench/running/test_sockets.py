"""The memory of an idle socket and of a follower, and of a worker per stream."""

import asyncio
from collections.abc import Iterator
from functools import partial

import pytest

from tests.bench.clients import Socket, run
from tests.bench.figures import OURS, Measures, Show, at_most, at_most_times, in_turns
from tests.bench.processes import KIB, memory
from tests.bench.programs import REFERENCES, listening
from tests.bench.references.stamped_model import Pace
from tests.bench.running.bare import BARE, Bare
from tests.bench.running.crowds import SOCKETS, Counter, opened, together
from tests.bench.running.parley import Parley
from tests.bench.running.paths import PATIENCE, WARM_UP, Path, answers, settle
from tests.bench.running.sides import Shown, show_each
from tests.servers import ports
from tests.servers.redis import RedisServer
from tests.servers.waiting import awhile

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]

STREAMS = 50
SLOW = Pace(rate=20, tokens=100)
MIDWAY = 3.0
"""Seconds after which all streams run beside each other."""


@pytest.fixture(scope="module")
def restarted(parley: Parley) -> Iterator[Parley]:
    """Yield an instance whose web process is started anew, and warm it up afterwards."""
    yield parley
    run(answers(parley, WARM_UP, streams=4))


def test_memory_of_a_socket(restarted: Parley, redis_process: RedisServer, show: Show) -> None:
    sides = {OURS: partial(ours, restarted), BARE: partial(plain, redis_process.url)}
    rounds = run(in_turns(sides))
    show_each(
        show,
        rounds,
        Shown("idle", "memory of an idle socket", {BARE: at_most_times(2)}, unit="KiB"),
        Shown("follower", "memory of a follower", {BARE: at_most_times(2)}, unit="KiB"),
    )


async def ours(parley: Parley) -> Measures:
    """Start the web process anew, open sockets, and let them follow a conversation."""
    instance = parley.instance
    former = instance.kill("web")
    await asyncio.to_thread(instance.wait_for_another, "web", former)
    await asyncio.to_thread(instance.wait_until_ready)
    conversation = await parley.conversation()
    welcomed, following = Counter(b'"welcome"'), Counter(b'"following"')
    # What the first ones need is needed once.
    await opened(lambda: conversation.follow_with(following.take), 10)
    await following.reach(10, within=PATIENCE)
    await settle()
    before = memory(instance.pid("web")).share
    take = together(welcomed.take, following.take)
    sockets = await opened(lambda: parley.connect(take))
    await welcomed.reach(SOCKETS, within=PATIENCE)
    await settle()
    idle = memory(instance.pid("web")).share
    for socket in sockets:
        conversation.let_follow(socket)
    await following.reach(SOCKETS, within=PATIENCE)
    await settle()
    followed = memory(instance.pid("web")).share
    close(sockets)
    conversation.close()
    return {
        "idle": (idle - before) / SOCKETS / KIB,
        "follower": (followed - before) / SOCKETS / KIB,
    }


async def plain(url: str) -> Measures:
    """Start the bare sockets and open as many, which follow a topic from the beginning."""
    port = ports.free_port()
    with listening(port, f"{REFERENCES}.bare_sockets", str(port), url) as pid:
        following = Counter(b'"following"')
        open_one = partial(Socket.open, port, "/topic/crowd", following.take)
        first = await opened(open_one, 10)
        await following.reach(10, within=PATIENCE)
        await settle()
        before = memory(pid).share
        sockets = await opened(open_one)
        await following.reach(SOCKETS, within=PATIENCE)
        await settle()
        each = (memory(pid).share - before) / SOCKETS / KIB
        close([*first, *sockets])
    return {"idle": each, "follower": each}


def close(sockets: list[Socket]) -> None:
    """Cut all connections."""
    for socket in sockets:
        socket.close()


def test_memory_per_stream(parley: Parley, bare: Bare, show: Show) -> None:
    workers = {OURS: partial(streaming, parley, parley.instance.pid("live"))}
    workers[BARE] = partial(streaming, bare, bare.pids["worker"])
    rounds = run(in_turns(workers))
    name = f"memory of the worker per stream, {STREAMS} streams"
    show_each(show, rounds, Shown("each", name, {BARE: at_most(2)}, unit="MiB"))


async def streaming(path: Path, pid: int) -> Measures:
    """Return what the worker holds per stream, all of it counted, while they run."""
    running = asyncio.create_task(answers(path, SLOW, streams=STREAMS))
    await awhile(MIDWAY)
    held = memory(pid).share
    await running
    return {"each": held / STREAMS / KIB / KIB}
