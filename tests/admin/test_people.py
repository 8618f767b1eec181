"""People: one form makes a person with a role, changes it, and keeps the person out."""

import re
from urllib.parse import urljoin

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from handoff import services
from handoff.models import Agent
from tests.factories import UserFactory

pytestmark = pytest.mark.slow

PASSWORD = "lantern-orchid-42"


def form_of(user: User, **changes: str) -> dict[str, str]:
    """Return what the form of a person sends."""
    agent = Agent.objects.filter(user=user).first()
    body = {
        "username": user.username,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "role": agent.role if agent else "",
        "is_active": "on" if user.is_active else "",
        **changes,
    }
    return {name: value for name, value in body.items() if value or name == "role"}


def change(office: Client, user: User, **changes: str) -> str:
    """Save the form of a person and return the page that follows."""
    path = reverse("admin:auth_user_change", args=[user.pk])
    response = office.post(path, form_of(user, **changes), follow=True)
    assert response.status_code == 200
    return response.content.decode()


def history(office: Client, user: User) -> str:
    page = office.get(reverse("admin:auth_user_history", args=[user.pk]))
    return page.content.decode()


@pytest.mark.parametrize(
    ("given", "role"),
    [
        ({"role": "supervisor"}, "supervisor"),
        ({"role": "administrator"}, "administrator"),
        ({}, "agent"),
    ],
)
def test_one_form_makes_a_person_who_works(
    given: dict[str, str], role: str, office: Client
) -> None:
    body = {
        "username": "erik",
        "first_name": "Erik",
        "email": "erik@nordhem.example",
        "password1": PASSWORD,
        "password2": PASSWORD,
        **given,
    }
    assert office.post(reverse("admin:auth_user_add"), body).status_code == 302

    erik = Client()
    sent = erik.post("/login/", {"username": "erik", "password": PASSWORD})
    assert (sent.status_code, sent["Location"]) == (302, "/conversations/")
    me = erik.get("/api/v1/agents/me").json()
    assert (me["role"], me["name"]) == (role, "Erik")
    entry = erik.get("/admin/").status_code
    assert entry == (200 if role == "administrator" else 302)


def test_a_role_opens_and_closes_the_administration(office: Client, alice: User) -> None:
    for role, is_open in (("administrator", True), ("agent", False), ("", False)):
        change(office, alice, role=role)
        alice = User.objects.get(pk=alice.pk)
        assert (alice.is_staff, alice.is_superuser) == (is_open, is_open)
    assert not Agent.objects.filter(user=alice).exists()


def test_who_may_not_sign_in_is_signed_out(office: Client, alice: User) -> None:
    window = Client()
    window.force_login(alice)
    change(office, alice, is_active="")

    assert window.get("/api/v1/agents/me").status_code == 401
    assert Agent.objects.get(user=alice).role == "agent"


def test_a_user_of_a_command_gets_a_role_here(office: Client, mallory: User) -> None:
    assert "No role" in office.get(reverse("admin:auth_user_changelist")).content.decode()
    change(office, mallory, role="supervisor")

    assert Agent.objects.get(user=mallory).role == "supervisor"


@pytest.mark.parametrize("loss", [{"role": "agent"}, {"role": ""}, {"is_active": ""}])
def test_the_form_keeps_the_last_administrator(
    loss: dict[str, str], office: Client, dora: User
) -> None:
    page = change(office, dora, **loss)

    assert "the only administrator" in page
    assert Agent.objects.get(user__is_active=True).role == "administrator"


def test_the_action_keeps_the_last_administrator(office: Client, dora: User, alice: User) -> None:
    body = {"action": "keep_out", "_selected_action": [str(alice.pk), str(dora.pk)]}
    page = office.post(reverse("admin:auth_user_changelist"), body, follow=True)

    assert "the only administrator" in page.content.decode()
    assert set(User.objects.filter(is_active=True)) == {alice, dora}
    services.appoint(user=alice, role="administrator")
    office.post(reverse("admin:auth_user_changelist"), body | {"_selected_action": [alice.pk]})
    assert list(User.objects.filter(is_active=True)) == [dora]


@pytest.mark.parametrize("action", ["delete", "delete_selected"])
def test_nobody_is_deleted(action: str, office: Client, alice: User) -> None:
    if action == "delete":
        path, body = reverse("admin:auth_user_delete", args=[alice.pk]), {"post": "yes"}
    else:
        path = reverse("admin:auth_user_changelist")
        body = {"action": action, "_selected_action": str(alice.pk), "post": "yes"}
    office.post(path, body)

    assert User.objects.filter(pk=alice.pk).exists()


def test_the_history_says_who_gave_what(office: Client, alice: User) -> None:
    change(office, alice, role="supervisor", email="alice@nordhem.example")
    alice.refresh_from_db()
    change(office, alice, is_active="")

    page = history(office, alice)
    assert "Role: Agent → Supervisor, by Dora." in page
    assert "May sign in: yes → no, by Dora." in page
    assert LogEntry.objects.filter(object_id=str(alice.pk)).count() == 3


def test_a_name_that_is_taken_is_refused(office: Client, alice: User) -> None:
    other = UserFactory.create(username="erik")
    assert "already exists" in change(office, other, username="alice", role="agent")
    assert not Agent.objects.filter(user=other).exists()


@pytest.mark.parametrize(
    ("password", "state", "act"),
    [("", "Not set", "Set password"), (PASSWORD, "Set", "Change password")],
)
def test_a_password_is_set_or_not_and_nothing_else_is_told(
    password: str, state: str, act: str, office: Client, alice: User
) -> None:
    alice.set_password(password or None)
    alice.save()
    path = reverse("admin:auth_user_change", args=[alice.pk])
    page = office.get(path).content.decode()

    (said,) = re.findall(r'<p class="password"[^>]*>(.*?)</p>', page, re.DOTALL)
    assert " ".join(strip_tags(said).split()) == f"{state} · {act}"
    for word in ("algorithm", "iterations", "salt", "argon2", "pbkdf2", "Raw passwords"):
        assert word not in page
    (link,) = re.findall(r'href="([^"]+)"', said)
    asked = {"password1": "second-orchid-43", "password2": "second-orchid-43"}
    assert office.get(urljoin(path, link)).status_code == 200
    assert office.post(urljoin(path, link), asked).status_code == 302
    sent = Client().post("/login/", {"username": "alice", "password": "second-orchid-43"})
    assert sent.status_code == 302
