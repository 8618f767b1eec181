"""Fair shares: one greedy customer holds a small part of a worker, however much is asked."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from celery.signals import celeryd_after_setup
from django.contrib.auth.models import User

from chats import tasks
from chats.live import Runtime
from chats.models import Run
from chats.selectors.parties import (
    PER_CONTACT,
    Party,
    Shares,
    parties_of,
    parties_of_file,
    share_out,
)
from chats.services import due
from chats.services.shares import FairShares
from conversations.services.conversations import Opening, start
from tests import factories
from tests.chats import talk
from tests.chats.live.conftest import answering
from tests.chats.servers import DemoModelServer
from tests.factories import NOON
from tests.servers.waiting import until

assert tasks.share_out

GREEDY = Party("contact:greedy", 2)
HONEST = Party("contact:honest", 2)
OFFICE = Party("address:office", 3)


def test_a_party_holds_no_more_than_its_share() -> None:
    shares = FairShares()

    taken = [shares.enter(UUID(int=number), [GREEDY]) for number in range(5)]

    assert taken == [True, True, False, False, False]
    assert shares.enter(UUID(int=9), [HONEST])


def test_what_waits_is_called_in_its_order_by_whoever_of_its_party_ends() -> None:
    shares = FairShares()
    for number in range(4):
        shares.enter(UUID(int=number), [GREEDY])

    assert shares.leave(UUID(int=0), [GREEDY]) == UUID(int=2)
    assert shares.leave(UUID(int=9), [HONEST]) == UUID(int=3)
    assert shares.leave(UUID(int=1), [GREEDY]) is None


def test_what_is_at_work_is_looked_at_once_more_and_holds_one_slot() -> None:
    shares = FairShares()
    taken = [shares.enter(UUID(int=1), [GREEDY]) for _ in range(3)]

    assert taken == [True, False, False]
    assert shares.enter(UUID(int=2), [GREEDY])
    assert shares.leave(UUID(int=1), [GREEDY]) == UUID(int=1)
    assert shares.leave(UUID(int=2), [GREEDY]) is None
    assert shares.enter(UUID(int=3), [])
    assert not shares.enter(UUID(int=3), [])
    assert shares.leave(UUID(int=3), []) == UUID(int=3)


def test_of_one_address_the_turn_is_whose_contact_holds_least() -> None:
    shares = FairShares()
    for number in range(2):
        shares.enter(UUID(int=number), [GREEDY, OFFICE])
    shares.enter(UUID(int=2), [Party("contact:third", 2), OFFICE])
    assert not shares.enter(UUID(int=3), [GREEDY, OFFICE])
    assert not shares.enter(UUID(int=4), [HONEST, OFFICE])

    assert shares.leave(UUID(int=2), [Party("contact:third", 2), OFFICE]) == UUID(int=4)


@pytest.mark.django_db
def test_the_parties_are_contact_address_and_a_source_of_strangers(alice: User) -> None:
    conversation = factories.conversation(kind="web_widget")
    conversation.address = "a" * 32
    conversation.save(update_fields=["address"])
    opening = Opening(source=factories.SourceFactory(kind="test_chat"))
    chat = start(opening=opening, by=factories.staff(alice), at=NOON)

    names = [party.name for party in parties_of(conversation.pk)]

    assert names == [
        f"contact:{conversation.contact_id}",
        f"address:{'a' * 32}",
        f"source:{conversation.source_id}",
    ]
    assert parties_of(chat.pk) == ()


@pytest.mark.parametrize(
    ("slots", "contact", "address", "source"),
    [(1, 1, 1, 1), (2, 1, 1, 1), (4, 1, 1, 3), (8, 2, 2, 7), (64, 3, 12, 56), (128, 3, 24, 112)],
)
def test_what_a_party_holds_follows_from_the_slots(
    slots: int, contact: int, address: int, source: int
) -> None:
    shares = Shares(slots)
    assert (shares.of_contact, shares.of_address, shares.of_source) == (contact, address, source)


@pytest.mark.parametrize(
    ("slots", "sender", "files"), [(1, 1, 1), (4, 1, 2), (8, 2, 4), (64, 2, 4)]
)
def test_files_leave_room_for_all_else(slots: int, sender: int, files: int) -> None:
    shares = Shares(slots)
    assert (shares.of_sender, shares.of_files) == (sender, files)


@pytest.fixture
def few() -> Iterator[int]:
    """Yield four: the slots of a worker that says so when it starts."""
    celeryd_after_setup.send("a worker", instance=SimpleNamespace(concurrency=4), conf=None)
    yield 4
    share_out(64)


@pytest.mark.django_db
def test_a_small_worker_divides_its_own_slots(few: int) -> None:
    conversation = factories.conversation(kind="web_widget")
    held = [party.most for party in parties_of(conversation.pk)]
    assert held == [Shares(few).of_contact, Shares(few).of_source] == [1, 3]
    assert [party.most for party in parties_of_file(conversation.pk)] == [1, 2]


@pytest.mark.both_databases
@pytest.mark.django_db
def test_the_sweeper_sees_everybody_however_much_one_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due, "MOST", 4)
    greedy = factories.ContactFactory()
    for _ in range(5):
        talk.say(factories.conversation(contact=greedy), "And again")
    honest = factories.conversation()
    talk.say(honest, "Where is my lamp?", at=NOON + timedelta(seconds=1))

    named = [ids["conversation"] for _task, ids in due.unanswered(NOON + timedelta(minutes=1))]

    assert str(honest.pk) in named[:2]
    assert len(named) == PER_CONTACT + 1


@pytest.mark.both_databases
@pytest.mark.slow
def test_a_greedy_contact_is_answered_in_few_conversations_at_once(
    runtime: Runtime, demo_model: DemoModelServer
) -> None:
    contact = factories.ContactFactory()
    many = [factories.conversation(contact=contact) for _ in range(PER_CONTACT + 2)]
    for one in many:
        talk.say(one, "hello [demo:rate=60]")
    with ExitStack() as stack:
        for one in many:
            stack.enter_context(answering(runtime, one))
        until(lambda: len(demo_model.log()) >= PER_CONTACT, within=20)
        live = Run.objects.live().count()

    assert live == PER_CONTACT
    assert all(len(talk.messages(one)) == 1 for one in many)
