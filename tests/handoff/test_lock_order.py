"""Changing and dismissing agents: rows are locked in one order, whatever is done to them."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conversations.models import Contact, Conversation
from conversations.services import contacts
from handoff import services
from handoff.models import Agent
from tests import factories


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


@pytest.mark.postgres
def test_the_form_of_a_person_locks_agents_before_it_writes(client: Client, alice: User) -> None:
    dora = factories.person("dora")
    services.appoint(user=dora, role=Agent.Role.ADMINISTRATOR)
    client.force_login(dora)
    fields = {"username": "alice", "first_name": "Al", "role": "agent", "is_active": "on"}
    with CaptureQueriesContext(connection) as queries:
        response = client.post(f"/admin/auth/user/{alice.pk}/change/", fields)
    assert response.status_code == 302
    statements = [query["sql"] for query in queries]
    locked = [at for at, sql in enumerate(statements) if 'UPDATE OF "handoff_agent"' in sql]
    written = [at for at, sql in enumerate(statements) if sql.startswith('UPDATE "auth_user"')]
    assert locked[0] < written[0]


@pytest.mark.postgres
@pytest.mark.django_db
def test_merging_locks_all_conversations_by_id_before_it_writes(noon: datetime) -> None:
    rows = [factories.conversation(at=noon) for _ in range(4)]
    into, former = rows[0].contact, rows[1].contact
    assert into
    assert former
    Conversation.objects.filter(pk=rows[2].pk).update(contact=into)
    Conversation.objects.filter(pk=rows[3].pk).update(contact=former)
    Contact.objects.filter(pk=into.pk).update(name="")
    Contact.objects.filter(pk=former.pk).update(name="Maya")

    with CaptureQueriesContext(connection) as queries:
        contacts.merge(former=former, into=into, at=noon)

    statements = [query["sql"] for query in queries]
    locks = [sql for sql in statements if 'UPDATE OF "conversations_conversation"' in sql]
    first = [next(row.pk for row in rows if row.pk.hex in sql) for sql in locks[:4]]
    assert first == sorted(row.pk for row in rows)
