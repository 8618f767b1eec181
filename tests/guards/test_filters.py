"""Filters: each stands in its filter set alone, and from there in the schema and on the page."""

import re
from typing import Any

import django_filters
import pytest
from django import forms
from django.contrib.auth.models import User
from django.forms.widgets import Input
from django.test import Client
from django.utils.html import escape
from rest_framework.test import APIClient

from channels_layer.ids import new_id
from channels_layer.rest import parameters_of
from channels_layer.rest.lists.filters import ListFilter
from chats.filters import ApprovalFilter, ArticleFilter, ChatFilter, ToolCallFilter
from conversations.filters import ContactFilter, InboxFilter
from conversations.models import Conversation
from tests import factories
from tests.api import clients
from tickets.filters import TicketFilter
from tickets.services import tickets
from tickets.services.tickets import Draft

LISTS = {
    InboxFilter: "conversations/",
    ContactFilter: "contacts/",
    ChatFilter: "chats/",
    ArticleFilter: "articles/",
    ToolCallFilter: "tool-calls/",
    TicketFilter: "tickets/",
}
WITHOUT_API = {ApprovalFilter}
"""Lists of a page alone; its rows are the API's under another name."""
PAGES = {InboxFilter: "/conversations/", TicketFilter: "/tickets/", ChatFilter: "/chats/"}
FIELDS = [(filters, name) for filters in PAGES for name in filters.base_filters]
IDS = [f"{filters.__name__}.{name}" for filters, name in FIELDS]
EVERYWHERE = {"cursor", "limit"}


@pytest.fixture
def window(client: Client, alice: User, conversation: Conversation) -> Client:
    """Alice's browser; there is a conversation and a ticket."""
    draft = Draft(subject="Lamp", conversation=conversation)
    tickets.create(draft=draft, by=factories.staff(alice), at=factories.NOON)
    client.force_login(alice)
    return client


@pytest.fixture
def api(alice: User) -> APIClient:
    """Alice's browser, for the API."""
    return clients.browser(alice)


def shown(window: Client, path: str, /, **query: str) -> str:
    """Return the page with folded white space."""
    response = window.get(path, query)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def sample(one: Any) -> str:
    """Return a value that the filter takes."""
    control = one.field.widget
    values = [str(value) for value, _word in getattr(control, "choices", ()) if value]
    if values:
        return values[0]
    match one:
        case django_filters.UUIDFilter():
            return str(new_id())
        case django_filters.IsoDateTimeFilter():
            return "2026-02-03T00:00:00Z"
        case _:
            return "words"


def control_of(html: str, name: str) -> str:
    """Return the tag with which the page offers a filter, and what a select contains."""
    found = re.search(rf'<(select|input)[^>]*data-field="{name}"[^>]*>(.*?</select>)?', html)
    assert found, f"The page offers no {name}"
    return found[0]


def test_every_filter_set_is_looked_at() -> None:
    assert set(ListFilter.__subclasses__()) == {*LISTS, *WITHOUT_API}


@pytest.mark.django_db
def test_every_filter_stands_in_the_schema() -> None:
    schema = APIClient().get("/api/schema/", HTTP_ACCEPT="application/json").json()
    for filters, path in LISTS.items():
        parameters = schema["paths"][f"/api/v1/{path}"]["get"]["parameters"]
        orders = {"order"} if len(filters.orders) > 1 else set()
        expected = {*filters.base_filters, *EVERYWHERE, *orders}
        assert {parameter["name"] for parameter in parameters} == expected, path


@pytest.mark.parametrize(("filters", "name"), FIELDS, ids=IDS)
def test_every_filter_stands_on_the_page(
    window: Client, filters: type[ListFilter], name: str
) -> None:
    one = filters.base_filters[name]
    value = sample(one)
    html = shown(window, PAGES[filters], **{name: value})
    match one.field.widget:
        case forms.SearchInput():
            assert re.search(rf'<input[^>]*value="{value}"[^>]*data-search', html)
        case forms.RadioSelect():
            assert re.search(
                rf'<a class="tabs__item"[^>]*[?&]{name}={value}"[^>]*aria-current', html
            )
        case Input(is_hidden=True):
            assert re.search(rf'<a class="chip chip--on"[^>]*href="{PAGES[filters]}"', html)
        case forms.Select():
            assert one.label
            assert f'<option value="{value}" selected>' in control_of(html, name)
        case _:
            assert one.label
            assert f'value="{escape(value)}"' in control_of(html, name)


NEW = {
    InboxFilter: django_filters.ChoiceFilter(
        label="Course", choices=[("active", "Under way"), ("ended", "Over")], field_name="lifecycle"
    ),
    TicketFilter: django_filters.CharFilter(
        label="Subject", help_text="A part of it.", field_name="subject", lookup_expr="icontains"
    ),
}
KEEPS = {InboxFilter: "active", TicketFilter: "lamp"}
LEAVES_OUT = {InboxFilter: "ended", TicketFilter: "sofa"}


@pytest.fixture(params=NEW, ids=lambda filters: filters.__name__)
def extended(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> type[ListFilter]:
    """A filter set with one more field, ``fresh``, and nothing else changed."""
    filters: type[ListFilter] = request.param
    monkeypatch.setitem(filters.base_filters, "fresh", NEW[filters])
    return filters


def test_a_new_filter_filters_the_api_and_is_described(
    window: Client, api: APIClient, extended: type[ListFilter]
) -> None:
    def number(value: str) -> int:
        path = f"{clients.V1}/{LISTS[extended]}"
        return len(api.get(path, {"fresh": value}).json()["results"])

    assert (number(KEEPS[extended]), number(LEAVES_OUT[extended])) == (1, 0)
    (parameter,) = (one for one in parameters_of(extended) if one.name == "fresh")
    assert parameter.enum == (["active", "ended"] if extended is InboxFilter else None)
    assert parameter.description == NEW[extended].extra.get("help_text", "")


def test_a_new_filter_is_offered_and_kept_by_the_page(
    window: Client, extended: type[ListFilter]
) -> None:
    path, value = PAGES[extended], KEEPS[extended]
    html = shown(window, path, fresh=value)
    control = control_of(html, "fresh")
    if extended is InboxFilter:
        assert f'<option value="{value}" selected>Under way' in control
        assert re.search(rf'<a class="chip chip--on" href="{path}"[^>]*>Under way', html)
    else:
        assert f'value="{value}"' in control
    assert NEW[extended].label in html
    assert re.search(rf'<a class="\w+__clear" href="{path}"', html)
    assert re.search(rf'<a class="tabs__item" href="{path}\?[^"]*fresh={value}', html)


def test_live_rows_follow_a_new_filter(
    window: Client, extended: type[ListFilter], conversation: Conversation
) -> None:
    def rows(**query: str) -> list[str]:
        html = shown(window, f"{PAGES[extended]}rows/", **query)
        return re.findall(r'data-row="([^"]+)"', html)

    (named,) = rows()
    assert rows(id=named, fresh=KEEPS[extended]) == [named]
    assert rows(id=named, fresh=LEAVES_OUT[extended]) == []
