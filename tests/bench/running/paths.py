"""The way of an answer, whoever carries it: a question in, tokens out at sockets."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from tests.bench.figures import MILLI, Measures, percentile
from tests.bench.references.stamped_model import STAMP, Pace
from tests.servers.waiting import awhile

NANO = 1e9
WARM_UP = Pace(rate=0, tokens=50)
PATIENCE = 200.0
SETTLING = 0.5
STEADY = 1.0
"""Seconds for which all streams have to run beside each other to be looked at meanwhile."""


class Token(tuple[int, int]):
    """When a token was written and when it was seen, in nanoseconds."""

    __slots__ = ()

    @property
    def delay(self) -> float:
        """Seconds on its way."""
        return (self[1] - self[0]) / NANO


class Follower:
    """What one socket gets of one answer."""

    def __init__(self, pace: Pace) -> None:
        self.tokens: list[Token] = []
        self.frames = 0
        self.ready = asyncio.Event()
        self.done = asyncio.Event()
        self._pace = pace
        self._text = ""
        self._read = 0
        self._has_ended = False

    def take(self, payload: bytes) -> None:
        """Take a frame as our contract has it."""
        frame = orjson.loads(payload)
        match frame["type"]:
            case "chunk":
                self._grow(frame["data"])
            case "end":
                self._has_ended = True
            case "following":
                self.ready.set()
        self._look()

    def take_text(self, text: str) -> None:
        """Take a piece of the answer, which follows what was there."""
        self.frames += 1
        self._text += text
        now = time.monotonic_ns()
        for match in STAMP.finditer(self._text, self._read):
            self.tokens.append(Token((int(match[1]), now)))
            self._read = match.end()
        self._look()

    def end(self) -> None:
        """Note that nothing follows."""
        self._has_ended = True
        self._look()

    async def finish(self) -> None:
        """Wait until all tokens are there, each of them once."""
        await asyncio.wait_for(self.done.wait(), PATIENCE)
        assert len(self.tokens) == self._pace.tokens

    def _grow(self, data: dict[str, Any]) -> None:
        known = 0 if data.get("snapshot") else data["offset"]
        assert known <= len(self._text), "a gap"
        self.take_text(data["text"][len(self._text) - known :])

    def _look(self) -> None:
        if self._has_ended and len(self.tokens) >= self._pace.tokens:
            self.done.set()


class Conversation(Protocol):
    """One conversation: asked by its customer, followed by sockets."""

    async def follow(self, pace: Pace) -> Follower:
        """Open a socket that gets the next answer."""

    async def ask(self, pace: Pace) -> None:
        """Ask, so that the model answers at ``pace``."""

    def close(self) -> None:
        """Cut all connections."""


class Path(Protocol):
    """What carries questions to the model and tokens to sockets."""

    name: str

    async def conversation(self) -> Conversation:
        """Begin a conversation."""

    def computing(self) -> dict[str, float]:
        """Return the seconds that each of its processes has computed."""


@dataclass(frozen=True)
class Answers:
    """What was seen of several answers that were asked for at about the same time."""

    followers: Sequence[Follower]
    asked: Sequence[int]
    computed: dict[str, float]

    def delays(self) -> list[float]:
        """Return the milliseconds that each token was on its way."""
        return [token.delay * MILLI for one in self.followers for token in one.tokens]

    def first_tokens(self) -> list[float]:
        """Return the milliseconds from each question to the first token of its answer."""
        return [
            (one.tokens[0][1] - asked) / NANO * MILLI
            for one, asked in zip(self.followers, self.asked, strict=True)
        ]

    def tokens_per_second(self) -> float:
        """Return the tokens that arrived per second, from the first one to the last."""
        begun = min(one.tokens[0][1] for one in self.followers)
        ended = max(one.tokens[-1][1] for one in self.followers)
        return sum(len(one.tokens) for one in self.followers) / (ended - begun) * NANO

    def carried(self) -> float:
        """Return the tokens that arrived per second while all streams ran beside each other."""
        begun = max(one.tokens[0][1] for one in self.followers)
        ended = min(one.tokens[-1][1] for one in self.followers)
        if ended - begun < STEADY * NANO:
            return self.tokens_per_second()
        seen = [token[1] for one in self.followers for token in one.tokens]
        return sum(begun <= moment < ended for moment in seen) / (ended - begun) * NANO

    def measures(self) -> Measures:
        """Return what figures are made of."""
        delays, firsts = self.delays(), self.first_tokens()
        return {
            "p50": percentile(delays, 50),
            "p99": percentile(delays, 99),
            "first p50": percentile(firsts, 50),
            "first p99": percentile(firsts, 99),
            "tokens/s": self.tokens_per_second(),
            "carried": self.carried(),
            **{
                f"{name} per answer": seconds / len(self.followers) * MILLI
                for name, seconds in (self.computed | {"all": sum(self.computed.values())}).items()
            },
        }


async def answers(path: Path, pace: Pace, *, streams: int = 1, within: float = 0.0) -> Answers:
    """Ask in so many conversations ``within`` so many seconds; wait for all answers."""
    conversations = [await path.conversation() for _ in range(streams)]
    followers = [await one.follow(pace) for one in conversations]
    await settle()
    loop = asyncio.get_running_loop()
    before, begun = path.computing(), loop.time()
    asked = [0] * streams

    async def ask(number: int) -> None:
        await awhile(max(0.0, begun + number * within / streams - loop.time()))
        asked[number] = time.monotonic_ns()
        await conversations[number].ask(pace)

    await asyncio.gather(*(ask(number) for number in range(streams)))
    await asyncio.gather(*(follower.finish() for follower in followers))
    after = path.computing()
    for conversation in conversations:
        conversation.close()
    return Answers(followers, asked, {name: after[name] - before[name] for name in before})


async def settle() -> None:
    """Let what was begun come to its end, so that it is not measured with what follows."""
    await awhile(SETTLING)
