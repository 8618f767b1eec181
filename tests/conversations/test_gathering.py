"""Gathering: how long a source waits for more of a burst, by its kind."""

import pytest
from django.test import Client

from conversations.models import Source
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def office() -> Client:
    """The administration, as an administrator sees it."""
    user = factories.person("dora", role="administrator")
    user.is_staff = user.is_superuser = True
    user.save()
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("kind", "entered", "seconds"),
    [("whatsapp", "", 2.0), ("web_widget", "", 0.3), ("whatsapp", "5", 5.0), ("api", "0", 0.0)],
)
def test_a_new_source_gathers_as_its_kind_does_unless_a_time_is_entered(
    office: Client, kind: str, entered: str, seconds: float
) -> None:
    body = {
        "kind": kind,
        "name": "Shop",
        "assistant": str(factories.AssistantFactory.create().pk),
        "is_active": "on",
        "gather_seconds": entered,
    }
    assert office.post("/admin/conversations/source/add/", body).status_code == 302
    assert Source.objects.get().gather_seconds == seconds


def test_the_form_for_a_new_one_leaves_it_open(office: Client) -> None:
    page = office.get("/admin/conversations/source/add/").content.decode()
    field = next(line for line in page.split("<input") if 'name="gather_seconds"' in line)
    assert "value=" not in field.split(">")[0]


def test_one_that_is_made_in_code_gathers_as_its_kind_does() -> None:
    assistant = factories.AssistantFactory.create()
    made = Source.objects.create(kind="whatsapp", name="Shop", assistant=assistant)
    assert made.gather_seconds == 2.0
