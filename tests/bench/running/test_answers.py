"""Computing per answer of 200 tokens, followed by one socket: worker and web process apart."""

import asyncio
import json
import sys

import pytest

from config import env
from tests.bench.clients import run
from tests.bench.figures import MILLI, OURS, Measures, Show, at_most, at_most_times, in_turns
from tests.bench.programs import REFERENCES
from tests.bench.references.stamped_model import Pace
from tests.bench.running.bare import BARE, Bare
from tests.bench.running.chainlit import CHAINLIT, Chainlit
from tests.bench.running.parley import Parley
from tests.bench.running.paths import answers
from tests.bench.running.sides import Shown, measured, show_each
from tests.servers.redis import RedisServer

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]

PACE = Pace(rate=50, tokens=200)
STREAMS = 5
NAIVE = "SDK and group_send per token"


def test_computing_per_answer(
    parley: Parley, bare: Bare, chainlit: Chainlit | None, show: Show
) -> None:
    rounds = measured([parley, bare, chainlit], PACE, streams=STREAMS, within=1)
    name = "computing per answer"
    show_each(
        show,
        rounds,
        Shown("worker per answer", f"{name}, worker", {BARE: at_most(60)}),
        Shown("web per answer", f"{name}, web process", {BARE: at_most(30)}),
        Shown("all per answer", f"{name}, both", {BARE: at_most(90), CHAINLIT: None}),
    )


def test_computing_per_token(
    parley: Parley, model: str, redis_process: RedisServer, show: Show
) -> None:
    async def ours() -> Measures:
        taken = await answers(parley, PACE, streams=STREAMS)
        return {"worker": taken.computed["worker"] / (STREAMS * PACE.tokens) * MILLI}

    async def naive() -> Measures:
        return await naively(redis_process.url, model)

    rounds = run(in_turns({OURS: ours, NAIVE: naive}))
    name = "computing of the worker per token"
    show(rounds.figure(name, "ms", "worker", what=NAIVE, goal=at_most_times(0.2)))


async def naively(redis: str, model: str) -> Measures:
    """Answer as often by the naive worker."""
    program = ["-m", f"{REFERENCES}.naive_task", redis, model, str(STREAMS), PACE.question]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *program, cwd=env.ROOT, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    figures = json.loads(printed)
    assert figures["tokens"] == STREAMS * PACE.tokens
    return {"worker": figures["computed"] / figures["tokens"] * MILLI}
