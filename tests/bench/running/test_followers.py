"""One answer followed by a thousand sockets, and one message to a thousand."""

import asyncio
import time
from functools import partial
from http import HTTPStatus
from statistics import median

import pytest

from tests.bench.clients import run
from tests.bench.figures import (
    MILLI,
    OURS,
    Measures,
    Rounds,
    Show,
    at_least_times,
    at_most,
    at_most_times,
    in_turns,
    percentile,
)
from tests.bench.references.stamped_model import Pace
from tests.bench.running.bare import BARE, Bare, BareConversation
from tests.bench.running.crowds import SOCKETS, Counter, opened, together
from tests.bench.running.parley import Parley, ParleyConversation
from tests.bench.running.paths import NANO, PATIENCE, Follower, Path, settle
from tests.bench.running.sides import Shown, show_each

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]

PACE = Pace(rate=50, tokens=200)
POSTS = 10
TEXT = "Your parcel is at the door."
QUIET = "one follower"
NOT_SLOWER = 1.1
"""Times of so short an act differ by a tenth from one round to the next."""


def test_one_answer(parley: Parley, bare: Bare, show: Show) -> None:
    rounds = run(in_turns({path.name: partial(followed, path) for path in (parley, bare)}))
    name = f"one answer of {PACE.rate} tokens/s, {SOCKETS} followers"
    show_each(
        show,
        rounds,
        Shown("frames/s", f"{name}: frames", {BARE: None}, unit="1/s"),
        Shown("tokens/s", f"{name}: tokens", {BARE: at_least_times(0.5)}, unit="1/s"),
        Shown("p50", f"{name}: delay p50", {BARE: None}),
        Shown("p99", f"{name}: delay p99", {BARE: at_most(500)}),
        Shown("web", f"{name}: computing per token and socket", {BARE: None}, unit="µs"),
        Shown("client", f"{name}: share of a core that the client took", {BARE: None}, unit="1"),
    )


async def followed(path: Path) -> Measures:
    """Let one answer be followed by all sockets, each of which gets every token."""
    conversation = await path.conversation()
    followers = await opened(lambda: conversation.follow(PACE))
    await settle()
    before, begun = path.computing()["web"], (time.monotonic(), time.process_time())
    await conversation.ask(PACE)
    await asyncio.gather(*(follower.finish() for follower in followers))
    seconds, own = time.monotonic() - begun[0], time.process_time() - begun[1]
    computed = path.computing()["web"] - before
    conversation.close()
    return {**seen(followers), "client": own / seconds, "web": per_token(computed, followers)}


def seen(followers: list[Follower]) -> Measures:
    """Return what came per second, and how late."""
    delays = [token.delay * MILLI for one in followers for token in one.tokens]
    begun = min(one.tokens[0][1] for one in followers)
    seconds = (max(one.tokens[-1][1] for one in followers) - begun) / NANO
    return {
        "frames/s": sum(one.frames for one in followers) / seconds,
        "tokens/s": len(delays) / seconds,
        "p50": percentile(delays, 50),
        "p99": percentile(delays, 99),
    }


def per_token(computed: float, followers: list[Follower]) -> float:
    """Return the microseconds that one token at one socket took."""
    return computed / sum(len(one.tokens) for one in followers) * MILLI * MILLI


def test_one_message(parley: Parley, bare: Bare, show: Show) -> None:
    rounds = run(messages(parley, bare))
    name = f"one message to {SOCKETS} sockets"
    show(rounds.figure(f"{name}: POST", "ms", "post", what=QUIET, goal=at_most_times(NOT_SLOWER)))
    show(rounds.figure(f"{name}: the last one has it", "ms", "last", what=BARE))


async def messages(parley: Parley, bare: Bare) -> Rounds:
    """Post to a crowd, to one follower, and past the bare sockets, in turns."""
    crowd, quiet, plain = [
        await parley.conversation(),
        await parley.conversation(),
        await bare.conversation(),
    ]
    heard, alone, published = (Counter(mark) for mark in (b"message.created",) * 2 + (b"door",))
    following = Counter(b'"following"')
    await opened(lambda: crowd.follow_with(together(heard.take, following.take)))
    await quiet.follow_with(together(alone.take, following.take))
    await opened(lambda: plain.follow_with(together(published.take, following.take)))
    await following.reach(2 * SOCKETS + 1, within=PATIENCE)
    await settle()
    rounds = await in_turns(
        {
            OURS: partial(posted, crowd, heard, SOCKETS),
            QUIET: partial(posted, quiet, alone, 1),
            BARE: partial(published_to_all, plain, published),
        }
    )
    for conversation in (crowd, quiet, plain):
        conversation.close()
    return rounds


async def posted(conversation: ParleyConversation, counter: Counter, sockets: int) -> Measures:
    """Post one message after the other, each when all have the one before."""
    posts, lasts = [], []
    for _ in range(POSTS):
        begun = time.monotonic()
        answer = await conversation.say(TEXT)
        posts.append(time.monotonic() - begun)
        assert answer.status == HTTPStatus.CREATED
        await counter.reach(sockets, within=PATIENCE)
        lasts.append(time.monotonic() - begun)
    return {"post": median(posts) * MILLI, "last": median(lasts) * MILLI}


async def published_to_all(conversation: BareConversation, counter: Counter) -> Measures:
    """Publish one frame after the other, each when all have the one before."""
    lasts = []
    for _ in range(POSTS):
        begun = time.monotonic()
        await conversation.say({"type": "said", "data": {"text": TEXT}})
        await counter.reach(SOCKETS, within=PATIENCE)
        lasts.append(time.monotonic() - begun)
    return {"post": 0.0, "last": median(lasts) * MILLI}
