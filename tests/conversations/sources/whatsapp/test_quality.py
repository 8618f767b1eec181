"""Quality: rating, limit and restrictions, fetched and received; sending stops and resumes."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from pytest_httpserver import HTTPServer

from conversations.models import Conversation
from conversations.services import thread
from conversations.services.thread import Entry, assistant_author
from conversations.sources.whatsapp import selectors
from conversations.sources.whatsapp.models import LimitTier, Sender
from conversations.sources.whatsapp.services import quality
from tests import factories
from tests.conversations.sources.whatsapp.graph import DemoGraphServer
from tests.conversations.sources.whatsapp.helpers import NOON, deliver, status_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def own(number: Sender, httpserver: HTTPServer, settings: Settings) -> Sender:
    """Return a number whose answers each test writes itself."""
    settings.WHATSAPP_GRAPH_URL = httpserver.url_for("")
    return number


def answers(httpserver: HTTPServer, sender: Sender, body: Any, status: int = 200) -> Sender:
    path = f"/v26.0/{sender.phone_number_id}"
    httpserver.expect_oneshot_request(path).respond_with_json(body, status=status)
    checked = quality.check(sender=sender, at=NOON)
    checked.refresh_from_db()
    return checked


def test_asks_the_demo_graph(number: Sender) -> None:
    checked = quality.check(sender=number, at=NOON)
    assert (checked.check_error, checked.checked_at) == ("", NOON)
    assert checked.quality == "green"
    assert checked.messaging_limit


def test_what_meta_leaves_out_is_unchanged(own: Sender, httpserver: HTTPServer) -> None:
    body = {"quality_rating": "YELLOW", "whatsapp_business_manager_messaging_limit": "TIER_2K"}
    answers(httpserver, own, body)
    checked = answers(httpserver, own, {"quality_rating": "NA"})
    assert (checked.quality, checked.messaging_limit) == ("yellow", "TIER_2K")
    assert selectors.limit_of(checked) == 2000


@pytest.mark.parametrize("body", [[], "nonsense", {"health_status": "?"}, None])
def test_nonsense_changes_nothing(own: Sender, httpserver: HTTPServer, body: Any) -> None:
    assert answers(httpserver, own, body).quality == "unknown"


def test_a_blocked_number_stops_and_goes_on(own: Sender, httpserver: HTTPServer) -> None:
    error = {"error_description": "The account is disabled.", "possible_solution": "Appeal."}
    health = {"can_send_message": "BLOCKED", "entities": [{"errors": [error]}]}
    checked = answers(httpserver, own, {"health_status": health})
    assert (checked.is_paused, checked.restriction) == (True, "The account is disabled. Appeal.")
    checked = answers(httpserver, checked, {"quality_rating": "RED"})
    assert checked.is_paused
    checked = answers(httpserver, checked, {"health_status": {"can_send_message": "LIMITED"}})
    assert not checked.is_paused


def test_an_expired_token_stops_until_one_is_accepted(own: Sender, httpserver: HTTPServer) -> None:
    error = {"error": {"code": 190, "message": "expired"}}
    checked = answers(httpserver, own, error, 401)
    assert checked.is_paused
    assert "token has expired" in checked.check_error
    checked = answers(httpserver, checked, {"quality_rating": "GREEN"})
    assert not checked.is_paused


def test_a_server_that_is_away_is_noted(own: Sender, settings: Settings) -> None:
    settings.WHATSAPP_GRAPH_URL = "http://127.0.0.1:9"
    checked = quality.check(sender=own, at=NOON)
    assert "cannot be reached" in checked.check_error
    assert not checked.is_paused


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}}, "account"),
        ({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "REINSTATE"}}, ""),
        (
            {
                "event": "ACCOUNT_RESTRICTION",
                "restriction_info": [{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING"}],
            },
            "templates",
        ),
        (
            {
                "event": "ACCOUNT_RESTRICTION",
                "restriction_info": [
                    {"restriction_type": "RESTRICTED_CUSTOMER_INITIATED_MESSAGING"}
                ],
            },
            "account",
        ),
        (
            {
                "event": "ACCOUNT_RESTRICTION",
                "restriction_info": {"restriction_type": "RESTRICTED_ADD_PHONE_NUMBER_ACTION"},
            },
            "",
        ),
        ({"event": "ACCOUNT_DELETED"}, "account"),
        ({"event": "VERIFIED_ACCOUNT"}, ""),
    ],
)
def test_heeds_notices_of_the_account(number: Sender, value: dict[str, Any], kind: str) -> None:
    assert quality.apply_webhook(sender=number, field="account_update", value=value, at=NOON)
    number.refresh_from_db()
    assert (number.is_paused, number.restriction_kind) == (kind == "account", kind)


def test_limits_are_read_in_several_forms(number: Sender) -> None:
    for body, limit in (
        ({"max_daily_conversations_per_business": "TIER_2K"}, 2000),
        ({"max_daily_conversations_per_business": 10000}, 10000),
        ({"current_limit": "TIER_100K"}, 100_000),
        ({"max_daily_conversations_per_business": "NOT_SET"}, 100_000),
        ({"max_daily_conversations_per_business": "TIER_UNLIMITED"}, None),
    ):
        quality.apply_webhook(
            sender=number, field="business_capability_update", value=body, at=NOON
        )
        number.refresh_from_db()
        assert selectors.limit_of(number) == limit, body


def test_until_meta_sends_a_limit_the_table_says_it_by_rating(number: Sender) -> None:
    LimitTier.objects.all().delete()
    for name, rating, limit in (("New sender", "unknown", 250), ("High", "green", 100_000)):
        LimitTier.objects.create(name=name, quality=rating, daily_limit=limit)
    assert selectors.limit_of(number) == 250
    number.quality = "green"
    shown = selectors.sender_object(number, at=NOON)
    assert (shown["tier"], shown["daily_limit"], shown["used"]) == ("High", 100_000, 0)


def test_what_waited_leaves_once_the_number_may_send(
    talking: Conversation, number: Sender, graph: DemoGraphServer
) -> None:
    quality.restrict(sender=number, kind="account", reason="Locked.", at=NOON)
    answer = Entry(author=assistant_author(talking.assistant), text="Your lamp is here.")
    message = thread.append(talking.locked(), answer, at=NOON)
    assert deliver(talking) == 0
    quality.check(sender=number, at=NOON + timedelta(minutes=10))
    assert deliver(talking, NOON + timedelta(minutes=10)) == 1
    assert status_of(message) == ("sent", "")


@pytest.fixture
def office(db: None) -> Client:
    client = Client()
    user: User = factories.person("dora", role="administrator")
    user.is_staff = user.is_superuser = True
    user.save()
    client.force_login(user)
    return client


def test_the_administration_checks_syncs_and_hides_secrets(number: Sender, office: Client) -> None:
    page = reverse("admin:whatsapp_sender_changelist")
    for action in ("check_now", "sync_templates", "resume_sending"):
        done = office.post(page, {"action": action, "_selected_action": [str(number.pk)]})
        assert done.status_code == 302
    number.refresh_from_db()
    assert number.checked_at
    assert number.templates.exists()
    change = reverse("admin:whatsapp_sender_change", args=[number.pk])
    shown = office.get(change).content.decode()
    assert number.app_secret not in shown
    kept = {
        "source": str(number.source_id),
        "phone_number_id": number.phone_number_id,
        "business_account_id": "2",
        "verify_token": number.verify_token,
        "access_token": "",
        "app_secret": "",
    }
    assert office.post(change, kept).status_code == 302
    fresh = Sender.objects.get(pk=number.pk)
    assert (fresh.access_token, fresh.business_account_id) == ("token", "2")
    assert fresh.app_secret == number.app_secret
