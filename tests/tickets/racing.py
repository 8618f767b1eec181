"""Several at once, on a real database: ``python -m tests.tickets.racing NAME TIMES``.

Like ``tests.drills.racing``: a process of its own, so that every racer has a real connection.
Prints one JSON object.
"""

import json
import sys
from collections.abc import Callable
from datetime import timedelta
from threading import Thread

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from channels_layer.access.actors import System, Visitor  # noqa: E402
from channels_layer.errors import DomainError  # noqa: E402
from channels_layer.models import Event, TopicHead  # noqa: E402
from conversations.services import messages  # noqa: E402
from conversations.services.messages import Draft as Words  # noqa: E402
from tests import factories  # noqa: E402
from tickets.models import Change, Comment, Ticket  # noqa: E402
from tickets.services import comments, tickets  # noqa: E402
from tickets.services.comments import Remark  # noqa: E402
from tickets.services.tickets import Draft, Seen  # noqa: E402

Tally = dict[str, object]
CREATORS = 8


def at_once(count: int, act: Callable[[int], None]) -> list[str]:
    """Let ``count`` threads do ``act`` at the same time; return their errors."""
    faults: list[str] = []

    def run(index: int) -> None:
        try:
            act(index)
        except DomainError as refusal:
            faults.append(refusal.code)
        except Exception as error:  # noqa: BLE001 - the race reports every error
            faults.append(repr(error))
        finally:
            connection.close()

    threads = [Thread(target=run, args=[index]) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return faults


def create(times: int) -> Tally:
    """Eight raise ``times`` tickets each, half of them from one conversation."""
    conversation = factories.conversation()

    def act(index: int) -> None:
        for number in range(times):
            draft = Draft(
                subject=f"{index}.{number}", conversation=conversation if index % 2 else None
            )
            tickets.create(draft=draft, by=System(), at=factories.NOON)

    faults = at_once(CREATORS, act)
    numbers = sorted(Ticket.objects.values_list("number", flat=True))
    return {
        "faults": faults,
        "made": len(numbers),
        "gap_free": numbers == list(range(1, len(numbers) + 1)),
    }


def edit(times: int) -> Tally:
    """Let two people change the version that both have seen; each change is kept or refused."""
    people = [factories.staff(factories.person(name)) for name in ("alice", "bob")]
    ticket = tickets.create(draft=Draft(subject="0"), by=people[0], at=factories.NOON)
    kept: list[str] = []

    def act(index: int) -> None:
        for number in range(times):
            seen = Ticket.objects.get(pk=ticket.pk)
            values = {"subject": f"{index}.{number}"}
            try:
                tickets.update(
                    ticket=seen,
                    values=values,
                    seen=Seen(version=seen.version),
                    by=people[index],
                    at=factories.NOON,
                )
            except tickets.StaleVersionError:
                continue
            kept.append(values["subject"])

    faults = at_once(2, act)
    written = list(Change.objects.filter(field="subject").values_list("after", flat=True))
    ticket.refresh_from_db()
    return {
        "faults": faults,
        "lost": sorted(set(kept) - set(written)),
        "versions_agree": ticket.version == len(kept) + 1,
        "both_got_through": bool(kept),
    }


def everything(times: int) -> Tally:
    """Customers write, staff comment, solve, link and unlink, all around two conversations."""
    alice, bob = (factories.staff(factories.person(name)) for name in ("alice", "bob"))
    places = [factories.conversation() for _ in range(2)]
    made = [
        tickets.create(draft=Draft(subject="x", conversation=place), by=alice, at=factories.NOON)
        for place in places
    ]

    def customer(place: int, at: int) -> None:
        contact = places[place].contact_id
        assert contact
        victor = Visitor(contact, places[place].source_id, "Victor")
        when = factories.NOON + timedelta(minutes=at)
        messages.customer_message(
            conversation=places[place], by=victor, draft=Words(text="Hi"), at=when
        )

    def comment(index: int, at: int) -> None:
        remark = Remark(text="Hello", kind=Comment.Kind.PUBLIC)
        when = factories.NOON + timedelta(minutes=at)
        by = (alice, bob)[index]  # one person may not write twice at once in one conversation
        comments.add(ticket=made[index], remark=remark, by=by, at=when)

    def solve(index: int, at: int) -> None:
        when = factories.NOON + timedelta(minutes=at)
        values = {"status": "solved", "assignee": bob.user}
        tickets.update(ticket=made[index], values=values, seen=Seen(), by=bob, at=when)

    def link(index: int, at: int) -> None:
        when = factories.NOON + timedelta(minutes=at)
        other = places[1 - index]
        tickets.link(ticket=made[index], conversation=other, by=bob, at=when)
        tickets.unlink(ticket=made[index], conversation=other, by=bob, at=when)

    acts = [customer, comment, solve, link]

    def act(index: int) -> None:
        for number in range(times):
            acts[index // 2](index % 2, number)

    faults = at_once(2 * len(acts), act)
    return {"faults": faults, "gaps": _gaps()}


def _gaps() -> list[str]:
    """Name the topics whose events are not 1 to the head."""
    found = []
    for head in TopicHead.objects.all():
        seqs = list(
            Event.objects.filter(topic=head.topic).order_by("seq").values_list("seq", flat=True)
        )
        if seqs != list(range(1, head.head + 1)):
            found.append(head.topic)
    return found


RACES = {"create": create, "edit": edit, "everything": everything}


def main(name: str, times: int) -> None:
    """Prepare the database, run the race, print what came of it."""
    call_command("migrate", verbosity=0)
    call_command("flush", verbosity=0, interactive=False)
    sys.stdout.write(json.dumps(RACES[name](times)))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
