"""What administrators change, and that it takes effect through the services."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from channels_layer.access import keys
from channels_layer.models import ApiKey, Event
from conversations.models import Assistant, Contact, Conversation, Source
from conversations.sources.widget.models import Widget
from tests.factories import NOON, AssistantFactory, SourceFactory

pytestmark = pytest.mark.slow


SECRET = re.compile(r"parley_[\w-]{20,}")


def post(client: Client, page: str, /, *arguments: object, **body: object) -> str:
    """Send a form of the admin and return the page that follows."""
    response = client.post(reverse(f"admin:{page}", args=arguments), body, follow=True)
    assert response.status_code == 200
    errors = response.context.get("errors") if response.context else None
    assert not errors, errors
    return response.content.decode()


def act(client: Client, model: str, action: str, *rows: object) -> str:
    selected = [str(row) for row in rows]
    return post(client, f"{model}_changelist", action=action, _selected_action=selected)


def test_a_key_is_shown_once(office: Client) -> None:
    page = post(
        office, "channels_layer_apikey_add", name="Shop", scopes=["contacts:read", "events:read"]
    )
    (secret,) = set(SECRET.findall(page))
    key = keys.find(secret, at=NOON)

    assert key is not None
    assert (key.name, key.scopes) == ("Shop", ["contacts:read", "events:read"])
    assert ApiKey.objects.count() == 1
    for path in ("changelist", "change"):
        arguments = [key.pk] if path == "change" else []
        again = office.get(reverse(f"admin:channels_layer_apikey_{path}", args=arguments))
        assert secret not in again.content.decode()


def test_a_revoked_key_opens_nothing(office: Client) -> None:
    key, secret = keys.issue(name="Shop", scopes=[], at=NOON)
    act(office, "channels_layer_apikey", "revoke", key.pk)

    assert keys.find(secret, at=NOON) is None


def test_an_assistant_can_be_changed(office: Client) -> None:
    triggers = {"turn_cap": 20}
    ada = AssistantFactory.create(tools=["search_knowledge"], handoff_triggers=triggers)
    post(
        office,
        "conversations_assistant_change",
        ada.pk,
        name="Ada",
        instructions="Be brief.",
        tools=["request_handoff"],
        is_active="on",
        approval_minutes=15,
        **{"tools-rule-request_handoff": "supervisor", "tools-rule-create_ticket": ""},
    )

    ada = Assistant.objects.get()
    assert (ada.instructions, ada.tools) == ("Be brief.", ["request_handoff"])
    assert ada.tool_rules == {"request_handoff": "supervisor"}
    assert ada.handoff_triggers == triggers


def test_a_source_can_be_changed(office: Client) -> None:
    source = SourceFactory.create()
    kit = AssistantFactory.create(name="Kit")
    post(
        office,
        "conversations_source_change",
        source.pk,
        name="Shop",
        assistant=str(kit.pk),
        gather_seconds="0.5",
    )

    source = Source.objects.get()
    assert (source.name, source.assistant, source.is_active) == ("Shop", kit, False)


def test_an_article_can_be_written(office: Client) -> None:
    ada = AssistantFactory.create()
    body = {"assistant": str(ada.pk), "title": "Returns", "text": "30 days", "is_active": "on"}
    post(office, "chats_article_add", **body)

    assert ada.articles.get().title == "Returns"


def test_a_contact_s_change_reaches_its_conversations(
    office: Client, conversation: Conversation
) -> None:
    identities = {
        f"identities-{name}": value
        for name, value in {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}.items()
    }
    post(
        office,
        "conversations_contact_change",
        conversation.contact_id,
        name="Viktor",
        email="victor@example.com",
        phone="",
        **identities,
    )

    conversation.refresh_from_db()
    assert "viktor" in conversation.search_text
    assert Event.objects.filter(type="conversation.updated").exists()


def test_blocking_is_published_by_name(office: Client, conversation: Conversation) -> None:
    act(office, "conversations_contact", "block", conversation.contact_id)
    conversation.refresh_from_db()
    assert conversation.switch == "blocked"
    assert Contact.objects.get().is_blocked
    event = Event.objects.get(type="handoff.changed")
    assert event.data["by"]["name"] == "Dora"

    act(office, "conversations_contact", "unblock", conversation.contact_id)
    conversation.refresh_from_db()
    assert conversation.switch == "active"


def test_conversations_are_ended(office: Client, conversation: Conversation) -> None:
    act(office, "conversations_conversation", "end", conversation.pk)

    conversation.refresh_from_db()
    assert conversation.is_ended


def test_a_widget_s_secret_is_shown_once(office: Client) -> None:
    source = SourceFactory.create(kind="web_widget")
    page = post(
        office,
        "widget_widget_add",
        source=str(source.pk),
        brand="Nordhem",
        allowed_origins="[]",
        prechat_fields="[]",
        texts="{}",
        accent="#11649f",
        position="right",
        reopen_after_0="24",
        reopen_after_1="hours",
    )
    widget = Widget.objects.get()
    assert widget.secret in page
    again = office.get(reverse("admin:widget_widget_change", args=[widget.pk]))
    assert widget.secret not in again.content.decode()

    page = act(office, "widget_widget", "renew_secret", widget.pk)
    renewed = Widget.objects.get().secret
    assert renewed != widget.secret
    assert renewed in page


@pytest.mark.parametrize("name", ["conversations_message", "chats_run", "channels_layer_event"])
def test_what_happened_is_not_changed(name: str, office: Client) -> None:
    assert office.get(reverse(f"admin:{name}_add")).status_code == 403
