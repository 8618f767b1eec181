"""Changing a ticket: versions, history, times, and two people at once."""

from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest
from django.contrib.auth.models import User

from channels_layer.log import events
from channels_layer.models import Event
from tests.factories import staff
from tickets.models import Change, Priority, Status, Ticket
from tickets.services import tickets
from tickets.services.tickets import Seen, StaleVersionError

pytestmark = pytest.mark.both_databases


def change(
    ticket: Ticket, by: User, at: datetime, seen: int | None = None, **values: Any
) -> Ticket:
    return tickets.update(
        ticket=ticket, values=values, seen=Seen(version=seen), by=staff(by), at=at
    )


def test_every_change_is_remembered(ticket: Ticket, alice: User, bob: User, noon: datetime) -> None:
    change(ticket, alice, noon, priority=Priority.URGENT, assignee=bob)

    rows = {row.field: row for row in Change.objects.filter(ticket=ticket, version=2)}
    assert (rows["priority"].before, rows["priority"].after) == ("normal", "urgent")
    assert rows["assignee"].after == {"id": bob.pk, "name": "Bob"}
    assert rows["assignee"].author_name == "Alice"
    event = Event.objects.get(type="ticket.updated")
    assert {row["field"] for row in event.data["changes"]} == {"priority", "assignee"}
    assert rows["priority"].seq == event.seq


def test_an_event_with_a_long_description_fits_a_frame(
    ticket: Ticket, alice: User, noon: datetime
) -> None:
    before, after = "\u4eee" * 10_000, "\U0001f600" * 10_000
    seen = change(ticket, alice, noon, description=before).seq
    change(ticket, alice, noon, description=after, status=Status.PENDING)

    ((_, frames),) = events.since(ticket.topic, after=seen, limit=5) or []
    data = orjson.loads(frames.staff or "")["data"]
    assert data["description"] == after
    by_field = {row["field"]: row for row in data["changes"]}
    assert by_field["status"]["to"] == "pending"
    assert by_field["description"].keys() == {"field", "by", "reason", "version", "at"}
    row = Change.objects.get(version=3, field="description")
    assert (row.before, row.after) == (before, after)


def test_what_stays_as_it_was_changes_nothing(ticket: Ticket, alice: User, noon: datetime) -> None:
    after = change(ticket, alice, noon, subject=ticket.subject, priority=Priority.NORMAL)

    assert after.version == 1
    assert not Event.objects.filter(type="ticket.updated").exists()


def test_the_second_of_two_gets_what_changed(
    ticket: Ticket, alice: User, bob: User, noon: datetime
) -> None:
    change(ticket, alice, noon, seen=1, subject="Cracked base, lamp")
    with pytest.raises(StaleVersionError) as refusal:
        change(ticket, bob, noon, seen=1, subject="Broken lamp", priority=Priority.HIGH)

    ticket.refresh_from_db()
    assert (ticket.subject, ticket.priority) == ("Cracked base, lamp", Priority.NORMAL)
    (row,) = refusal.value.extra["changes"]
    assert (row["field"], row["to"], row["by"]["name"]) == (
        "subject",
        "Cracked base, lamp",
        "Alice",
    )
    assert refusal.value.extra["version"] == 2
    assert change(ticket, bob, noon, seen=2, subject="Broken lamp").version == 3


def test_a_seq_guards_as_well(ticket: Ticket, alice: User, noon: datetime) -> None:
    seen = ticket.seq
    change(ticket, alice, noon, subject="New")
    with pytest.raises(StaleVersionError):
        tickets.update(
            ticket=ticket, values={"subject": "Old"}, seen=Seen(seq=seen), by=staff(alice), at=noon
        )


def test_times_follow_the_status(ticket: Ticket, alice: User, noon: datetime) -> None:
    hour = timedelta(hours=1)
    solved = change(ticket, alice, noon + hour, status=Status.SOLVED)
    assert (solved.solved_at, solved.closed_at, solved.is_done) == (noon + hour, None, True)

    closed = change(ticket, alice, noon + 2 * hour, status=Status.CLOSED)
    assert (closed.solved_at, closed.closed_at) == (noon + hour, noon + 2 * hour)

    opened = change(ticket, alice, noon + 3 * hour, status=Status.OPEN)
    assert (opened.solved_at, opened.closed_at, opened.is_done) == (None, None, False)
    assert (opened.opened_at, opened.reopen_count) == (noon + 3 * hour, 1)
    assert opened.created_at == noon


def test_tags_are_found_and_forgotten(ticket: Ticket, alice: User, noon: datetime) -> None:
    change(ticket, alice, noon, tags=["vip", "carrier"])
    change(ticket, alice, noon, tags=["carrier"])

    assert [row.name for row in ticket.tag_rows.all()] == ["carrier"]
