"""Administrators: made by persons, one always stays, and each change stands in the history."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import connections
from django.test import Client

from channels_layer.access import keys
from channels_layer.access.actors import Key
from channels_layer.errors import DomainError, ForbiddenError, PersonRequiredError
from handoff import services
from handoff.administrators import LastAdministratorError
from handoff.models import Agent
from tests import factories
from tests.factories import NOON

Change = Callable[[User], object]


@pytest.fixture
def dora(db: None) -> User:
    """Return the only administrator."""
    return factories.person("dora", role=Agent.Role.ADMINISTRATOR)


def demote(user: User) -> object:
    return services.update_agent(agent=Agent.objects.get(user=user), role="supervisor")


def dismiss(user: User) -> object:
    services.dismiss(agent=Agent.objects.get(user=user))
    return None


def deactivate(user: User) -> object:
    return services.set_active(user=user, is_active=False)


@pytest.mark.parametrize("change", [demote, dismiss, deactivate])
def test_one_always_stays(change: Change, dora: User, alice: User) -> None:
    disabled = factories.person("emil", role=Agent.Role.ADMINISTRATOR)
    User.objects.filter(pk=disabled.pk).update(is_active=False)

    with pytest.raises(LastAdministratorError, match="only administrator"):
        change(dora)
    change(disabled)
    services.appoint(user=alice, role=Agent.Role.ADMINISTRATOR)
    change(dora)

    active = Agent.objects.filter(role=Agent.Role.ADMINISTRATOR, user__is_active=True)
    assert [agent.user for agent in active] == [alice]


def test_only_administrators_give_roles(dora: User, alice: User) -> None:
    key, _ = keys.issue(name="Shop", scopes=["agents:write"], at=NOON)
    refusals: list[tuple[object, type[DomainError]]] = [
        (Key(key), PersonRequiredError),
        (factories.staff(factories.person("carol", role="supervisor")), ForbiddenError),
        (factories.staff(alice), ForbiddenError),
    ]
    for by, refusal in refusals:
        for act in (
            lambda by=by: services.appoint(user=alice, role="administrator", by=by),
            lambda by=by: services.dismiss(agent=Agent.objects.get(user=alice), by=by),
            lambda by=by: services.set_active(user=alice, is_active=False, by=by),
        ):
            with pytest.raises(refusal):
                act()
    alice.refresh_from_db()
    assert (alice.agent.role, alice.is_active, alice.is_superuser) == ("agent", True, False)


def test_each_change_says_who_gave_what_to_whom(dora: User, alice: User) -> None:
    erik = factories.UserFactory.create(username="erik")
    by = factories.staff(dora)
    services.appoint(user=erik, role="supervisor", by=by)
    services.appoint(user=erik, role="administrator", by=by)
    services.appoint(user=erik, role="administrator", by=by)
    services.set_active(user=erik, is_active=False, by=by)
    services.dismiss(agent=Agent.objects.get(user=erik), by=by)

    rows = LogEntry.objects.order_by("id")
    assert {(row.user, row.object_id) for row in rows} == {(dora, str(erik.pk))}
    assert [row.get_change_message() for row in rows] == [
        "Role: none → Supervisor, by Dora.",
        "Role: Supervisor → Administrator, by Dora.",
        "May sign in: yes → no, by Dora.",
        "Role: Administrator → none, by Dora.",
    ]


@pytest.mark.django_db
def test_a_superuser_works_from_the_first_sign_in() -> None:
    root = User.objects.create_superuser("root", password="a-long-secret")
    client = Client()
    form = {"username": "root", "password": "a-long-secret"}
    assert client.post("/login/", form).status_code == 302

    assert client.get("/conversations/").status_code == 200
    assert client.get("/api/v1/agents/me").json()["role"] == "administrator"
    assert Agent.objects.get(user=root).role == "administrator"
    assert client.get("/admin/").status_code == 200


def test_signing_in_gives_nobody_else_a_role(mallory: User, alice: User) -> None:
    for user in (mallory, alice):
        Client().force_login(user)

    assert not Agent.objects.filter(user=mallory).exists()
    assert Agent.objects.get(user=alice).role == "agent"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", [demote, deactivate])
def test_of_two_who_take_each_other_s_rights_one_stays(change: Change) -> None:
    pair = [factories.person(name, role="administrator") for name in ("dora", "erik")]
    barrier = Barrier(len(pair))

    def take(user: User) -> bool:
        barrier.wait(timeout=10)
        try:
            change(user)
        except LastAdministratorError:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(len(pair)) as workers:
        assert sorted(workers.map(take, pair)) == [False, True]
    active = Agent.objects.filter(role=Agent.Role.ADMINISTRATOR, user__is_active=True)
    assert active.count() == 1
