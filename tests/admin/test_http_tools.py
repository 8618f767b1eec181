"""HTTP tools in the admin: made with a form, tried for real, and added from a description."""

import json
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from pytest_httpserver import HTTPServer

from chats.models import HeaderSecret, HttpTool
from tests.api import clients
from tests.chats.tools.http.conftest import saved, shop
from tests.chats.tools.http.test_openapi import SHOP

__all__ = ["shop"]

LIST = "/admin/chats/httptool/"
TOOL = {
    "title": "Look up an order",
    "name": "look_up_order",
    "description": "Looks up an order by its number.",
    "is_active": "on",
    "method": "GET",
    "url": "https://shop.example/orders/{order}",
    "body_format": "json",
    "timeout": "15",
    "effect": "reading",
    "approval": "",
    "role": "agent",
    "summary": "",
}
FIELD = {"name": "order", "kind": "text", "place": "path", "origin": "model", "is_required": "on"}


def body(*fields: dict[str, str], **values: str) -> dict[str, str]:
    """Return what the form sends for a tool with these fields."""
    rows = {
        f"fields-{number}-{name}": value
        for number, one in enumerate(fields)
        for name, value in one.items()
    }
    management = {"fields-TOTAL_FORMS": str(len(fields)), "fields-INITIAL_FORMS": "0"}
    return {**TOOL, **values, **management, **rows}


def logged() -> LogEntry:
    """Return what was written down about tools, once."""
    return LogEntry.objects.get(content_type__model="httptool")


def errors(page: Any) -> str:
    """Return all that a page of the form says is wrong."""
    form = page.context["adminform"].form
    formset = page.context["inline_admin_formsets"][0].formset
    return json.dumps([form.errors, formset.errors, formset.non_form_errors()], default=str)


def test_a_tool_is_made_with_a_form_and_logged(office: Client) -> None:
    page = office.post(f"{LIST}add/", body(FIELD))
    assert page.status_code == 302, errors(page)
    row = HttpTool.objects.get()
    assert (row.approval, row.fields.get().name) == ("never", "order")
    assert logged().object_repr == "Look up an order"
    assert office.get(f"{LIST}{row.pk}/change/").status_code == 200


def test_a_writing_tool_asks_a_person_unless_told_otherwise(office: Client) -> None:
    office.post(f"{LIST}add/", body(FIELD, effect="writing", method="POST"))
    office.post(f"{LIST}add/", body(FIELD, name="b", effect="writing", approval="never"))
    assert dict(HttpTool.objects.values_list("name", "approval")) == {
        "look_up_order": "always",
        "b": "never",
    }


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ({"url": "https://shop.example/orders"}, {}, "no {order} in its path"),
        ({"url": "https://shop.example/{order}/{page}"}, {}, "The path names {page}"),
        ({"url": "https://shop.example/{order}?p={page}"}, {}, "The query names {page}"),
        ({"url": "/orders/{order}"}, {}, "whole address"),
        ({"url": "ftp://shop.example/{order}"}, {}, "whole address"),
        ({"url": "https://{order}.shop.example/"}, {}, "scheme and host as they are"),
        ({"url": "https://shop.example:{order}/"}, {}, "scheme and host as they are"),
        ({"url": "https://a:b@shop.example/{order}"}, {}, "secret header"),
        ({"url": "https://shop.example/{order"}, {}, "brace"),
        ({"url": "https://shop.example/{order}#x"}, {}, "Leave out #"),
        ({"url": "https://sh op.example/{order}"}, {}, "host is none"),
        ({"name": "search_knowledge"}, {}, "has this name already"),
        ({"name": "look up"}, {}, "letters, digits"),
        ({"method": "DELETE"}, {}, "changes something"),
        ({"result_paths": "a..b"}, {}, "is no path"),
        ({"summary": "Refund {amount}"}, {}, "There are: order"),
        ({}, {"is_required": ""}, "always required"),
        ({}, {"kind": "choice"}, "at least one choice"),
        ({}, {"minimum": "5", "maximum": "1"}, "at least the minimum"),
        ({}, {"name": "or der"}, "letters, digits"),
        ({}, {"place": "body"}, "A GET has no body"),
        ({}, {"place": "header", "target": "Authorization"}, "secret header"),
        ({}, {"place": "header", "target": "Host"}, "writes Host itself"),
        ({}, {"origin": "fixed"}, "value that is always sent"),
    ],
)
def test_says_what_would_be_right(
    office: Client, values: dict[str, str], field: dict[str, str], reason: str
) -> None:
    page = office.post(f"{LIST}add/", body({**FIELD, **field}, **values))
    assert page.status_code == 200
    assert reason in errors(page)
    assert not HttpTool.objects.exists()


