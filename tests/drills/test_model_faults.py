"""A model that fails in every way: each question ends, once, in words and within its bound."""

import os
import secrets
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from chats.services.endings import APOLOGY, CUT_OFF
from tests.drills.shop import Shop
from tests.journeys import client as contract
from tests.servers import ports
from tests.servers.parley import AppProcesses

pytestmark = [pytest.mark.drill, pytest.mark.deadline, pytest.mark.timeout(3600)]

ROUNDS = 50 if os.environ.get("DRILL_ROUNDS") == "full" else 1
AT_ONCE = 4
"""Rounds at the same time; one worker has room for 64 answers."""
HEADERS, SILENCE, WHOLE = 30.0, 20.0, 120.0
"""Seconds that the product waits: for the first word, between two, for all of it."""
MARGIN = 15.0
"""Seconds for what is not the model: the pause before an answer, the machine's load."""


@dataclass(frozen=True)
class Fault:
    """A script of the demo model, how the answer ends, and within how many seconds."""

    script: str
    reason: str
    error: str = ""
    within: float = 0.0
    requests: int = 1


FAULTS = [
    Fault("slow=4,words=12", "stop", within=4),
    Fault("429=1", "stop", requests=2),
    Fault("503=2", "stop", requests=3, within=5),
    Fault("429", "error", "rate_limited", requests=3, within=5),
    Fault("500", "error", "unavailable", requests=3, within=5),
    Fault("stall-headers", "error", "timeout", within=HEADERS),
    Fault("stall-first", "error", "timeout", within=HEADERS),
    Fault("stall-mid=6", "interrupted", "timeout", within=SILENCE),
    Fault("cut=6", "interrupted", "cut"),
    Fault("drop=6", "interrupted", "cut"),
    Fault("drop=0", "error", "cut", requests=3, within=5),
    Fault("bad-json=0", "error", "malformed", requests=3, within=5),
    Fault("bad-json=6", "interrupted", "malformed"),
    Fault("error=6", "interrupted", "unavailable"),
    Fault("empty", "error", "empty"),
    Fault("endless,rate=0", "length", within=WHOLE),
]


def test_every_fault_ends_in_words_within_its_bound(shop: Shop) -> None:
    for first in range(0, ROUNDS, AT_ONCE):
        questions = [
            (fault, *ask(shop, fault.script))
            for _ in range(min(AT_ONCE, ROUNDS - first))
            for fault in FAULTS
        ]
        for fault, conversation, token, began in questions:
            until = began + fault.within + MARGIN
            shop.wait_for(conversation, "end", within=max(until - time.monotonic(), 0.5))
            assert_reported(shop, conversation, fault)
            assert_nothing_runs(shop, conversation, token, fault)


def test_a_model_that_is_not_there_ends_in_words(app: AppProcesses, shop: Shop) -> None:
    fault = Fault("", "error", "unavailable")
    with no_model(app):
        questions = [ask(shop, "") for _ in range(ROUNDS)]
        for conversation, _, began in questions:
            shop.wait_for(conversation, "end", within=max(began + 40 - time.monotonic(), 0.5))
            assert_reported(shop, conversation, fault)
    conversation = shop.ask()
    shop.wait_for(conversation, "end")
    shop.assert_answered_once(conversation)


def ask(shop: Shop, script: str) -> tuple[str, str, float]:
    """Ask with a script; return the conversation, its unique word, and the time."""
    token = secrets.token_hex(8)
    marker = f" [demo:{script}]" if script else ""
    return shop.ask(f"Hello {token}{marker}"), token, time.monotonic()


def assert_reported(shop: Shop, conversation: str, fault: Fault) -> None:
    """Assert one end of the right kind: an answer, or an apology and the request for a person."""
    log = shop.events(conversation)
    [started], [end] = of(log, "run.started"), of(log, "end")
    assert (end["run"], end["reason"]) == (started["run"], fault.reason), (fault, end)
    said = [row for row in of(log, "message.created") if row["author"]["kind"] != "customer"]
    words = [row["text"] for row in said if row["kind"] != "note"]
    if fault.reason in {"stop", "length"}:
        assert len(words) == 1, (fault, words)
        assert len(words[0]) == end["text_length"] > 0
        return
    word = APOLOGY if fault.reason == "error" else CUT_OFF
    assert words.count(word) == 1, (fault, words)
    assert shop.run(conversation)["error"] == fault.error, fault
    shown = shop.client.get(f"/api/v1/conversations/{conversation}/").json()
    assert shown["control"] == "requested", fault


def assert_nothing_runs(shop: Shop, conversation: str, token: str, fault: Fault) -> None:
    """No stream is left open at the model, and there were no more requests than stated."""
    ports.wait_for(f"the last of {fault}", lambda: not is_open(shop, token), within=2)
    assert len(answering(shop, token)) == fault.requests, fault
    assert shop.run(conversation)["status"] not in {"queued", "running", "waiting"}


def answering(shop: Shop, token: str) -> list[contract.Json]:
    """Return the requests for an answer; those for a title or a summary offer no tools."""
    return [entry for entry in shop.model_requests(token) if entry["body"].get("tools")]


def is_open(shop: Shop, token: str) -> bool:
    """Return whether the model still writes an answer that it neither finished nor broke off."""
    return any(
        entry["closed"] is entry["finished"] is None and "demo:drop" not in str(entry["body"])
        for entry in answering(shop, token)
    )


@contextmanager
def no_model(app: AppProcesses) -> Iterator[None]:
    """Let nothing listen where the model was, as long as the block lasts."""
    supervisor = app.supervisor_pid()
    former = app.pid("demo_model")
    os.kill(supervisor, signal.SIGSTOP)
    try:
        app.kill("demo_model")
        yield
    finally:
        os.kill(supervisor, signal.SIGCONT)
        app.wait_for_another("demo_model", former)
        time.sleep(2)


def of(log: list[contract.Json], type_: str) -> list[contract.Json]:
    """Return the data of all events of one type."""
    return [event["data"] for event in log if event["type"] == type_]
