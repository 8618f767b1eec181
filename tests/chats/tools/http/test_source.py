"""HTTP tools as assistants get them: from the rows, with what the server adds."""

from typing import Any
from uuid import uuid4

import pytest
from pytest_django import Settings

from chats import tools
from chats.models import HeaderSecret, HttpTool
from chats.selectors import header_secrets
from chats.tools.http.request import UnusableValueError
from chats.tools.http.source import SwitchedOffError, UnknownCustomerError
from chats.tools.registry import Effect, ToolContext
from conversations.models import Assistant, Conversation, Identity
from tests import factories
from tests.chats.tools.http.conftest import saved

pytestmark = pytest.mark.django_db
URL = "https://shop.example/orders/{order}"
ORDER = {"name": "order", "place": "path"}


@pytest.fixture
def conversation() -> Conversation:
    """Return a conversation with Victor."""
    return factories.conversation()


def context(conversation: Conversation) -> ToolContext:
    return ToolContext(
        call="call-1",
        run_id=uuid4(),
        conversation_id=conversation.pk,
        assistant_id=conversation.assistant_id,
        assistant_name="Ada",
        epoch=conversation.epoch,
        fence=1,
        at=factories.NOON,
    )


def prepared(row: HttpTool, conversation: Conversation, **arguments: Any) -> Any:
    tool = tools.find(row.name)
    assert tool is not None
    return tool.handler(context(conversation), arguments)


def test_is_offered_like_a_registered_tool() -> None:
    row = saved(URL, ORDER, effect="writing", approval="always", role="supervisor")
    assistant = Assistant(name="Ada", tools=["search_knowledge", row.name])
    _search, tool = tools.offer(assistant).tools
    assert (tool.name, tool.needs_approval, tool.role) == ("call_shop", True, "supervisor")
    assert tool.effect == Effect.WRITING
    assert tool.remote is not None
    assert row.name in tools.names()


def test_one_that_is_switched_off_is_out_of_order(conversation: Conversation) -> None:
    row = saved(URL, ORDER, is_active=False)
    offer = tools.offer(Assistant(name="Ada", tools=[row.name]))
    assert (offer.tools, offer.out_of_order) == ([], ["Call the shop"])
    with pytest.raises(SwitchedOffError):
        prepared(row, conversation, order="1")


def test_the_server_adds_what_it_knows_and_no_model_changes_it(conversation: Conversation) -> None:
    row = saved(
        URL,
        ORDER,
        {"name": "mail", "origin": "contact_email", "kind": "email"},
        {"name": "about", "origin": "conversation_id"},
        {"name": "lang", "origin": "fixed", "fixed_value": "sv"},
    )
    call = prepared(row, conversation, order="1", mail="other@example.com", lang="en")
    expected = f"?mail=victor%40example.com&about={conversation.pk}&lang=sv"
    assert call.request.url == f"https://shop.example/orders/1{expected}"


def test_an_external_id_is_only_sent_where_it_is_proven(conversation: Conversation) -> None:
    row = saved(URL, ORDER, {"name": "customer", "origin": "external_id"})
    with pytest.raises(UnusableValueError, match="customer is missing"):
        prepared(row, conversation, order="1")
    Identity.objects.update(is_verified=True, external_id="c-7")
    call = prepared(row, conversation, order="1")
    assert call.request.url == "https://shop.example/orders/1?customer=c-7"


def test_may_require_a_proven_identity(conversation: Conversation) -> None:
    row = saved(URL, ORDER, require_identity=True)
    with pytest.raises(UnknownCustomerError):
        prepared(row, conversation, order="1")
    Identity.objects.update(is_verified=True)
    assert prepared(row, conversation, order="1").request.url == "https://shop.example/orders/1"


@pytest.mark.parametrize(
    ("url", "is_sent"),
    [
        ("https://api.example.com/x", True),
        ("https://API.example.com.:443/x", True),
        ("https://api.example.com:8443/x", False),
        ("https://example.com/x", False),
        ("https://evil-api.example.com/x", False),
        ("https://api.example.com.evil.example/x", False),
        ("https://api.example.com@evil.example/x", False),
        ("http://api.example.com/x", False),
    ],
)
def test_a_secret_goes_to_its_host_alone(url: str, *, is_sent: bool) -> None:
    HeaderSecret.objects.create(host="api.example.com", name="X-Key", value="s3cret-token")
    assert header_secrets.headers_for(url) == ({"X-Key": "s3cret-token"} if is_sent else {})


def test_without_tls_only_a_host_that_the_operator_named_gets_its_secret(
    settings: Settings,
) -> None:
    HeaderSecret.objects.create(host="127.0.0.1:8123", name="X-Key", value="s3cret-token")
    url = "http://127.0.0.1:8123/orders"
    assert header_secrets.headers_for(url) == {}
    settings.OUTGOING_ALLOW = frozenset({("127.0.0.1", 8123)})
    assert header_secrets.headers_for(url) == {"X-Key": "s3cret-token"}


def test_a_secret_is_encrypted_at_rest() -> None:
    HeaderSecret.objects.create(host="api.example.com", name="X-Key", value="s3cret-token")
    (stored,) = HeaderSecret.objects.extra(select={"raw": "value"}).values_list("raw")[0]
    assert "s3cret" not in stored
