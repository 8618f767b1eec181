"""MCP servers in the admin: an address, a look at the tools, acceptance, a trial."""

from collections.abc import Iterator

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from chats.models import McpServer, McpTool
from tests.fakes.mcp_server import FakeMcp, tool
from tests.servers.asgi import serving

State = McpTool.State


@pytest.fixture
def fake() -> FakeMcp:
    """Return the server of somebody else."""
    return FakeMcp()


@pytest.fixture
def url(fake: FakeMcp, settings: Settings) -> Iterator[str]:
    """Serve it."""
    with serving(fake) as port:
        settings.OUTGOING_ALLOW = frozenset({("127.0.0.1", port)})
        yield f"http://127.0.0.1:{port}/mcp"


def add(office: Client, url: str) -> str:
    body = {"name": "Shop", "prefix": "shop", "url": url, "seconds": "5", "is_active": "on"}
    page = office.post(reverse("admin:chats_mcpserver_add"), body, follow=True)
    return page.content.decode()


def act(office: Client, name: str, row: McpTool, **body: str) -> str:
    page = office.post(reverse(f"admin:mcp_{name}", args=[row.pk]), body, follow=True)
    return page.content.decode()


def test_an_address_is_saved_and_its_tools_are_shown(office: Client, url: str) -> None:
    page = add(office, url)

    assert "The server answered: it has 1 tool." in page
    for shown in ("Look up order", "shop_look_up_order", "Looks up an order.", "The order&#x27;s"):
        assert shown in page
    assert McpServer.objects.get().state == McpServer.State.CONNECTED
    assert McpTool.objects.get().state == State.NEW


@pytest.mark.parametrize(
    ("address", "why"),
    [("ftp://shop.example/", "must begin with https"), ("https://a:b@shop.example/", "password")],
)
def test_an_address_that_is_none_is_refused(office: Client, address: str, why: str) -> None:
    assert why in add(office, address)
    assert not McpServer.objects.exists()


def test_a_server_that_cannot_be_reached_is_kept_and_says_why(office: Client) -> None:
    page = add(office, "http://127.0.0.1/mcp")

    assert "127.0.0.1 leads to an address that is not public" in page
    assert McpServer.objects.get().state == McpServer.State.FAILED


def test_tools_are_accepted_one_by_one_and_all_at_once(
    office: Client, url: str, fake: FakeMcp
) -> None:
    fake.tools = [tool(name) for name in ("one", "two", "three")]
    add(office, url)
    server = McpServer.objects.get()
    one, *others = McpTool.objects.order_by("created_at", "id")
    assert "Accepted: One." in act(office, "accept", one, seen=one.found_hash)
    body = {f"seen-{row.pk}": row.found_hash for row in others}
    page = office.post(reverse("admin:mcp_accept_all", args=[server.pk]), body, follow=True)

    assert "Accepted: 2 tools." in page.content.decode()
    assert set(McpTool.objects.values_list("state", "accepted_by")) == {("accepted", "Dora")}
    assert LogEntry.objects.filter(change_message__contains="Accepted").count() == 3


def test_versions_stand_side_by_side_and_the_old_page_accepts_nothing(
    office: Client, url: str, fake: FakeMcp
) -> None:
    add(office, url)
    row = McpTool.objects.get()
    seen = row.found_hash
    act(office, "accept", row, seen=seen)
    fake.tools = [tool(description="Looks up an order. <script>Tell all.</script>")]
    server = reverse("admin:mcp_check", args=[row.server_id])
    assert "Compare" in office.post(server, follow=True).content.decode()
    page = office.get(reverse("admin:chats_mcptool_change", args=[row.pk])).content.decode()

    assert '<del class="versions__line">Looks up an order.</del>' in page
    new = "Looks up an order. &lt;script&gt;Tell all.&lt;/script&gt;"
    assert f'<ins class="versions__line">{new}</ins>' in page
    assert "Read it again before you accept it." in act(office, "accept", row, seen=seen)
    row.refresh_from_db()
    assert row.state == State.CHANGED


def test_a_trial_has_a_form_and_shows_what_the_assistant_would_get(
    office: Client, url: str, fake: FakeMcp
) -> None:
    address = {"type": "object", "properties": {"city": {"type": "string"}}}
    properties = {
        "number": {"type": "string"},
        "count": {"type": "integer"},
        "is_gift": {"type": "boolean"},
        "way": {"enum": ["air", "sea"]},
        "tags": {"type": "array", "items": {"type": "string"}},
        "to": address,
    }
    schema = {"type": "object", "properties": properties, "required": ["number"]}
    fake.tools = [tool(inputSchema=schema)]
    add(office, url)
    row = McpTool.objects.get()
    page = office.get(reverse("admin:mcp_try", args=[row.pk])).content.decode()
    assert all(f"argument-{name}" in page for name in properties)
    given = {
        "argument-number": "ORD-1",
        "argument-count": "2",
        "argument-is_gift": "false",
        "argument-way": "sea",
        "argument-tags": "a\n\nb",
        "argument-to": '{"city": "Kiel"}',
    }

    assert "It is on its way." in act(office, "try", row, **given)
    assert fake.calls[0]["arguments"] == {
        "number": "ORD-1",
        "count": 2,
        "is_gift": False,
        "way": "sea",
        "tags": ["a", "b"],
        "to": {"city": "Kiel"},
    }
    assert "Write JSON here" in act(office, "try", row, **{**given, "argument-to": "Kiel"})
    fake.result = {"content": [{"type": "text", "text": "No such order."}], "isError": True}
    assert "No such order." in act(office, "try", row, **given)
    assert len(fake.calls) == 2


def test_a_tool_is_switched_off_and_on_and_removed_when_it_is_gone(
    office: Client, url: str, fake: FakeMcp
) -> None:
    add(office, url)
    row = McpTool.objects.get()
    act(office, "accept", row, seen=row.found_hash)
    assert "Switched off." in act(office, "switch", row, on="no")
    row.refresh_from_db()
    assert not row.is_enabled
    act(office, "switch", row, on="yes")
    fake.tools = []
    office.post(reverse("admin:mcp_check", args=[row.server_id]))
    assert "Removed: Look up order." in act(office, "forget", row)
    assert not McpTool.objects.exists()


def test_nobody_else_comes_near(office: Client, alice: object, url: str) -> None:
    add(office, url)
    row = McpTool.objects.get()
    client = Client()
    client.force_login(alice)  # type: ignore[arg-type]
    for name in ("accept", "switch", "forget", "try"):
        address = reverse(f"admin:mcp_{name}", args=[row.pk])
        assert client.post(address, {"seen": row.found_hash}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.is_enabled) == (State.NEW, True)
