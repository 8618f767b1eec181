"""The administration in words: what was saved, what is empty, amounts with units, ways on."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from chats.models import Usage
from conversations.models import Contact, Conversation
from conversations.sources.whatsapp.models import LimitTier, Template
from tests import factories
from tests.conversations.sources.whatsapp.conftest import make_sender

pytestmark = pytest.mark.slow


def words(response: Any) -> str:
    """Return what the main part of a page says."""
    assert response.status_code == 200
    return " ".join(strip_tags(response.content.decode().partition('id="main"')[2]).split())


def test_it_is_said_shortly_what_was_saved(office: Client) -> None:
    body = {"name": "Ours", "daily_limit": "7", "order": "3"}
    add = reverse("admin:whatsapp_limittier_add")
    assert "Added: Ours." in words(office.post(add, body, follow=True))
    tier = LimitTier.objects.get(name="Ours")
    change = reverse("admin:whatsapp_limittier_change", args=[tier.pk])
    assert "Saved: Ours." in words(office.post(change, body | {"_continue": "1"}, follow=True))
    delete = reverse("admin:whatsapp_limittier_delete", args=[tier.pk])
    said = words(office.post(delete, {"post": "yes"}, follow=True))
    assert "Deleted: Ours." in said
    assert "successfully" not in said


def test_a_refused_form_says_what_to_do(office: Client) -> None:
    refused = words(office.post(reverse("admin:whatsapp_limittier_add"), {}))

    assert "Nothing is saved yet. Change what is marked below." in refused
    assert "Please" not in refused


def test_a_row_without_changes_says_so(office: Client, alice: User) -> None:
    page = words(office.get(reverse("admin:auth_user_history", args=[alice.pk])))

    assert "Nobody has changed this here yet." in page
    assert "change history" not in page


def test_one_goes_from_every_page_to_the_conversations(office: Client) -> None:
    for path in ("/admin/", reverse("admin:auth_user_add")):
        page = office.get(path).content.decode()
        assert '<a class="back-link" href="/conversations/">' in page
        assert "apps and models" not in page


@pytest.mark.parametrize(("name", "links"), [("add", 0), ("changelist", 1)])
def test_the_form_of_a_new_row_does_not_lead_to_itself(
    name: str, links: int, office: Client
) -> None:
    page = office.get(reverse(f"admin:auth_user_{name}")).content.decode()

    assert page.count('class="addlink') == links


def test_a_contact_shows_what_there_is(office: Client) -> None:
    maya = factories.ContactFactory.create()
    path = reverse("admin:conversations_contact_change", args=[maya.pk])
    assert "Attributes" not in words(office.get(path))
    Contact.objects.update(attributes={"plan": "gold"})
    page = words(office.get(path))
    assert "Attributes" in page
    assert "Plan gold" in page


def test_a_template_reads_as_people_write(office: Client) -> None:
    template = Template.objects.create(
        sender=make_sender(),
        name="back_soon",
        language="en",
        category="MARKETING",
        status="PENDING_DELETION",
        quality="GREEN",
        components=[
            {"type": "BODY", "text": "We are back."},
            {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Open", "url": "https://x"}]},
        ],
        synced_at=factories.NOON,
    )
    shown = words(office.get(reverse("admin:whatsapp_template_change", args=[template.pk])))
    listed = words(office.get(reverse("admin:whatsapp_template_changelist")))

    for word in ("Marketing", "Pending deletion", "Green"):
        assert word in shown
        assert word in listed.partition("back_soon")[2]
    assert "We are back." in shown
    assert "Buttons Open" in shown
    for word in ("MARKETING", "PENDING_DELETION", "BODY", "Components", "Heeded"):
        assert word not in shown


@pytest.mark.parametrize(
    ("cost", "reads"), [("0.00030200", "US$0.0003"), ("1234.5", "US$1,234.50"), (None, "not known")]
)
def test_a_cost_reads_as_money(
    cost: str | None, reads: str, office: Client, conversation: Conversation
) -> None:
    usage = Usage.objects.create(
        conversation=conversation,
        purpose=Usage.Purpose.ANSWER,
        model="demo",
        cost=cost and Decimal(cost),
        created_at=factories.NOON,
    )
    for page in (
        words(office.get(reverse("admin:chats_usage_changelist"))),
        words(office.get(reverse("admin:chats_usage_change", args=[usage.pk]))),
    ):
        assert reads in page
        assert "Is estimated" not in page
        assert "0.00030200" not in page
