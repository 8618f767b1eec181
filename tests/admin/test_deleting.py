"""Deleting in the admin: what is offered works, and says before what goes with the row."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from chats.models import Article, Budget, HeaderSecret, HttpTool, McpServer, McpTool, ModelTrait
from conversations.models import Conversation
from conversations.sources.whatsapp.models import LimitTier, Sender, Template
from conversations.sources.widget.models import VisitorToken, Widget
from tests import factories
from tests.conversations.sources.whatsapp.conftest import make_sender
from tests.conversations.sources.widget.conftest import Frame, make_widget

pytestmark = pytest.mark.slow


def article() -> Article:
    """Return an article that the assistant reads."""
    at, ada = factories.NOON, factories.AssistantFactory.create()
    return Article.objects.create(assistant=ada, title="Returns", created_at=at, updated_at=at)


def used_widget() -> Widget:
    """Return a widget at which a visitor's browser is known, without a conversation."""
    widget = make_widget("Nordhem")
    Frame(widget).open()
    assert VisitorToken.objects.filter(widget=widget).count() == 1
    return widget


def used_sender() -> Sender:
    """Return a number that has a template."""
    sender = make_sender(verified_name="Nordhem")
    Template.objects.create(sender=sender, name="hello", language="en", synced_at=factories.NOON)
    return sender


def tier() -> LimitTier:
    """Return a limit of our own."""
    return LimitTier.objects.create(name="Ours", daily_limit=7)


def limit() -> ModelTrait:
    """Return what a model refused."""
    return ModelTrait.objects.create(model="m", kind="no_tools", learnt_at=factories.NOON)


def tools() -> McpServer:
    """Return a server that has a tool."""
    server = McpServer.objects.create(name="Shop", prefix="shop", url="https://shop.example/mcp")
    found = {"title": "Find", "description": "Finds.", "parameters": {"type": "object"}}
    McpTool.objects.create(server=server, name="find", full_name="shop_find", found=found, **found)
    return server


def http_tool() -> HttpTool:
    """Return a tool that looks something up."""
    values = {"title": "Look up", "description": "Looks up.", "method": "GET"}
    return HttpTool.objects.create(name="look_up", url="https://shop.example/orders", **values)


def secret() -> HeaderSecret:
    """Return a secret header."""
    return HeaderSecret.objects.create(host="shop.example", name="Authorization", value="Bearer 1")


def budget() -> Budget:
    """Return a limit of what models may cost."""
    at = factories.NOON
    return Budget.objects.create(scope="day", limit=Decimal("10.00"), created_at=at, updated_at=at)


ROWS: tuple[Callable[[], Model], ...] = (
    article,
    used_widget,
    used_sender,
    tier,
    limit,
    tools,
    http_tool,
    secret,
    budget,
)


def path_of(model: type[Model], page: str, *arguments: Any) -> str:
    options = model._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_{page}", args=arguments)


def words(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(strip_tags(response.content.decode()).split())


def test_these_tables_alone_offer_to_delete(office: Client) -> None:
    """Each table that begins to offer it has to be tried below."""
    makers = {type(make()) for make in ROWS}
    request = office.get("/admin/").wsgi_request
    offering = {
        model
        for model, table in admin.site._registry.items()
        if table.has_delete_permission(request, model())
    }

    assert offering == makers


@pytest.mark.parametrize("make", ROWS)
def test_what_is_offered_works(make: Callable[[], Model], office: Client) -> None:
    row = make()
    path = path_of(type(row), "delete", row.pk)
    assert path in office.get(path_of(type(row), "change", row.pk)).content.decode()
    asked = words(office.get(path))

    assert f"Delete the {row._meta.verbose_name} {row}?" in asked
    for word in ("permission", "Are you sure", "Yes, I", "related"):
        assert word not in asked
    assert office.post(path, {"post": "yes"}).status_code == 302
    assert not type(row)._default_manager.filter(pk=row.pk).exists()
    logged = LogEntry.objects.get(object_id=str(row.pk), content_type__model=row._meta.model_name)
    assert logged.is_deletion()


@pytest.mark.parametrize("make", ROWS)
def test_what_the_list_offers_works(make: Callable[[], Model], office: Client) -> None:
    row = make()
    path = path_of(type(row), "changelist")
    if "delete_selected" not in office.get(path).content.decode():
        assert isinstance(row, Widget | Sender | ModelTrait)
        return
    body = {"action": "delete_selected", "_selected_action": [str(row.pk)]}
    asked = words(office.post(path, body))

    assert f"Delete 1 {row._meta.verbose_name}?" in asked
    assert str(row) in asked
    assert "Are you sure" not in asked
    office.post(path, body | {"post": "yes"})
    assert not type(row)._default_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    ("make", "goes"), [(used_widget, "Visitor tokens: 1"), (used_sender, "WhatsApp templates: 1")]
)
def test_the_question_says_what_goes_too(
    make: Callable[[], Model], goes: str, office: Client
) -> None:
    row = make()

    assert goes in words(office.get(path_of(type(row), "delete", row.pk)))


@pytest.mark.parametrize("make", [used_widget, used_sender])
def test_what_has_conversations_is_switched_off(make: Callable[[], Any], office: Client) -> None:
    row = make()
    factories.conversation()
    Conversation.objects.update(source=row.source)
    page = office.get(path_of(type(row), "change", row.pk)).content.decode()

    assert "/delete/" not in page
    assert "Switch it off there" in page
    assert path_of(type(row.source), "change", row.source.pk) in page
    refused = office.post(path_of(type(row), "delete", row.pk), {"post": "yes"})
    assert refused.status_code == 403
    assert type(row)._default_manager.filter(pk=row.pk).exists()
