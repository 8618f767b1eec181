"""Every model has its pages, and administrators alone see them."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from config.demo.data import people, shop, stories
from tests.factories import NOON

pytestmark = pytest.mark.slow


# An agent's role stands in the form of the person, a tool's fields in that of the tool.
ELSEWHERE = {"Agent", "HttpToolField", "Rendering"}
OURS = {"channels_layer", "handoff", "conversations", "widget", "whatsapp", "chats"}


def ours() -> list[type[Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in OURS]


def registered() -> list[type[Model]]:
    return [model for model in ours() if admin.site.is_registered(model)]


def page_of(model: type[Model], page: str = "changelist", *arguments: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=arguments)


@pytest.fixture
def filled(db: None) -> None:
    """Load the demo's data."""
    people.load()
    stories.load(shop=shop.load(origin="http://127.0.0.1:8000", at=NOON), at=NOON)


def test_every_model_has_an_admin() -> None:
    missing = {model.__name__ for model in ours() if not admin.site.is_registered(model)}

    assert missing == ELSEWHERE, "Register them in the app's admin.py."


@pytest.mark.usefixtures("filled")
def test_every_list_search_and_page_opens(office: Client) -> None:
    for model in registered():
        listed = office.get(page_of(model))
        assert listed.status_code == 200, model
        if admin.site.get_model_admin(model).search_fields:
            assert office.get(page_of(model), {"q": "maya"}).status_code == 200, model
        row = model._default_manager.first()
        if row is not None:
            assert office.get(page_of(model, "change", row.pk)).status_code == 200, model


def test_new_rows_are_made_where_that_is_meant(office: Client) -> None:
    made_here = {
        model.__name__
        for model in registered()
        if office.get(page_of(model, "add")).status_code == 200
    }

    assert made_here >= {"ApiKey", "Article", "Assistant", "Source", "Widget"}
    assert not made_here & {"Event", "Message", "Run", "Conversation", "Contact", "ToolCall"}


@pytest.mark.parametrize("username", ["alice", "carol"])
def test_agents_and_supervisors_do_not_get_in(
    username: str, request: pytest.FixtureRequest
) -> None:
    client = Client()
    client.force_login(request.getfixturevalue(username))
    response = client.get("/admin/")

    assert response.status_code == 302
    assert "/admin/login/" in response["Location"]


def test_a_person_without_a_role_does_not_get_in(mallory: User) -> None:
    client = Client()
    client.force_login(mallory)

    assert client.get("/admin/").status_code == 302


def test_the_front_page_names_the_apps(office: Client) -> None:
    page = office.get("/admin/").content.decode()

    assert "Assistants" in page
    assert "API keys" in page
