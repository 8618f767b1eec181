"""How long a search takes at 100,000 conversations and 1,000,000 messages."""

import json
import os
import time
from collections.abc import Callable
from functools import partial
from statistics import median

import pytest
from django.contrib.auth.models import User
from django.db import connection

from channels_layer.rest.lists import paging
from conversations import search
from conversations.selectors import conversations as selectors
from tests import factories
from tests.bench.volume import Words, load, unload

pytestmark = [
    pytest.mark.bench,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(1800),
]

CONVERSATIONS = int(os.environ.get("BENCH_CONVERSATIONS", "100000"))
MESSAGES_EACH = 10
ROUNDS = 15
SLOWEST = 60
"""How often as long as the list without a search the slowest sort of search may take."""


def test_search_is_quick(alice: User, capsys: pytest.CaptureFixture[str]) -> None:
    words = load(conversations=CONVERSATIONS, messages_each=MESSAGES_EACH)
    taken = {name: measured(partial(page, alice, text)) for name, text in texts(words).items()}
    unload()
    with capsys.disabled():
        for name, times in taken.items():
            print(json.dumps(figure(name, times)))  # noqa: T201 - the figures are the output
    plain = median(taken["list without search"])
    assert max(median(times) for times in taken.values()) < SLOWEST * plain


def texts(words: Words) -> dict[str, str]:
    """Return one search of every sort."""
    last = CONVERSATIONS * MESSAGES_EACH // 10 * 10
    return {
        "list without search": "",
        "name, common": "maya",
        "name, two words": f"victor {words.words[777]}",
        "email": f"{words.words[50]}50@customers",
        "phone": "+46700000123",
        "external id": "customer-4711",
        "order number, old": "nh-0000100",
        "order number, new": f"nh-{last:07d}",
        "word, in every other message": words.words[0],
        "word, common": words.words[20],
        "word, in one of 1,000": words.words[900],
        "word, rare": words.words[-5],
        "two words, common": f"{words.words[3]} {words.words[8]}",
        "three letters": "lan",
        "two letters": "zz",
        "nothing": "qqqqqqq",
    }


def page(user: User, text: str) -> int:
    """Read the first page of what matches, as the inbox does."""
    actor = factories.staff(user)
    queryset = search.matching(selectors.inbox(actor), text)
    rows = selectors.rows(queryset, actor)
    found = paging.cut(rows, order=("-last_message_at", "-id"), cursor=None, limit=50)
    return len(found.rows)


def measured(work: Callable[[], int]) -> list[float]:
    """Seconds of each round, after one to warm up."""
    work()
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return sorted(times)


def figure(name: str, times: list[float]) -> dict[str, object]:
    """Return one line: what was measured, milliseconds in the middle and at the worst."""
    return {
        "bench": "search",
        "database": connection.vendor,
        "conversations": CONVERSATIONS,
        "name": name,
        "p50_ms": round(median(times) * 1000, 2),
        "max_ms": round(times[-1] * 1000, 2),
    }
