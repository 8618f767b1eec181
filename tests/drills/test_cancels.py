"""Stops, whatever an answer is doing: the model's stream is closed within half a second."""

import os
import secrets
import time
from functools import partial
from statistics import quantiles

import httpx
import pytest

from tests.drills.shop import QUESTION, RECOVERY, Shop
from tests.servers import ports
from tests.servers.parley import AppProcesses

pytestmark = [pytest.mark.drill, pytest.mark.deadline, pytest.mark.timeout(900)]

STOPS = 50 if os.environ.get("DRILL_ROUNDS") == "full" else 2
AT_ONCE = 0.5
"""Seconds from the request to stop until the model sees its client close."""


def cancel(shop: Shop, conversation: str) -> int:
    """Stop the newest answer; return the status."""
    identifier = shop.run(conversation)["id"]
    return shop.client.post(f"/api/v1/runs/{identifier}/cancel").status_code


def begun(shop: Shop, marker: str) -> tuple[str, str]:
    """Ask, and wait until the model works on the question; return the ids of both."""
    token = secrets.token_hex(8)
    conversation = shop.ask(f"Hello {token} [demo:{marker}]")
    ports.wait_for("a request", lambda: bool(shop.model_requests(token)), within=RECOVERY)
    shop.wait_for(conversation, "run.started")
    return conversation, token


def closing(shop: Shop, conversation: str, token: str) -> float:
    """Stop the answer; return the seconds until the model saw its client close."""
    identifier = shop.run(conversation)["id"]
    began = time.monotonic()
    answer = shop.client.post(f"/api/v1/runs/{identifier}/cancel")
    assert answer.status_code == httpx.codes.ACCEPTED
    shop.wait_for(conversation, "end", within=2)
    [entry] = shop.model_requests(token)
    assert entry["closed"] is not None
    return float(entry["closed"] - began)


def has_text(shop: Shop, conversation: str) -> bool:
    """Return whether some of the answer is there."""
    length: int = shop.run(conversation)["text_length"]
    return length > 0


@pytest.mark.parametrize(
    ("marker", "has_words"),
    [
        ("words=400,rate=20", True),
        ("stall-headers", False),
        ("stall-first", False),
        ("stall-mid=5", True),
    ],
)
def test_a_stop_closes_the_stream_at_once(shop: Shop, marker: str, *, has_words: bool) -> None:
    took: list[float] = []
    for _ in range(STOPS):
        conversation, token = begun(shop, marker)
        if has_words:
            ports.wait_for("words", partial(has_text, shop, conversation), within=RECOVERY)
        took.append(closing(shop, conversation, token))
        tokens = shop.model_requests(token)[0]["tokens"]
        assert [end["reason"] for end in shop.of(conversation, "end")] == ["cancelled"]
        run = shop.run(conversation)
        assert (run["status"], run["text_length"] > 0) == ("cancelled", has_words)
        assert shop.model_requests(token)[0]["tokens"] == tokens
    assert quantiles(took, n=100, method="inclusive")[98] <= AT_ONCE, took


def test_a_second_stop_changes_nothing(shop: Shop) -> None:
    for _ in range(STOPS):
        conversation, _ = begun(shop, "words=400,rate=20")
        statuses = [cancel(shop, conversation) for _ in range(2)]
        assert statuses[0] == httpx.codes.ACCEPTED
        assert statuses[1] in {httpx.codes.ACCEPTED, httpx.codes.CONFLICT}
        shop.wait_for(conversation, "end", within=2)
        assert [end["reason"] for end in shop.of(conversation, "end")] == ["cancelled"]


def test_a_stop_after_the_end_is_refused(shop: Shop) -> None:
    conversation = shop.ask(QUESTION)
    shop.wait_for(conversation, "end")
    log = shop.events(conversation)
    assert cancel(shop, conversation) == httpx.codes.CONFLICT
    assert [e["seq"] for e in shop.events(conversation)][: len(log)] == [e["seq"] for e in log]
    shop.assert_answered_once(conversation)


def test_a_stop_counts_while_nobody_works_on_the_answer(app: AppProcesses, shop: Shop) -> None:
    conversation, _ = begun(shop, "words=400,rate=20")
    former = app.kill_worker()
    assert cancel(shop, conversation) == httpx.codes.ACCEPTED
    shop.wait_for(conversation, "end")
    assert [end["reason"] for end in shop.of(conversation, "end")] == ["cancelled"]
    app.wait_for_another("live", former)
