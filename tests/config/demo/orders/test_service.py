"""The order service: what it tells, does once and refuses."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from PIL import Image

from tests.config.demo.orders.servers import OrderServer, order_server

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def process() -> Iterator[OrderServer]:
    with order_server() as server:
        yield server


@pytest.fixture
def orders(process: OrderServer) -> OrderServer:
    process.reset()
    return process


def test_knows_an_order(orders: OrderServer) -> None:
    order = orders.client.get("/orders/ord-12345").json()

    assert order["customer"]["name"] == "Maya Lindqvist"
    assert order["payment"] == {
        "method": "card",
        "state": "paid",
        "paid": 189.0,
        "refunded": 0.0,
        "refundable": 189.0,
    }
    assert (order["total"], order["status"]) == (189.0, "delivered")
    assert order["address"]["town"] == "Malmö"
    assert order["dates"]["delivered"] == "2026-11-19"
    assert order["message"] == "ORD-12345 was delivered on 19 November."
    assert orders.counts()["lookups"] == 1


def test_knows_the_orders_of_a_customer_and_enough_of_them(orders: OrderServer) -> None:
    found = orders.client.get("/orders", params={"email": "Maya@Lindqvist.example"}).json()

    assert [row["number"] for row in found["orders"]] == ["ORD-12346", "ORD-12345", "ORD-19655"]
    assert found["orders"][0]["items"] == "2 Lykta lantern"
    assert orders.client.get("/orders", params={"email": "no@body.example"}).json()["count"] == 0
    assert orders.client.get("/health").json()["orders"] >= 30


def test_gives_money_back_and_says_so_in_the_order(orders: OrderServer) -> None:
    answer = orders.refund(100.5)

    assert answer.status_code == 201
    assert (answer.json()["refund"], answer.json()["state"]) == ("REF-000001", "accepted")
    assert answer.json()["message"].startswith("A refund of €100.50 for ORD-12345 was accepted.")
    payment = orders.client.get("/orders/ORD-12345").json()["payment"]
    assert (payment["state"], payment["refundable"]) == ("partly refunded", 88.5)
    assert orders.refund(88.5).json()["left"] == 0
    assert orders.counts()["refunds"] == 2


def test_does_the_same_once_under_one_key(orders: OrderServer) -> None:
    first, second = orders.refund(20, key="k1"), orders.refund(20, key="k1")

    assert first.json() == second.json()
    assert (first.status_code, second.status_code) == (201, 201)
    assert [effect["idempotency_key"] for effect in orders.effects()] == ["k1"]
    assert (orders.counts()["refunds"], orders.counts()["repeated"]) == (1, 1)
    other = orders.refund(21, key="k1")
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")


def test_sends_an_order_elsewhere_until_it_has_left(orders: OrderServer) -> None:
    office = {"street": "Sveavägen 44", "postcode": "111 34", "town": "Stockholm"}
    answer = orders.client.put("/orders/ORD-12346/address", json=office)

    assert answer.json()["message"] == "ORD-12346 is sent to Sveavägen 44, 111 34 Stockholm."
    assert orders.client.get("/orders/ORD-12346").json()["address"] == office | {
        "country": "Sweden"
    }
    late = orders.client.put("/orders/ORD-12345/address", json=office)
    assert late.status_code == 409
    assert late.json()["error"].startswith("ORD-12345 was delivered on 19 November: its address")
    assert orders.counts()["address_changes"] == 1


@pytest.mark.parametrize(
    ("order", "amount", "status", "sentence"),
    [
        ("ORD-99999", 5, 404, "There is no order ORD-99999"),
        ("ORD-12345", 189.01, 422, "€189.01 is more than can be refunded"),
        ("ORD-12345", 0.001, 422, "amount must be a number of euros"),
        ("ORD-12345", "a lot", 422, "amount must be a number of euros"),
        ("ORD-12345", True, 422, "amount must be a number of euros"),
        ("ORD-12345", -1, 422, "amount must be a number of euros"),
        ("ORD-20842", 5, 409, "ORD-20842 was not paid yet"),
    ],
)
def test_says_why_it_refuses_a_refund(
    orders: OrderServer, order: str, amount: object, status: int, sentence: str
) -> None:
    answer = orders.refund(amount, order=order)

    assert answer.status_code == status
    assert answer.json()["error"].startswith(sentence)
    assert not orders.effects()


def test_refunds_nothing_twice(orders: OrderServer) -> None:
    orders.refund()
    again = orders.refund()

    assert (again.status_code, again.json()["code"]) == (409, "already_refunded")


def test_needs_the_key_and_a_name_of_this_machine(orders: OrderServer) -> None:
    with httpx.Client(base_url=orders.url, trust_env=False) as stranger:
        refused = stranger.get("/orders/ORD-12345")
        described = stranger.get("/openapi.json").json()
    elsewhere = orders.client.get("/counts", headers={"host": "shop.example:80"})

    assert (refused.status_code, refused.json()["code"]) == (401, "key_missing")
    assert described["servers"] == [{"url": orders.url}]
    assert elsewhere.status_code == 403


def test_shows_a_picture_of_a_product(orders: OrderServer) -> None:
    answer = orders.client.get("/products/fjord/picture")

    assert answer.headers["content-type"] == "image/png"
    assert Image.open(BytesIO(answer.content)).size == (320, 320)
    assert answer.content == orders.client.get("/products/fjord/picture").content
    assert orders.client.get("/products/sofa/picture").status_code == 404


def test_breaks_on_request_with_and_without_doing_it(orders: OrderServer) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        orders.refund(1, key="lost", fault="cut=1")
    assert orders.counts()["refunds"] == 1
    assert orders.refund(1, key="lost", fault="cut=1").json()["refund"] == "REF-000001"
    assert orders.refund(1, key="never", fault="503").status_code == 503
    with pytest.raises(httpx.RemoteProtocolError):
        orders.refund(1, key="never", fault="cut-before")
    assert orders.refund(1, key="done", fault="500-after").status_code == 500
    assert orders.counts()["refunds"] == 2


def test_answers_too_much_elsewhere_or_in_another_language_on_request(orders: OrderServer) -> None:
    def look(fault: str) -> httpx.Response:
        return orders.client.get("/orders/ORD-12345", params={"fault": fault})

    assert len(look("huge=2").content) > 2_000_000
    assert look("redirect=http://192.0.2.1/").headers["location"] == "http://192.0.2.1/"
    assert look("no-json").headers["content-type"] == "text/html"
    marked = orders.client.get("/orders/ORD-12345?note=[orders:500]")
    assert marked.status_code == 500


def test_a_caller_need_not_wait_for_a_slow_answer(orders: OrderServer) -> None:
    with pytest.raises(httpx.ReadTimeout):
        orders.client.get("/orders/ORD-12345?fault=hang", timeout=0.2)
    assert orders.counts()["lookups"] == 1


def test_a_restart_forgets_nothing_that_was_done(tmp_path: Path) -> None:
    file = tmp_path / "done.jsonl"
    with order_server(file) as first:
        answer = first.refund(100, key="k1").json()
    with order_server(file) as second:
        assert second.refund(100, key="k1").json() == answer
        assert second.counts()["refunds"] == 1
        assert second.client.get("/orders/ORD-12345").json()["payment"]["refunded"] == 100


def test_describes_every_operation(orders: OrderServer) -> None:
    described = orders.client.get("/openapi.json").json()
    operations = [one for path in described["paths"].values() for one in path.values()]

    assert [one["operationId"] for one in operations] == [
        "get_order",
        "find_orders",
        "refund_order",
        "change_address",
        "product_picture",
    ]
    assert all(one["summary"] and one["description"] for one in operations)
    names = {name for one in operations for name in str(one).split("#/components/schemas/")[1:]}
    assert {name.partition("'")[0] for name in names} <= set(described["components"]["schemas"])
