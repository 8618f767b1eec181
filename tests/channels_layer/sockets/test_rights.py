"""Rights are read once for all sockets that come with the same credential."""

from collections.abc import AsyncIterator, Hashable, Iterable, Mapping

import pytest

from channels_layer.access.actors import Actor, System
from channels_layer.sockets import rights
from channels_layer.sockets.rights import Rights
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

    def rights(self, topics: Iterable[str]) -> Rights:
        """Allow all but secrets."""
        self.asked.append(set(topics))
        if self.credential == "broken":
            raise LookupError
        return Rights(self.actor, frozenset(topic for topic in topics if "secret" in topic))

    def renew(self, rights: Rights) -> None:
        """Note what is lost."""
        self.lost.append(rights.lost)


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


async def test_a_failure_leaves_the_others_their_check(threads: DatabaseThreads) -> None:
    broken, whole = Holder("broken", actor=System()), Holder("a", actor=System())
    await rights.recheck([broken, whole], threads)
    assert broken.lost == []
    assert whole.lost == [frozenset()]
