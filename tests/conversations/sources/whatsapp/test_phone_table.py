"""The demo's phone sends every row of the table, and Parley takes each in: over HTTP, signed."""

import pytest
from django.test import Client
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from channels_layer import times
from config.demo.graph import table
from config.demo.graph.table.row import LOGGED, Row
from conversations.models import Attachment, Message
from conversations.sources.whatsapp.models import Sender, WebhookEvent
from conversations.sources.whatsapp.services import events
from tests.conversations.sources.whatsapp.conftest import SECRET, make_sender
from tests.conversations.sources.whatsapp.graph import DemoGraphServer
from tests.servers.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

Call = tuple[bytes, str]


class Hook:
    """Where the phone's webhooks arrive, and from where they go on into Parley."""

    def __init__(self, sender: Sender) -> None:
        self.calls: list[Call] = []
        self.url = f"/webhooks/whatsapp/{sender.pk}"
        self.sender = sender
        self.client = Client(enforce_csrf_checks=True)

    def take(self, request: Request) -> Response:
        self.calls.append((request.get_data(), request.headers["X-Hub-Signature-256"]))
        return Response()

    def pass_on(self) -> None:
        """Give what came to Parley, and work it."""
        until(lambda: self.calls, within=5)
        body, signature = self.calls.pop(0)
        headers = {"X-Hub-Signature-256": signature}
        answer = self.client.post(self.url, body, content_type="application/json", headers=headers)
        assert answer.status_code == 200
        events.work(sender_id=self.sender.pk, clock=times.now)


@pytest.fixture
def hook(httpserver: HTTPServer, graph: DemoGraphServer) -> Hook:
    sender = make_sender(access_token="token", business_account_id="1")
    end = Hook(sender)
    httpserver.expect_request("/hook").respond_with_handler(end.take)
    graph.add(
        sender_id=sender.pk,
        phone_number_id=sender.phone_number_id,
        webhook=httpserver.url_for("/hook"),
        app_secret=SECRET,
        display_number=sender.display_number,
    )
    return end


def texts() -> str:
    """Return all that stands in the threads: words, and names of files."""
    said = [message.text for message in Message.objects.order_by("conversation_id", "position")]
    return "\n".join([*said, *Attachment.objects.values_list("name", flat=True)])


def words_of(row: Row) -> list[str]:
    """Return the lines of a row that stand in the thread itself, not on a card above it."""
    return row.staff.splitlines()[-1:]


def state_of(row: Row) -> str:
    """Return how far a row is worked; here Parley has sent nothing that a status is about."""
    if "errors" in row.value or row.type == "declined":
        return "failed"
    return "queued" if "$heard" in str(row.value) and LOGGED not in row.does else "done"


def test_every_row_arrives(hook: Hook, graph: DemoGraphServer) -> None:
    """That nothing else comes of a row is proved by ``test_table_worked``."""
    assert {one["name"] for one in graph.call("GET", "/phone/table")["rows"]} == set(table.BY_NAME)
    for row in table.ROWS:
        graph.phone("row", row=row.name)
        hook.pass_on()
        event = WebhookEvent.objects.order_by("-received_at", "-id")[0]
        assert event.state == state_of(row), f"{row.name}: {event.error}"
        assert "Error" not in event.error, f"{row.name}: {event.error}"
        assert event.about or event.state == "queued", row.name
        for line in words_of(row):
            assert line in texts(), row.name
    assert "secret" not in texts()