def test_two_fields_do_not_stand_at_one_place(office: Client) -> None:
    inner = {**FIELD, "name": "city", "place": "body", "target": "address.city"}
    outer = {**FIELD, "name": "address", "place": "body"}
    page = office.post(f"{LIST}add/", body(FIELD, inner, outer, method="POST", effect="writing"))
    assert "stands at" in errors(page)


def test_the_name_of_a_tool_stays(office: Client) -> None:
    row = saved("https://shop.example/")
    office.post(
        f"{LIST}{row.pk}/change/", {**body(), "url": row.url, "name": "other", "approval": "never"}
    )
    row.refresh_from_db()
    assert (row.name, row.title) == ("call_shop", "Look up an order")


def test_tools_are_switched_off_together(office: Client) -> None:
    row = saved("https://shop.example/")
    office.post(LIST, {"action": "switch_off", "_selected_action": [str(row.pk)]})
    row.refresh_from_db()
    assert not row.is_active


def test_a_secret_is_entered_replaced_and_never_shown(office: Client) -> None:
    where = "/admin/chats/headersecret/"
    first = {"host": "API.Shop.Example:443", "name": "Authorization", "value": "Bearer s3cret"}
    office.post(f"{where}add/", first)
    row = HeaderSecret.objects.get()
    assert (row.host, row.value) == ("api.shop.example", "Bearer s3cret")
    again = office.post(
        f"{where}add/", {**first, "host": "api.shop.example", "name": "AUTHORIZATION"}
    )
    assert "has a secret" in again.content.decode()
    page = office.get(f"{where}{row.pk}/change/").content.decode()
    assert "s3cret" not in page + office.get(where).content.decode()
    office.post(f"{where}{row.pk}/change/", {"host": "evil.example", "name": "X-Key", "value": ""})
    row.refresh_from_db()
    assert (row.host, row.name, row.value) == ("api.shop.example", "X-Key", "Bearer s3cret")
    assert "s3cret" not in str(list(LogEntry.objects.values()))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"host": "https://shop.example"}, "host alone"),
        ({"host": "shop.example/x"}, "host alone"),
        ({"host": "a@shop.example"}, "host alone"),
        ({"name": "X Key"}, "header"),
        ({"name": "Host"}, "writes Host itself"),
        ({"value": "a\r\nX: y"}, "one line"),
        ({"value": ""}, "Enter the value"),
    ],
)
def test_a_secret_has_a_host_a_name_and_a_value(
    office: Client, change: dict[str, str], reason: str
) -> None:
    whole = {"host": "shop.example", "name": "X-Key", "value": "s3cret", **change}
    page = office.post("/admin/chats/headersecret/add/", whole)
    assert reason in page.content.decode()
    assert not HeaderSecret.objects.exists()


def test_a_trial_really_calls_and_shows_what_the_model_would_get(
    office: Client, shop: HTTPServer
) -> None:
    shop.expect_request("/orders/7").respond_with_json({"total": 5, "cost": 1})
    HeaderSecret.objects.create(host=f"127.0.0.1:{shop.port}", name="X-Key", value="s3cret-token")
    row = saved(
        shop.url_for("/orders/{order}"),
        {"name": "order", "place": "path"},
        {"name": "mail", "origin": "contact_email", "kind": "email", "is_required": False},
        result_paths="total",
    )
    url = f"{LIST}{row.pk}/try/"
    assert "The server gives this" in office.get(url).content.decode()
    page = office.post(url, {"trial-order": "7"})
    trial = page.context["trial"]
    assert (trial.status, json.loads(trial.result)) == (200, {"total": 5})
    assert json.loads(trial.answer) == {"total": 5, "cost": 1}
    assert ("X-Key", "•••") in trial.headers
    assert "s3cret" not in page.content.decode()
    assert shop.log[0][0].headers["X-Key"] == "s3cret-token"
    refused = office.post(url, {"trial-order": "../x"})
    assert "holds a slash" in refused.content.decode()
    assert len(shop.log) == 1


