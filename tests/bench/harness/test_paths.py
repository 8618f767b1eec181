"""What a follower makes of the frames of an answer."""

import time

import orjson
import pytest

from tests.bench.references.stamped_model import Pace
from tests.bench.running.paths import NANO, Answers, Follower, Token

SECOND = int(NANO)


def chunk(offset: int, text: str, **more: object) -> bytes:
    return orjson.dumps({"type": "chunk", "data": {"offset": offset, "text": text, **more}})


def test_counts_each_token_once() -> None:
    follower = Follower(Pace(50, 3))
    now = time.monotonic_ns()
    first, second, third = (f"t{now - back} " for back in (3000, 2000, 1000))
    follower.take(chunk(0, first + second[:4]))
    follower.take(chunk(len(first), second))
    follower.take(chunk(0, first + second + third, snapshot=True))
    assert [token[0] for token in follower.tokens] == [now - 3000, now - 2000, now - 1000]
    assert all(0 < token.delay < 60 for token in follower.tokens)
    assert not follower.done.is_set()
    follower.take(b'{"type":"end","data":{"reason":"stop"}}')
    assert follower.done.is_set()


def test_notices_a_gap() -> None:
    follower = Follower(Pace(50, 3))
    with pytest.raises(AssertionError, match="gap"):
        follower.take(chunk(5, "t1 "))


def test_an_end_before_the_last_tokens_is_waited_for() -> None:
    follower = Follower(Pace(50, 1))
    follower.end()
    assert not follower.done.is_set()
    follower.take_text("t1 ")
    assert follower.done.is_set()


def test_what_is_carried_counts_while_all_streams_run() -> None:
    early, late = Follower(Pace(1, 5)), Follower(Pace(1, 5))
    early.tokens = [Token((0, second * SECOND)) for second in range(1, 6)]
    late.tokens = [Token((0, second * SECOND)) for second in range(3, 8)]
    answers = Answers([early, late], [0, SECOND], {"web": 0.5})
    assert answers.carried() == 2
    assert answers.first_tokens() == [1000, 2000]
    assert answers.measures()["web per answer"] == 250
