"""Rights are read once for all sockets that come with the same credential."""

import logging
from collections.abc import AsyncIterator, Callable, Hashable, Iterable, Mapping

import pytest

from channels_layer.access.actors import Actor, System
from channels_layer.sockets import rights
from channels_layer.sockets.rights import AT_ONCE, TOPICS, Rights
from channels_layer.work.threads import DatabaseThreads

pytestmark = pytest.mark.usefixtures("db")


class Holder:
    """A socket that writes down what it was asked, and what it lost."""

    def __init__(self, credential: str, *topics: str, actor: Actor | None) -> None:
        self.actor = actor
        self.follows: Mapping[str, object] = dict.fromkeys(topics)
        self.credential: Hashable = credential
        self.asked: list[set[str]] = []
        self.lost: list[frozenset[str]] = []
        self.on_renewal: Callable[[], None] = lambda: None

    def rights(self, topics: Iterable[str]) -> Rights:
        """Allow all but secrets."""
        self.asked.append(set(topics))
        if str(self.credential).startswith("broken"):
            raise LookupError
        if self.credential == "gone":
            return Rights(None)
        return Rights(self.actor, frozenset(topic for topic in topics if "secret" in topic))

    def renew(self, rights: Rights) -> None:
        """Note what is lost."""
        self.lost.append(rights.lost)
        self.on_renewal()


@pytest.fixture
async def threads() -> AsyncIterator[DatabaseThreads]:
    threads = DatabaseThreads(2, name="test-rights")
    yield threads
    await threads.close()


async def test_one_reads_for_all_with_its_credential(threads: DatabaseThreads) -> None:
    who = System()
    holders = [Holder("a", f"note:{number}", actor=who) for number in range(20)]
    other = Holder("b", "note:secret", actor=who)
    await rights.recheck([*holders, other], threads)
    asked = [asked for holder in holders for asked in holder.asked]
    assert asked == [{f"note:{number}" for number in range(20)}]
    assert all(holder.lost == [frozenset()] for holder in holders)
    assert other.lost == [frozenset(["note:secret"])]


async def test_who_was_not_welcomed_is_not_asked(threads: DatabaseThreads) -> None:
    stranger = Holder("a", actor=None)
    await rights.recheck([stranger], threads)
    assert (stranger.asked, stranger.lost) == ([], [])


async def test_many_topics_are_read_in_several_goes(threads: DatabaseThreads) -> None:
    many = Holder("a", *(f"note:{number}" for number in range(2 * TOPICS)), actor=System())
    last = Holder("a", "note:secret", actor=System())
    await rights.recheck([many, last], threads)
    assert sorted(map(len, many.asked)) == [1, TOPICS, TOPICS]
    assert {topic for asked in many.asked for topic in asked} == {*many.follows, "note:secret"}
    assert frozenset(["note:secret"]) in last.lost


async def test_who_follows_much_keeps_nobody_waiting(threads: DatabaseThreads) -> None:
    """One turn more has been taken by all others before it comes to the end."""
    many = Holder("a", *(f"note:{number}" for number in range(20 * TOPICS)), actor=System())
    others = [Holder(f"b{number}", "note:1", actor=System()) for number in range(AT_ONCE * 2)]
    unfinished: list[int] = []
    for other in others:
        other.on_renewal = lambda: unfinished.append(len(many.asked))
    await rights.recheck([*others[:AT_ONCE], many, *others[AT_ONCE:]], threads)
    assert len(many.asked) == 20
    assert len(unfinished) == len(others)
    assert max(unfinished) < 20


async def test_a_session_that_has_ended_is_asked_no_further(threads: DatabaseThreads) -> None:
    gone = Holder("gone", *(f"note:{number}" for number in range(2 * TOPICS)), actor=System())
    await rights.recheck([gone], threads)
    assert (len(gone.asked), len(gone.lost)) == (1, 1)


async def test_a_failure_leaves_the_others_their_check(
    threads: DatabaseThreads, caplog: pytest.LogCaptureFixture
) -> None:
    broken, whole = Holder("broken", actor=System()), Holder("a", actor=System())
    also = Holder("broken, too", actor=System())
    with caplog.at_level(logging.ERROR):
        await rights.recheck([broken, whole, also], threads)
    assert broken.lost == also.lost == []
    assert whole.lost == [frozenset()]
    [line] = caplog.records
    assert line.getMessage() == "The rights of 2 credentials cannot be read"
    assert line.exc_info
