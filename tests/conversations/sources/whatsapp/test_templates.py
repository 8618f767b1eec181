"""Templates: fetched, listed, filled in, refused, sent; the window and the limit hold."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from rest_framework.test import APIClient

from channels_layer import times
from channels_layer.access.actors import System
from channels_layer.errors import DomainError
from conversations.models import Conversation, Message
from conversations.services import deliveries
from conversations.services.messages import Draft, post
from conversations.sources.whatsapp import selectors, templating
from conversations.sources.whatsapp.models import (
    BusinessInitiatedContact,
    LimitTier,
    Sender,
    Template,
)
from conversations.sources.whatsapp.services import templates
from tests import factories
from tests.api import clients
from tests.conversations.sources.whatsapp.conftest import make_sender
from tests.conversations.sources.whatsapp.graph import DemoGraphServer
from tests.conversations.sources.whatsapp.helpers import (
    NOON,
    deliver,
    requests,
    say,
    status_of,
    talk,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ORDER = {
    "name": "order_update",
    "language": "en_US",
    "parameters": {"1": "Maya", "2": "ORD-1", "3": "Tuesday"},
}
LATE = NOON + timedelta(hours=25)


@pytest.fixture
def synced(number: Sender) -> Sender:
    assert templates.sync(sender=number, at=NOON) > 5
    return number


@pytest.fixture
def conversation(synced: Sender) -> Conversation:
    return talk(synced)


@pytest.fixture
def api(alice: User) -> APIClient:
    return clients.browser(alice)


def offer(conversation: Conversation, at: Any = NOON, **changes: Any) -> Message:
    draft = Draft(text="", template={**ORDER, **changes})
    return post(conversation=conversation, by=System(), draft=draft, at=at)[0]


def refused(conversation: Conversation, at: Any = LATE, **changes: Any) -> str:
    with pytest.raises(DomainError) as refusal:
        offer(conversation, at, **changes)
    assert refusal.value.status == 422
    return refusal.value.code


def test_takes_over_what_meta_has(synced: Sender) -> None:
    order = Template.objects.get(name="order_update", language="en_US")
    assert order.is_approved
    assert [slot.name for slot in templating.slots_of(order.components)] == ["1", "2", "3"]
    assert Template.objects.get(name="win_money").reason == "PROMOTIONAL"
    Template.objects.create(
        sender=synced, name="gone", language="en", status="APPROVED", synced_at=NOON
    )
    templates.sync(sender=synced, at=NOON + timedelta(hours=1))
    assert Template.objects.get(name="gone").status == "DELETED"
    synced.refresh_from_db()
    assert synced.templates_synced_at == NOON + timedelta(hours=1)


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_meta_is_asked(number: Sender) -> None:
    inside: list[bool] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("SELECT") and "whatsapp_sender" in sql:
            inside.append(connection.in_atomic_block)
        return execute(sql, *rest)

    dora = clients.browser(factories.person("dora", role="administrator"))
    path = f"{clients.V1}/senders/{number.pk}/sync/"
    with connection.execute_wrapper(note):
        answers = [dora.post(path, headers={"Idempotency-Key": "k1"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert inside == [False]


def test_a_failed_sync_changes_nothing(synced: Sender, graph: DemoGraphServer) -> None:
    graph.fault("190", times=1)
    with pytest.raises(templates.NotSyncedError, match="token has expired"):
        templates.sync(sender=synced, at=LATE)
    assert Template.objects.filter(synced_at=NOON).count() == Template.objects.count()


def test_a_template_is_sent_after_the_window_and_reads_as_the_customer_reads_it(
    conversation: Conversation, graph: DemoGraphServer
) -> None:
    with pytest.raises(DomainError) as refusal:
        say(conversation, "Still there?", LATE)
    assert (refusal.value.code, refusal.value.status) == ("window_closed", 422)
    message = offer(conversation, LATE)
    assert message.text.startswith("Your order\n\nHello Maya, your order ORD-1 is on its way")
    deliver(conversation, LATE)
    [request] = requests(graph, "template")
    assert request["template"]["name"] == "order_update"
    assert request["template"]["language"] == {"code": "en_US"}
    texts = [one["text"] for one in request["template"]["components"][0]["parameters"]]
    assert texts == ["Maya", "ORD-1", "Tuesday"]
    assert status_of(message) == ("sent", "")


def test_named_parameters_go_by_name(conversation: Conversation, graph: DemoGraphServer) -> None:
    offer(conversation, LATE, name="question_answered", parameters={"first_name": "Maya"})
    deliver(conversation, LATE)
    [request] = requests(graph, "template")
    [parameter] = request["template"]["components"][0]["parameters"]
    assert parameter == {"type": "text", "text": "Maya", "parameter_name": "first_name"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": "nobody_knows_it"}, "template_not_approved"),
        ({"language": "de"}, "template_not_approved"),
        ({"name": "autumn_offer", "parameters": {"1": "Maya"}}, "template_not_approved"),
        ({"parameters": {"1": "Maya"}}, "template_parameters"),
        ({"parameters": {**ORDER["parameters"], "4": "x"}}, "template_parameters"),  # type: ignore[dict-item]
        ({"parameters": {**ORDER["parameters"], "3": "a\nb"}}, "template_parameters"),  # type: ignore[dict-item]
        ({"parameters": {**ORDER["parameters"], "3": " "}}, "template_parameters"),  # type: ignore[dict-item]
    ],
)
def test_refuses_what_meta_would_refuse(
    conversation: Conversation, changes: dict[str, Any], code: str
) -> None:
    assert refused(conversation, **changes) == code
    assert refused(conversation, NOON, **changes) == code
    assert not Message.objects.exists()


def test_writing_first_counts_and_stops_at_the_limit(synced: Sender) -> None:
    LimitTier.objects.update_or_create(
        name="Tiny", defaults={"meta_tier": "TINY", "daily_limit": 2}
    )
    Sender.objects.update(messaging_limit="TINY")
    people = [talk(synced, f"467000000{n}") for n in range(3)]
    for conversation in people[:2]:
        offer(conversation, LATE)
        offer(conversation, LATE + timedelta(minutes=1))
    assert BusinessInitiatedContact.objects.count() == 2
    assert refused(people[2]) == "limit_reached"
    offer(people[0], LATE + timedelta(hours=1))
    later = LATE + timedelta(hours=25)
    offer(people[2], later)
    assert BusinessInitiatedContact.objects.filter(at=later).count() == 1


def limit(people: int) -> None:
    """Let Meta allow every number so many people a day."""
    LimitTier.objects.update_or_create(
        name="Tiny", defaults={"meta_tier": "TINY", "daily_limit": people}
    )
    Sender.objects.update(messaging_limit="TINY")


@pytest.mark.parametrize(("account", "code"), [("1", "limit_reached"), ("2", "")])
def test_the_numbers_of_an_account_share_the_limit(synced: Sender, account: str, code: str) -> None:
    other = make_sender(phone_number_id="7", business_account_id=account)
    row = Template.objects.get(sender=synced, name="order_update", language="en_US")
    Template.objects.create(
        sender=other,
        name=row.name,
        language=row.language,
        status=row.status,
        components=row.components,
        synced_at=NOON,
    )
    limit(1)
    offer(talk(synced), LATE)
    stranger = talk(other, "4670999")
    if code:
        assert refused(stranger) == code
    else:
        offer(stranger, LATE)
    assert selectors.used(other, at=LATE) == 1


def test_a_person_counts_once_by_number_and_user_id(synced: Sender) -> None:
    limit(1)
    conversation = talk(synced)
    offer(conversation, LATE)
    factories.IdentityFactory.create(
        source=synced.source, contact=conversation.contact, external_id="SE.1"
    )
    Conversation.objects.update(external_id="SE.1")
    conversation.refresh_from_db()
    offer(conversation, LATE + timedelta(hours=1))
    assert selectors.used(synced, at=LATE + timedelta(hours=1)) == 1


def test_what_is_sent_again_a_day_later_counts_again(
    synced: Sender, conversation: Conversation, graph: DemoGraphServer
) -> None:
    message = offer(conversation, LATE)
    graph.fault("131026", times=1)
    deliver(conversation, LATE)
    later = LATE + timedelta(hours=25)
    assert selectors.used(synced, at=later) == 0
    deliveries.resend(conversation=conversation, message=message, at=later)
    deliver(conversation, later)
    assert (status_of(message)[0], selectors.used(synced, at=later)) == ("sent", 1)


def test_writing_within_the_window_does_not_count(conversation: Conversation) -> None:
    offer(conversation)
    assert not BusinessInitiatedContact.objects.exists()


def test_a_restricted_number_says_so(conversation: Conversation, synced: Sender) -> None:
    Sender.objects.update(restriction="Locked.", restriction_kind="account")
    assert refused(conversation) == "restricted"
    Sender.objects.update(restriction_kind="templates")
    assert refused(conversation) == "restricted"
    offer(conversation, NOON)


def test_webhooks_change_a_template(synced: Sender) -> None:
    named = {"message_template_name": "order_update", "message_template_language": "en_US"}
    for field, value in (
        ("message_template_status_update", {"event": "PAUSED", "reason": "NONE"}),
        ("message_template_quality_update", {"new_quality_score": "RED"}),
        ("template_category_update", {"new_category": "MARKETING"}),
    ):
        assert templates.apply_webhook(sender=synced, field=field, value=named | value, at=NOON)
    row = Template.objects.get(name="order_update", language="en_US")
    assert (row.status, row.quality, row.category) == ("PAUSED", "RED", "MARKETING")
    assert not templates.apply_webhook(sender=synced, field="messages", value={}, at=NOON)


def test_the_picker_lists_and_finds(conversation: Conversation, api: APIClient) -> None:
    url = f"/api/v1/conversations/{conversation.pk}/templates/"
    rows = api.get(url).json()["results"]
    states = [row["is_approved"] for row in rows]
    assert states == sorted(states, reverse=True)
    [found, _swedish] = api.get(url, {"search": "order_upd"}).json()["results"]
    assert found["text"].startswith("Your order\n\nHello {{1}}, your order {{2}}")
    assert "Hello Elin, your order ORD-20514" in found["preview"]
    assert found["parameters"][0] == {"name": "1", "place": "body", "example": "Elin"}
    assert found["buttons"] == ["Thank you"]
    assert len(api.get(url, {"search": "order_upd\0"}).json()["results"]) == 2


def test_the_api_takes_and_refuses_templates(conversation: Conversation, api: APIClient) -> None:
    conversation.window_expires_at = times.now() - timedelta(hours=1)
    conversation.save()
    url = f"/api/v1/conversations/{conversation.pk}/messages/"
    assert api.post(url, {"text": "Hi"}).json()["code"] == "window_closed"
    both = api.post(url, {"text": "Hi", "template": ORDER})
    assert (both.status_code, list(both.json()["fields"])) == (400, ["text"])
    bad = api.post(url, {"template": {"name": "order_update"}})
    assert (bad.status_code, list(bad.json()["fields"])) == (400, ["template.language"])
    short = api.post(url, {"template": {**ORDER, "parameters": {}}})
    assert (short.status_code, short.json()["code"]) == (422, "template_parameters")
    assert "template.parameters" in short.json()["fields"]
    note = api.post(url, {"text": "Only us", "kind": "note"})
    assert note.status_code == 201
    sent = api.post(url, {"template": ORDER, "client_id": "one"})
    assert (sent.status_code, sent.json()["status"]) == (201, "queued")
    again = api.post(url, {"template": ORDER, "client_id": "one"})
    assert (again.status_code, again.json()["id"]) == (200, sent.json()["id"])


def test_other_sources_have_no_templates(api: APIClient) -> None:
    conversation = factories.conversation()
    assert api.get(f"/api/v1/conversations/{conversation.pk}/templates/").json()["results"] == []
    answer = api.post(f"/api/v1/conversations/{conversation.pk}/messages/", {"template": ORDER})
    assert answer.status_code == 400


def test_headers_buttons_and_codes_are_filled_in() -> None:
    components: list[dict[str, Any]] = [
        {
            "type": "HEADER",
            "format": "TEXT",
            "text": "Order {{1}}",
            "example": {"header_text": ["7"]},
        },
        {"type": "BODY", "text": "Hi {{1}}", "example": {"body_text": [["Maya"]]}},
        {
            "type": "BUTTONS",
            "buttons": [
                {"type": "QUICK_REPLY", "text": "Thanks"},
                {
                    "type": "URL",
                    "text": "Track",
                    "url": "https://x.example/{{1}}",
                    "example": ["https://x.example/abc"],
                },
                {"type": "COPY_CODE", "example": "SAVE10"},
            ],
        },
    ]
    slots = templating.slots_of(components)
    assert [(slot.name, slot.example) for slot in slots] == [
        ("header", "7"),
        ("1", "Maya"),
        ("button_2", "abc"),
        ("button_3", "SAVE10"),
    ]
    values = {"header": "9", "1": "Eva", "button_2": "z", "button_3": "C"}
    made = templating.payload_of(components, values, is_named=False)
    assert [part["type"] for part in made] == ["header", "body", "button", "button"]
    assert made[2] == {
        "type": "button",
        "sub_type": "url",
        "index": "1",
        "parameters": [{"type": "text", "text": "z"}],
    }
    assert made[3]["parameters"] == [{"type": "coupon_code", "coupon_code": "C"}]
    assert templating.text_of(components, {"header": "9"}) == "Order 9\n\nHi {{1}}"


def test_a_person_sends_again_through_the_api(
    conversation: Conversation, graph: DemoGraphServer, api: APIClient
) -> None:
    now = times.now()
    conversation.window_expires_at = now + timedelta(hours=1)
    conversation.save()
    graph.fault("131026", times=1)
    message = say(conversation, "One", now)
    deliver(conversation, now)
    url = f"/api/v1/conversations/{conversation.pk}/messages/{message.pk}/resend/"
    assert api.post(url).json()["status"] == "queued"
    refusal = api.post(url)
    assert (refusal.status_code, refusal.json()["code"]) == (409, "not_failed")
    deliver(conversation, now + timedelta(minutes=1))
    assert status_of(message) == ("sent", "")
    other = talk(Sender.objects.get(), "4670000000")
    elsewhere = f"/api/v1/conversations/{other.pk}/messages/{message.pk}/resend/"
    assert api.post(elsewhere).status_code == 404