def test_a_trial_that_writes_is_confirmed_first_and_logged(
    office: Client, shop: HTTPServer
) -> None:
    shop.expect_request("/refunds", "POST").respond_with_data("broken", status=500)
    row = saved(shop.url_for("/refunds"), method="POST", effect="writing")
    url = f"{LIST}{row.pk}/try/"
    assert "Confirm" in office.post(url, {"send": "yes"}).content.decode()
    assert not shop.log
    page = office.post(url, {"trial-_sure": "on"})
    assert "unknown whether this took effect" in page.content.decode()
    assert logged().get_change_message() == "Sent a trial call."


def test_a_trial_says_why_nothing_was_sent(office: Client, settings: Settings) -> None:
    settings.OUTGOING_ALLOW = frozenset()
    row = saved("http://127.0.0.1:8123/")
    page = office.post(f"{LIST}{row.pk}/try/", {"send": "yes"})
    assert "OUTGOING_ALLOW" in page.context["trial"].problem


def test_tools_are_added_from_a_description_at_an_address(office: Client, shop: HTTPServer) -> None:
    shop.expect_request("/openapi.json").respond_with_json(SHOP)
    url = reverse("admin:chats_httptool_add_from_openapi")
    assert office.get(url).status_code == 200
    page = office.post(url, {"address": shop.url_for("/openapi.json")})
    described = page.context["described"]
    assert described.usable[0].key == "get /orders/{order-id}"
    assert "put /files" in page.content.decode()
    key = page.context["key"]
    nothing = office.post(url, {"described": key})
    assert "at least one" in nothing.content.decode()
    done = office.post(url, {"described": key, "operation": ["get /orders/{order-id}"]})
    assert done.status_code == 302
    row = HttpTool.objects.get()
    assert (row.name, row.url) == ("orders_get", shop.url_for("/v1/orders/{order_id}"))
    assert logged().object_repr == "Look up an order"


def test_tools_are_added_from_a_file(office: Client) -> None:
    url = reverse("admin:chats_httptool_add_from_openapi")
    file = SimpleUploadedFile("shop.json", json.dumps(SHOP).encode())
    page = office.post(url, {"file": file, "server": "https://api.shop.example"})
    assert page.context["described"].name == "Shop"
    broken = SimpleUploadedFile("shop.json", b"{")
    assert "no valid JSON" in office.post(url, {"file": broken}).content.decode()
    assert "Enter an address" in office.post(url, {"address": ""}).content.decode()
    gone = office.post(url, {"described": "nothing", "operation": ["x"]})
    assert "once more" in gone.content.decode()


def test_a_private_address_of_a_description_is_not_fetched(
    office: Client, shop: HTTPServer, settings: Settings
) -> None:
    settings.OUTGOING_ALLOW = frozenset()
    url = reverse("admin:chats_httptool_add_from_openapi")
    page = office.post(url, {"address": shop.url_for("/openapi.json")})
    assert "OUTGOING_ALLOW" in page.content.decode()
    assert not shop.log


def test_the_api_shows_them_among_all_tools(dora: User) -> None:
    saved("https://shop.example/", effect="writing", approval="always", role="supervisor")
    found = clients.browser(dora).get(f"{clients.V1}/tools/").json()["results"]
    (tool,) = [one for one in found if one["name"] == "call_shop"]
    assert (tool["effect"], tool["needs_approval"], tool["role"]) == ("writing", True, "supervisor")


@pytest.mark.parametrize("page", ["", "add/", "openapi/"])
def test_only_administrators_see_them(carol: User, page: str) -> None:
    client = Client()
    client.force_login(carol)
    response = client.get(f"{LIST}{page}")
    assert response.status_code == 302
    assert "/admin/login/" in response["Location"]
