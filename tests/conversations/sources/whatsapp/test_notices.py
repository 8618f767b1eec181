"""Meta's notices of numbers and templates, out of order and repeated; ends of restrictions."""

from datetime import datetime
from typing import Any

import pytest
from pytest_django import Settings
from pytest_httpserver import HTTPServer

from conversations.sources.whatsapp.models import Sender, Template
from conversations.sources.whatsapp.services import quality, templates
from tests.conversations.sources.whatsapp.conftest import noon

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DISABLE = {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}}
REINSTATE = {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "REINSTATE"}}
END = noon(days=7)
BUSINESS_INITIATED = {
    "event": "ACCOUNT_RESTRICTION",
    "restriction_info": [
        {
            "restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING",
            "expiration": int(END.timestamp()),
        }
    ],
}


def apply(
    sender: Sender, value: dict[str, Any], at: datetime, field: str = "account_update"
) -> str:
    """Apply a notice of Meta's; return the number's restriction after it."""
    assert quality.apply_webhook(sender=sender, field=field, value=value, at=at)
    sender.refresh_from_db()
    return sender.restriction_kind


@pytest.fixture
def own(sender: Sender, httpserver: HTTPServer, settings: Settings) -> Sender:
    """Return a number whose answers each test writes itself."""
    settings.WHATSAPP_GRAPH_URL = httpserver.url_for("")
    return sender


def test_an_older_notice_of_the_account_changes_nothing(sender: Sender) -> None:
    assert apply(sender, REINSTATE, noon(seconds=60)) == ""
    assert apply(sender, DISABLE, noon()) == ""
    assert apply(sender, DISABLE, noon(seconds=90)) == "account"
    assert apply(sender, {"event": "VERIFIED_ACCOUNT"}, noon(seconds=200)) == "account"
    assert apply(sender, REINSTATE, noon(seconds=60)) == "account"
    assert apply(sender, REINSTATE, noon(seconds=100)) == ""
    assert apply(sender, DISABLE, noon(seconds=90)) == ""


def test_what_a_person_lifted_is_not_restricted_again_by_a_replay(sender: Sender) -> None:
    assert apply(sender, DISABLE, noon()) == "account"
    quality.lift(sender=sender, at=noon(minutes=5))
    assert apply(sender, DISABLE, noon()) == ""


def test_an_older_limit_changes_nothing_and_other_fields_do(sender: Sender) -> None:
    field = "business_capability_update"
    apply(sender, {"max_daily_conversations_per_business": "TIER_10K"}, noon(seconds=60), field)
    apply(sender, {"max_daily_conversations_per_business": "TIER_2K"}, noon(), field)
    assert sender.messaging_limit == "TIER_10K"
    apply(sender, {"current_quality_rating": "RED"}, noon(), "phone_number_quality_update")
    assert (sender.messaging_limit, sender.quality) == ("TIER_10K", "red")


def test_an_older_notice_of_a_template_changes_nothing(sender: Sender) -> None:
    row = Template.objects.create(
        sender=sender, name="order", language="en", status="APPROVED", synced_at=noon()
    )

    def status_after(event: str, **after: float) -> str:
        name = {"message_template_name": "order", "message_template_language": "en"}
        field, value = "message_template_status_update", {**name, "event": event}
        assert templates.apply_webhook(sender=sender, field=field, value=value, at=noon(**after))
        row.refresh_from_db()
        return row.status

    assert status_after("PAUSED", seconds=60) == "PAUSED"
    assert status_after("APPROVED", seconds=30) == "PAUSED"
    assert status_after("APPROVED", seconds=90) == "APPROVED"
    Template.objects.update(synced_at=noon(hours=1), status="DISABLED")
    assert status_after("APPROVED", seconds=90) == "DISABLED"


def test_a_weaker_restriction_replaces_no_stronger_one(sender: Sender) -> None:
    assert apply(sender, DISABLE, noon()) == "account"
    assert apply(sender, BUSINESS_INITIATED, noon(seconds=1)) == "account"
    quality.heed_error(sender=sender, code=190, at=noon(seconds=2))
    assert sender.restriction_kind == "account"


@pytest.mark.parametrize(
    ("kind", "health", "days", "left"),
    [
        ("account", "LIMITED", 1, ""),
        ("credentials", "", 1, ""),
        ("account", "", 1, "account"),
        ("templates", "LIMITED", 1, "templates"),
        ("templates", "AVAILABLE", 1, ""),
        ("templates", "LIMITED", 8, ""),
    ],
)
def test_a_check_lifts_what_meta_has_let_go(
    own: Sender, httpserver: HTTPServer, kind: str, health: str, days: int, left: str
) -> None:
    quality.restrict(sender=own, kind=kind, reason="Because.", ends_at=END, at=noon())
    answer = {"health_status": {"can_send_message": health}} if health else {"quality_rating": "NA"}
    httpserver.expect_request(f"/v26.0/{own.phone_number_id}").respond_with_json(answer)
    quality.check(sender=own, at=noon(days=days))
    own.refresh_from_db()
    assert own.restriction_kind == left


def test_meta_states_when_a_restriction_ends(sender: Sender) -> None:
    assert apply(sender, BUSINESS_INITIATED, noon()) == "templates"
    assert sender.restriction_ends_at == END
