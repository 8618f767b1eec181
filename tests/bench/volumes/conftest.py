"""What figures of lists share: many conversations, written once."""

import os
from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.bench.volumes.volume import Words, load, unload

CONVERSATIONS = int(os.environ.get("BENCH_CONVERSATIONS", "100000"))
MESSAGES_EACH = 10


@pytest.fixture(scope="package")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Words]:
    """Fill the tables; yield the words of which the messages are made."""
    with django_db_blocker.unblock():
        words = load(conversations=CONVERSATIONS, messages_each=MESSAGES_EACH)
    yield words
    with django_db_blocker.unblock():
        unload()
