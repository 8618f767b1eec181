"""Answers: what a model gets of them."""

from typing import Any

import pytest

from chats.tools.http import mapping

ORDERS: dict[str, Any] = {
    "orders": [
        {"number": "1", "total": {"amount": 5, "tax": 1}, "secret": "x"},
        {"number": "2", "total": {"amount": 7, "tax": 2}},
    ],
    "page": 1,
}


@pytest.mark.parametrize(
    ("paths", "picked"),
    [
        ([], ORDERS),
        (["page"], {"page": 1}),
        (
            ["orders.number", "orders.total.amount"],
            {
                "orders": [
                    {"number": "1", "total": {"amount": 5}},
                    {"number": "2", "total": {"amount": 7}},
                ]
            },
        ),
        (["orders.1.number", "orders.9"], {"orders": [{"number": "2"}]}),
        (["nothing", "page.deeper"], {"page": None}),
    ],
)
def test_picks_parts_in_their_places(paths: list[str], picked: Any) -> None:
    assert mapping.picked(ORDERS, paths) == picked


@pytest.mark.parametrize(
    ("data", "kind", "content"),
    [
        (b'{"a": 1}', "application/json", {"a": 1}),
        (b'{"a": 1}', "application/problem+json; charset=utf-8", {"a": 1}),
        (b"[1]", "", [1]),
        (b"{broken", "application/json", "{broken"),
        ("Gr\u00f6n".encode("latin-1"), "text/plain; charset=iso-8859-1", "Gr\u00f6n"),
        (b"<script>x</script><h1>Hi</h1><p>you", "text/html", "Hi\nyou"),
        (b"%PDF", "application/pdf", {"file": "application/pdf", "bytes": 4}),
        (b"", "application/json", {"status": "done"}),
    ],
)
def test_reads_what_it_is(data: bytes, kind: str, content: Any) -> None:
    assert mapping.content(data, kind) == content


def test_hides_secrets_that_come_back() -> None:
    said = {"headers": {"Authorization": "Bearer s3cret-token"}, "list": ["x s3cret-token y"]}
    hidden = mapping.without(said, ["Bearer s3cret-token"])
    assert "s3cret" not in str(hidden)
    assert hidden["list"] == ["x ••• y"]
