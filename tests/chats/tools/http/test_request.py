"""Requests: values stay in their place, whatever they are."""

from typing import Any

import pytest

from chats.models import HttpToolField
from chats.tools.http import request
from chats.tools.http.request import UnusableValueError
from tests.chats.tools.http.conftest import field, tool

ORDER = "https://shop.example/orders/{order}/refund"
PATH = field("order", place="path")


def url(template: str, fields: list[HttpToolField], **values: Any) -> str:
    return request.build(tool(template), fields, values, key="k").url


def test_puts_values_into_path_and_query() -> None:
    fields = [PATH, field("since", place="query", kind="date"), field("tag", place="query")]
    found = url(ORDER, fields, order="ORD-1", since="2026-11-20", tag="a&b=c#d é")
    assert found == (
        "https://shop.example/orders/ORD-1/refund?since=2026-11-20&tag=a%26b%3Dc%23d%20%C3%A9"
    )


def test_leaves_out_optional_values_that_are_missing_with_their_names() -> None:
    fields = [field("page", place="query", is_required=False), field("lang", place="query")]
    found = url("https://shop.example/?page={page}&lang={lang}&sort=new", fields, lang="sv")
    assert found == "https://shop.example/?lang=sv&sort=new"


@pytest.mark.parametrize(
    "value",
    [
        *("..", ".", "../admin", "a/b", "a\\b", "%2e%2e", "%252e%252e", "%2f", "%252F", "%5c"),
        *(
            " ..",
            ".. ",
            "..;x",
            "\uff0e\uff0e",
            "\uff0f",
            "a\x00b",
            "a\r\nHost: evil",
            "%0d%0a",
            "",
            " ",
            "\uff0e%2e",
        ),
        "..%c0%af/x",
    ],
)
def test_no_value_leads_to_another_path(value: str) -> None:
    with pytest.raises(UnusableValueError):
        url(ORDER, [PATH], order=value)


@pytest.mark.parametrize(
    "value",
    ["?admin=1", "#x", "@evil.example", "a:b", "a;b", "//evil.example"[2:], "åäö", "{order}", "%"],
)
def test_odd_values_stay_one_segment_of_the_same_host(value: str) -> None:
    found = url(ORDER, [PATH], order=value)
    host, _, rest = found.removeprefix("https://").partition("/")
    assert host == "shop.example"
    assert len(rest.split("/")) == 3
    assert not set("?#@") & set(rest)


def test_two_values_do_not_make_a_way_upwards_together() -> None:
    fields = [field("a", place="path"), field("b", place="path")]
    with pytest.raises(UnusableValueError, match="part of the path"):
        url("https://shop.example/x/{a}{b}/y", fields, a=".", b=".")


def test_what_an_administrator_chose_may_hold_a_slash() -> None:
    fields = [field("repository", place="path", kind="choice", choices="shop/web\nshop/app")]
    found = url("https://shop.example/{repository}/issues", fields, repository="shop/web")
    assert found == "https://shop.example/shop%2Fweb/issues"


def test_writes_a_nested_body_and_names_the_call() -> None:
    fields = [
        PATH,
        field("amount", place="body", kind="number"),
        field("city", place="body", target="address.city"),
        field("lines", place="body", kind="list"),
        field("channel", place="body", origin="fixed", fixed_value="parley"),
        field("note", place="body", is_required=False),
    ]
    values = {"order": "1", "amount": 12.5, "city": "Göteborg", "lines": ["a"], "channel": "evil"}
    made = request.build(tool(ORDER, method="POST", effect="writing"), fields, values, key="c-1")
    assert made.headers["Idempotency-Key"] == "c-1"
    assert made.headers["Content-Type"] == "application/json"
    assert made.content.decode() == (
        '{"amount":12.5,"address":{"city":"Göteborg"},"lines":["a"],"channel":"parley"}'
    )


def test_writes_a_form() -> None:
    fields = [field("name", place="body"), field("tags", place="body", kind="list")]
    made = request.build(
        tool("https://shop.example/", method="POST", body_format="form"),
        fields,
        {"name": "A & B", "tags": ["x", "y"]},
        key="k",
    )
    assert made.content == b"name=A+%26+B&tags=x&tags=y"


@pytest.mark.parametrize("value", ["a\r\nX: y", "é", "a\x00", " a"])
def test_no_value_adds_a_header(value: str) -> None:
    fields = [field("version", place="header", target="X-Version")]
    with pytest.raises(UnusableValueError, match="ASCII"):
        request.build(tool("https://shop.example/"), fields, {"version": value}, key="k")


@pytest.mark.parametrize(
    ("kind", "value"),
    [("date", "20 November"), ("date", 7), ("email", "maya"), ("integer", "x"), ("number", "x")],
)
def test_a_value_is_of_its_fields_kind(kind: str, value: object) -> None:
    with pytest.raises(UnusableValueError, match=f"is no {kind}"):
        url("https://shop.example/", [field("value", kind=kind)], value=value)


def test_says_what_is_missing() -> None:
    with pytest.raises(UnusableValueError, match="order is missing"):
        url(ORDER, [PATH])


def test_an_address_has_an_end() -> None:
    with pytest.raises(UnusableValueError, match="too long"):
        url("https://shop.example/", [field("words", place="query")], words="x" * 9000)
