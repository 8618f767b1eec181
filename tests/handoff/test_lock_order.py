"""Changing and dismissing agents: rows are locked in one order, whatever is done to them."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from handoff import services
from handoff.models import Agent


def _promote(agent: Agent) -> None:
    services.update_agent(agent=agent, role=Agent.Role.SUPERVISOR)


def _dismiss(agent: Agent) -> None:
    services.dismiss(agent=agent)


@pytest.mark.parametrize("change", [_promote, _dismiss])
def test_the_agent_comes_before_the_user(change: Callable[[Agent], None], alice: User) -> None:
    with CaptureQueriesContext(connection) as queries:
        change(Agent.objects.get(user=alice))
    statements = [query["sql"] for query in queries]
    changed = [sql for sql in statements if sql.startswith(("UPDATE", "DELETE"))]
    tables = [table for sql in changed for table in ("handoff_agent", "auth_user") if table in sql]
    assert next(iter(tables)) == "handoff_agent"
    assert "auth_user" in tables
