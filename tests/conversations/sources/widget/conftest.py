"""A shop's widget, and the frame that talks to it."""

from typing import Any

import orjson
import pytest
from django.conf import LazySettings
from django.test import Client

from conversations.sources.widget import KIND
from conversations.sources.widget.identity import sign
from conversations.sources.widget.models import Widget
from tests.factories import AssistantFactory, SourceFactory

SHOP = "https://shop.example"


class Frame:
    """The widget's frame in one browser: its calls carry its origin and its token."""

    def __init__(self, widget: Widget) -> None:
        self.widget = widget
        self.client = Client()
        self.token = ""
        self.address = "203.0.113.7"
        self.headers: dict[str, str] = {"Origin": "http://testserver"}

    def call(self, method: str, path: str, body: Any = None) -> Any:
        headers = dict(self.headers)
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return self.client.generic(
            method,
            f"/widget/{self.widget.key}/{path}",
            data=b"" if body is None else orjson.dumps(body),
            content_type="application/json",
            headers=headers,
            REMOTE_ADDR=self.address,
        )

    def post(self, path: str, body: Any = None) -> Any:
        return self.call("POST", path, {} if body is None else body)

    def get(self, path: str) -> Any:
        return self.call("GET", path)

    def open(self, **body: Any) -> dict[str, Any]:
        """Open the session and keep its token."""
        response = self.post("session", body)
        assert response.status_code == 200, response.content
        session: dict[str, Any] = response.json()
        self.token = session["token"]
        return session

    def start(self, **body: Any) -> str:
        """Begin a conversation; return its id."""
        response = self.post("conversations", body)
        assert response.status_code == 201, response.content
        return str(response.json()["id"])

    def say(self, conversation: str, text: str, **body: Any) -> Any:
        return self.post(f"conversations/{conversation}/messages", {"text": text, **body})

    def identity(self, external_id: str, **details: Any) -> dict[str, Any]:
        """Return the identity that the shop's server signs for a signed-in customer."""
        signature = sign(secret=self.widget.secret, external_id=external_id)
        return {"external_id": external_id, "signature": signature, **details}


def make_widget(name: str = "Nordhem", **fields: Any) -> Widget:
    """Make a widget with an assistant of its own."""
    assistant = AssistantFactory.create(greeting="Hi! How can I help with your order?")
    source = SourceFactory.create(kind=KIND, name=name, assistant=assistant)
    return Widget.objects.create(source=source, brand=name, allowed_origins=[SHOP], **fields)


@pytest.fixture(autouse=True)
def _no_pause(settings: LazySettings) -> None:
    """Let a visitor write at once, but where the pause itself is tested."""
    settings.SEND_INTERVAL_SECONDS = 0


@pytest.fixture
def widget(db: None) -> Widget:
    """The widget of Nordhem, a lamp shop."""
    return make_widget()


@pytest.fixture
def victor(widget: Widget) -> Frame:
    """Victor's browser, his session open."""
    frame = Frame(widget)
    frame.open()
    return frame


@pytest.fixture
def stranger(widget: Widget) -> Frame:
    """Another visitor's browser at the same widget."""
    frame = Frame(widget)
    frame.open()
    return frame
