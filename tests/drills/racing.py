"""Two at once, many times, on a real database: ``python -m tests.drills.racing NAME TIMES``.

Runs in a process of its own with ``PARLEY_TEST_DATABASE_URL``, so that every racer has a real
connection and every commit is one. Prints one JSON object: how often each outcome came.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable
from threading import Barrier, Thread

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from channels_layer.access.actors import Staff  # noqa: E402
from channels_layer.errors import DomainError  # noqa: E402
from conversations.models import Conversation  # noqa: E402
from handoff import services as handoff  # noqa: E402
from tests import factories  # noqa: E402

Act = Callable[[], str]


def at_once(*acts: Act) -> list[str]:
    """Run the acts in threads that start together; return each one's outcome."""
    barrier = Barrier(len(acts))
    outcomes = [""] * len(acts)

    def run(index: int, act: Act) -> None:
        try:
            barrier.wait(timeout=30)
            outcomes[index] = act()
        except DomainError as refusal:
            outcomes[index] = refusal.code
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcomes


def accept_against_accept(times: int) -> Counter[str]:
    """Let two agents accept the same waiting conversation at the same moment."""
    alice, bob = (factories.staff(factories.person(name)) for name in ("alice", "bob"))
    tally: Counter[str] = Counter()
    for _ in range(times):
        waiting = handoff.join(floor=factories.conversation(), by=alice, at=factories.NOON)

        def accept(agent: Staff, floor: Conversation = waiting) -> str:
            handoff.accept(floor=floor, by=agent, at=factories.NOON)
            return f"won by {agent.name}"

        outcomes = at_once(lambda: accept(alice), lambda: accept(bob))
        winner = Conversation.objects.get(pk=waiting.pk).owner
        won = [outcome for outcome in outcomes if outcome.startswith("won")]
        is_named = winner is not None and won == [f"won by {winner.first_name}"]
        tally["one winner" if is_named else "broken"] += 1
        tally.update(outcome for outcome in outcomes if not outcome.startswith("won"))
    return tally


RACES = {"accept-accept": accept_against_accept}


def main(name: str, times: int) -> None:
    """Prepare the database, run the race, print the tally."""
    call_command("migrate", verbosity=0)
    sys.stdout.write(json.dumps(RACES[name](times)))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
