"""The demo's tools: where they lead, and what is left to people."""

import pytest
from pytest_django import Settings

from chats.models import HeaderSecret, HttpTool
from config.demo.data import tools


@pytest.mark.django_db
def test_tools_follow_the_service_and_keep_what_a_person_changed(settings: Settings) -> None:
    settings.DEMO_ORDERS_URL = "http://127.0.0.1:8003"
    tools.load()
    HttpTool.objects.filter(name="get_order").update(url="https://shop.example/orders/{id}")
    HttpTool.objects.filter(name="refund_order").update(title="Money back")
    settings.DEMO_ORDERS_URL = "http://127.0.0.1:8004"
    tools.load()
    tools.load()

    urls = dict(HttpTool.objects.values_list("name", "url"))
    assert urls == {
        "get_order": "https://shop.example/orders/{id}",
        "find_orders": "http://127.0.0.1:8004/orders",
        "refund_order": "http://127.0.0.1:8004/orders/{order_number}/refunds",
        "change_address": "http://127.0.0.1:8004/orders/{order_number}/address",
    }
    assert HttpTool.objects.get(name="refund_order").title == "Money back"
    assert [secret.host for secret in HeaderSecret.objects.all()] == ["127.0.0.1:8004"]
