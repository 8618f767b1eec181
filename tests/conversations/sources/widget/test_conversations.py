"""Beginning a conversation: POST /widget/<key>/conversations."""

from importlib import import_module

import pytest
from django.apps import apps

from conversations.models import Contact, Conversation, Variable
from conversations.sources.widget.models import Widget
from tests.conversations.sources.widget.conftest import Frame, make_widget

FORM = [
    {"name": "name", "label": "Name", "type": "text", "required": True},
    {"name": "email", "label": "Email", "type": "email", "required": True},
    {"name": "phone", "label": "Phone", "type": "phone"},
    {"name": "reason", "label": "Reason", "type": "dropdown", "options": ["Order", "Other"]},
]
FILLED = {
    "name": "Maya",
    "email": "maya@example.com",
    "reason": "Order",
    "plan": "gold",
    "n": 3,
}


@pytest.fixture
def maya(db: None) -> Frame:
    """A visitor of a widget with a form."""
    frame = Frame(make_widget(prechat_fields=FORM))
    frame.open()
    return frame


def test_begins_with_the_widgets_assistant(victor: Frame) -> None:
    response = victor.post("conversations", {"variables": {}})

    assert response.status_code == 201
    shown = response.json()
    assert shown["assistant"]["name"] == "Ada"
    assert (shown["lifecycle"], shown["control"]) == ("active", "ai")
    assert Conversation.objects.get().source == victor.widget.source


def test_a_visitor_may_have_several(victor: Frame) -> None:
    assert victor.start() != victor.start()


def test_keeps_the_form_as_variables_with_their_origin(maya: Frame) -> None:
    maya.start(variables=FILLED)

    kept = dict(Variable.objects.values_list("name", "origin"))
    assert kept == {
        "name": "form",
        "email": "form",
        "reason": "form",
        "plan": "site",
        "n": "site",
    }
    assert Variable.objects.get(name="n").value == "3"


def test_the_form_tells_of_the_contact_what_was_unknown(maya: Frame) -> None:
    maya.start(variables=FILLED)
    maya.start(variables=FILLED | {"name": "Somebody else"})

    contact = Contact.objects.get()
    assert (contact.name, contact.email) == ("Maya", "maya@example.com")
    assert "maya@example.com" in Conversation.objects.order_by("id")[0].search_text


@pytest.mark.parametrize(
    ("variables", "faulty"),
    [
        ({"email": "maya@example.com"}, "name"),
        ({"name": "Maya", "email": "maya@"}, "email"),
        (FILLED | {"phone": "call me"}, "phone"),
        (FILLED | {"reason": "None of these"}, "reason"),
        (FILLED | {"bad name!": "x"}, "bad name!"),
        (FILLED | {"long": "x" * 2001}, "long"),
        (FILLED | {"name": "M" * 201}, "name"),
        (FILLED | {"email": f"{'m' * 60}@{'x.' * 100}example.com"}, "email"),
        (FILLED | {"phone": "+" + "4" * 32}, "phone"),
    ],
)
def test_refuses_what_does_not_fit_the_form(
    maya: Frame, variables: dict[str, str], faulty: str
) -> None:
    response = maya.post("conversations", {"variables": variables})

    assert response.status_code == 400
    assert list(response.json()["fields"]) == [faulty]
    assert not Conversation.objects.exists()


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("body", "faulty"),
    [
        (rb'{"variables": {"a": "\ud800"}}', "a"),
        (rb'{"variables": {"a": "\u0000"}}', "a"),
        (rb'{"variables": {"\ud800": "a"}}', "variables"),
        (rb'{"variables": {"\ud800": []}}', "variables"),
    ],
)
def test_what_no_database_can_keep_is_refused(victor: Frame, body: bytes, faulty: str) -> None:
    response = victor.client.post(
        f"/widget/{victor.widget.key}/conversations",
        body,
        content_type="application/json",
        headers={**victor.headers, "Authorization": f"Bearer {victor.token}"},
    )

    assert response.status_code == 400
    assert list(response.json()["fields"]) == [faulty]


@pytest.mark.parametrize("variables", [["x"], "x", {"x": {"y": 1}}, {"x": [1]}])
def test_refuses_variables_that_are_none(victor: Frame, variables: object) -> None:
    assert victor.post("conversations", {"variables": variables}).status_code == 400


def test_a_client_id_begins_one_conversation_once(victor: Frame) -> None:
    first = victor.post("conversations", {"client_id": "a"})
    again = victor.post("conversations", {"client_id": "a"})

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]


def test_a_client_id_of_another_visitor_means_nothing(victor: Frame, stranger: Frame) -> None:
    assert victor.start(client_id="a") != stranger.start(client_id="a")


def test_remembers_page_and_browser(victor: Frame) -> None:
    victor.headers["User-Agent"] = "Netscape"
    victor.start(page={"url": "https://shop.example/lamps", "title": "Lamps"})

    context = Conversation.objects.get().context
    assert context["page"]["url"] == "https://shop.example/lamps"
    assert context["browser"] == "Netscape"


SECRET = "https://jane:word@shop.example:8443/basket;jsessionid=1F/2?token=secret#access_token=x"


@pytest.mark.parametrize(
    ("url", "stored"),
    [
        (SECRET, "https://shop.example:8443/basket/2"),
        ("https://shop.example/?", "https://shop.example/"),
        ("https://shop.example#/reset/secret", "https://shop.example"),
        ("http://[::1]:80/lamps?q=1", "http://[::1]:80/lamps"),
        ("file:///C:/shop.html", ""),
        ("javascript:alert(1)", ""),
        ("/lamps?token=secret", ""),
        ("https://[", ""),
    ],
)
def test_remembers_no_secrets_of_a_page(victor: Frame, url: str, stored: str) -> None:
    victor.start(page={"url": url, "title": "Basket"})
    page = Conversation.objects.get().context["page"]
    assert page == {"url": stored, "title": "Basket"}


def test_remembers_the_query_where_the_widget_says_so(victor: Frame, widget: Widget) -> None:
    widget.keep_page_query = True
    widget.save()
    victor.start(page={"url": SECRET})
    kept = Conversation.objects.get().context["page"]["url"]
    assert kept == SECRET.replace("jane:word@", "")


def test_queries_that_were_stored_go(victor: Frame) -> None:
    victor.start(page={"url": "https://shop.example/lamps"})
    conversation = Conversation.objects.get()
    conversation.context["page"]["url"] = SECRET
    conversation.save(update_fields=["context"])
    migration = import_module("conversations.sources.widget.migrations.0003_keep_page_query")
    migration.drop_queries(apps, None)
    conversation.refresh_from_db()
    assert conversation.context["page"]["url"] == "https://shop.example:8443/basket/2"


@pytest.mark.parametrize("is_kept", [False, True])
def test_secrets_in_paths_that_were_stored_go(
    victor: Frame, widget: Widget, *, is_kept: bool
) -> None:
    widget.keep_page_query = is_kept
    widget.save()
    victor.start(page={"url": "https://shop.example/lamps"})
    conversation = Conversation.objects.get()
    conversation.context["page"]["url"] = stored = "https://shop.example/login/482913"
    conversation.save(update_fields=["context"])
    migration = import_module("conversations.sources.widget.migrations.0006_hide_secrets_in_paths")
    migration.hide_secrets(apps, None)
    conversation.refresh_from_db()
    kept = stored if is_kept else "https://shop.example/login/…"
    assert conversation.context["page"]["url"] == kept
