"""Leases: one worker at a time, and zombies write nothing."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Q
from django.db.models.functions import Now

from channels_layer import tasks
from channels_layer.models import CalendarLease
from channels_layer.work import leases
from tests.servers import waiting

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def row() -> str:
    return CalendarLease.objects.create(name="job").pk


def claim(row: str, **options: Any) -> int | None:
    return leases.claim(CalendarLease, row, **({"seconds": 30} | options))


@pytest.fixture
def leaving() -> Iterator[None]:
    """Make this process one that ends."""
    tasks.leave()
    yield
    leases._leaving.clear()


def let_run_out() -> None:
    CalendarLease.objects.update(lease_until=Now() - timedelta(seconds=1))


def test_one_claims_the_other_does_not(row: str) -> None:
    assert [claim(row), claim(row)] == [1, None]
    assert CalendarLease.objects.get().attempts == 1


def test_a_lease_that_ran_out_is_taken_over(row: str) -> None:
    claim(row)
    let_run_out()
    assert claim(row) == 2
    assert CalendarLease.objects.get().attempts == 2


def test_claims_only_what_is_in_the_right_state(row: str) -> None:
    assert claim(row, where=Q(attempts=5)) is None
    assert claim("another") is None
    assert claim(row, where=Q(attempts=0), next_at=None) == 1


def test_one_that_is_claimed_comes_as_it_is_then(row: str) -> None:
    rows = CalendarLease.objects.all()
    mine = leases.claimed(rows, row, seconds=30, next_at=None)
    assert mine
    assert (mine.fence, mine.attempts) == (1, 1)
    assert leases.claimed(rows, row, seconds=30) is None
    let_run_out()
    assert leases.claimed(rows, row, seconds=30, where=Q(attempts=5)) is None
    assert claim(row) == 2


def test_renews_its_own(row: str) -> None:
    fence = claim(row, seconds=1)
    assert fence
    assert leases.renew(CalendarLease, row, fence=fence, seconds=60)
    lease = CalendarLease.objects.filter(lease_until__gt=Now() + timedelta(seconds=30))
    assert lease.exists()


def test_a_zombie_can_do_nothing(row: str) -> None:
    zombie = claim(row)
    let_run_out()
    heir = claim(row)
    assert zombie
    assert heir
    assert not leases.renew(CalendarLease, row, fence=zombie, seconds=60)
    assert not leases.finish(CalendarLease, row, fence=zombie)
    assert not leases.release(CalendarLease, row, fence=zombie, retry_in=5)
    assert leases.finish(CalendarLease, row, fence=heir)


def test_who_overslept_alone_may_still_finish(row: str) -> None:
    fence = claim(row)
    let_run_out()
    assert fence
    assert leases.finish(CalendarLease, row, fence=fence, attempts=7)
    assert CalendarLease.objects.get().attempts == 7


def test_what_is_finished_is_finished_once(row: str) -> None:
    fence = claim(row)
    assert fence
    assert leases.finish(CalendarLease, row, fence=fence)
    assert not leases.finish(CalendarLease, row, fence=fence)
    assert CalendarLease.objects.get().lease_until is None


def test_a_released_row_is_due_later(row: str) -> None:
    fence = claim(row)
    assert fence
    assert leases.release(CalendarLease, row, fence=fence, retry_in=60)
    assert CalendarLease.objects.filter(next_at__gt=Now(), lease_until=None).exists()
    assert claim(row) == 2


@contextmanager
def worked(row: str, *, seconds: float = 30) -> Iterator[int]:
    """Work on the row in the block, holding it."""
    fence = claim(row, seconds=seconds)
    assert fence
    with leases.Held(CalendarLease, row, fence=fence, seconds=seconds, retry_in=60):
        yield fence


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_held_row_is_nobody_else_s_however_long_the_work_lasts(row: str) -> None:
    with worked(row, seconds=0.6) as fence:
        waiting.stays(lambda: claim(row) is None, during=1.3)
        assert leases.finish(CalendarLease, row, fence=fence)
    assert CalendarLease.objects.get().lease_until is None


@pytest.mark.parametrize("error", [LookupError, KeyboardInterrupt])
def test_whatever_goes_wrong_a_held_row_is_due_later(row: str, error: type[BaseException]) -> None:
    with pytest.raises(error), worked(row):
        raise error
    later = Now() + timedelta(seconds=50)
    assert CalendarLease.objects.filter(next_at__gt=later, lease_until=None, attempts=1).exists()


@pytest.mark.usefixtures("leaving")
def test_a_worker_that_ends_lets_go_at_once_and_counts_no_attempt(row: str) -> None:
    with worked(row):
        leases.may_go_on()
    soon = Now() + timedelta(seconds=5)
    assert CalendarLease.objects.filter(next_at__lt=soon, lease_until=None, attempts=0).exists()


def test_a_zombie_s_failure_leaves_its_heir_alone(row: str) -> None:
    with suppress(LookupError), worked(row):
        let_run_out()
        assert claim(row)
        raise LookupError
    assert CalendarLease.objects.filter(lease_until__gt=Now()).exists()
