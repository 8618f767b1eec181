"""Signing in: the user and the agent are one query."""

from typing import Any

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, authenticate
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from handoff import services
from handoff.models import Agent

WHERE = "/api/v1/assistants/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def readings(client: Client, status: int) -> list[str]:
    """GET a list; return the queries that read the signed-in user."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(WHERE).status_code == status
    statements = [query["sql"] for query in queries]
    return [sql for sql in statements if '"handoff_agent"' in sql or '"auth_user"' in sql]


@pytest.mark.both_databases
def test_who_asks_is_read_in_one_query(alice: User) -> None:
    assert len(readings(signed_in(alice), 200)) == 1


@pytest.mark.both_databases
def test_a_person_without_a_role_is_known_by_one_query_too(mallory: User) -> None:
    assert len(readings(signed_in(mallory), 403)) == 1


def test_rights_count_as_they_are_now(alice: User) -> None:
    client = signed_in(alice)
    Agent.objects.filter(user=alice).delete()
    assert client.get(WHERE).status_code == 403
    services.appoint(user=User.objects.get(pk=alice.pk), role=Agent.Role.AGENT)
    assert client.get(WHERE).status_code == 200


def test_an_inactive_person_is_signed_out(alice: User) -> None:
    client = signed_in(alice)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert client.get(WHERE).status_code in {401, 403}


def test_a_password_signs_in(alice: User, rf: Any) -> None:
    alice.set_password("right")
    alice.save(update_fields=["password"])
    found = authenticate(rf.post("/login/"), username="alice", password="right")
    assert found == alice
    assert found.backend == "handoff.backends.StaffBackend"
    assert authenticate(rf.post("/login/"), username="alice", password="wrong") is None


def test_a_session_of_another_backend_signs_in_once_more(alice: User) -> None:
    client = signed_in(alice)
    session = client.session
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session.save()
    assert client.get(WHERE).status_code == 401
