"""How SQLite, which counts no rows beforehand, reads a page: along an index, without sorting."""

from datetime import datetime

import pytest
from django.contrib.auth.models import User

from tests.factories import staff
from tickets.filters import ORDERS, TicketFilter

UNSOLVED = {"status": "open,pending"}
CLOSED = {"status": "closed"}
NO_DATE = {"due": "none"}


@pytest.mark.parametrize("order", list(ORDERS))
@pytest.mark.parametrize(
    "query", [{}, UNSOLVED, CLOSED, {"status": "open"}, NO_DATE, UNSOLVED | NO_DATE]
)
def test_a_page_is_not_sorted(
    alice: User, noon: datetime, query: dict[str, str], order: str
) -> None:
    filters = TicketFilter(query, actor=staff(alice), at=noon, order=order)

    plan = filters.qs.order_by(*ORDERS[order].columns)[:41].explain()

    assert "TEMP B-TREE" not in plan
    assert "status" not in query or "is_done=?" in plan or "status=?" in plan
