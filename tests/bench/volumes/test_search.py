"""How long a search takes at 100,000 conversations and 1,000,000 messages."""

from functools import partial
from statistics import median

import pytest
from django.contrib.auth.models import User
from django.db import connection

from channels_layer.rest.lists import paging
from conversations import search
from conversations.selectors import conversations as selectors
from tests import factories
from tests.bench.figures import Figure, Show, at_most, percentile
from tests.bench.volumes import by_hand
from tests.bench.volumes.conftest import CONVERSATIONS, MESSAGES_EACH
from tests.bench.volumes.timing import read, taken
from tests.bench.volumes.volume import Words

pytestmark = [
    pytest.mark.bench,
    pytest.mark.both_databases,
    pytest.mark.django_db,
    pytest.mark.timeout(1800),
]

OURS, HAND = "ours", "by hand"
MOST = {"sqlite": 20, "postgresql": 10}
"""Milliseconds that a search of any sort may take."""


def test_search_is_quick(alice: User, loaded: Words, show: Show) -> None:
    name = f"search, {CONVERSATIONS * MESSAGES_EACH} messages, {connection.vendor}"
    for sort, text in texts(loaded).items():
        hand = by_hand.search(alice, text)
        times = taken({OURS: partial(page, alice, text), HAND: partial(read, hand)})
        show(
            Figure(
                name=f"{name}: {sort}",
                unit="ms",
                ours=median(times[OURS]),
                reference=median(times[HAND]),
                what="SQL by hand",
                goal=at_most(MOST[connection.vendor]),
                also={"p95": percentile(times[OURS], 95)},
            )
        )


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
    found = paging.cut(rows, order=("-last_message_at", "-id"), cursor=None, limit=by_hand.LIMIT)
    return len(found.rows)
