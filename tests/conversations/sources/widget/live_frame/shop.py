"""Helpers of the live widget's tests: a shop, its chat, a colleague who answers."""

import re
import threading
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import FrameLocator, Page

from tests.servers.parley import AppProcesses

PATIENCE = 20_000


def is_grave(line: Any) -> bool:
    """Return whether a line of the console is more than a lost network."""
    return line.type == "error" and not re.search(r"net::ERR|WebSocket", line.text)


def chat(page: Page) -> FrameLocator:
    return page.frame_locator("#parley iframe")


def begin(page: Page) -> FrameLocator:
    """Open the chat and leave its form empty."""
    page.locator("#parley .launcher").click()
    frame = chat(page)
    frame.get_by_role("button", name="Start chat").click()
    return frame


def say(frame: FrameLocator | Page, text: str) -> None:
    frame.get_by_role("textbox", name="Message").fill(text)
    frame.get_by_role("textbox", name="Message").press("Enter")


def answers(frame: FrameLocator) -> Any:
    """Return the assistant's messages, without the greeting."""
    return frame.locator(".message--assistant[data-position]:not([data-position='0'])")


class site:  # noqa: N801 - reads as a function
    """Serve a folder as a site of its own origin."""

    def __init__(self, folder: Path) -> None:
        handler = partial(Quiet, directory=str(folder))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)

    def __enter__(self) -> str:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_port}"

    def __exit__(self, *reason: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and writes no log."""

    log_message: Callable[..., None] = staticmethod(lambda *args: None)


class Colleague:
    """Alice at the API."""

    def __init__(self, client: httpx.Client) -> None:
        """Work with ``client``, in which she has signed in."""
        self._client = client

    def read(self, conversation: str) -> list[dict[str, Any]]:
        """Return the messages of a conversation, oldest first."""
        said: list[dict[str, Any]] = self._get(conversation, "messages/")
        return [message for message in said if message["kind"] == "message"]

    def variables(self, conversation: str) -> dict[str, str]:
        """Return the variables of a conversation, by name."""
        return {one["name"]: one["value"] for one in self._get(conversation, "variables/")}

    def post(self, conversation: str, verb: str, body: dict[str, Any] | None = None) -> None:
        path = f"/api/v1/conversations/{conversation}/{verb}"
        response = self._client.post(path, json=body or {})
        assert response.is_success, response.text

    def pause(self, conversation: str) -> None:
        """Pause the assistant."""
        path = f"/api/v1/conversations/{conversation}/assistant"
        assert self._client.put(path, json={"switch": "paused"}).is_success

    def _get(self, conversation: str, part: str) -> Any:
        response = self._client.get(f"/api/v1/conversations/{conversation}/{part}")
        assert response.is_success, response.text
        return response.json()["results"]


def change(app: AppProcesses, key: str, **fields: Any) -> None:
    """Configure the widget as an administrator would."""
    code = (
        "from conversations.sources.widget.models import Widget; "
        f"Widget.objects.filter(key={key!r}).update(**{fields!r})"
    )
    app.manage("shell", "-c", code)


def another_widget(app: AppProcesses) -> str:
    """Add a widget without a form; return its key."""
    code = (
        "from conversations.models import Assistant, Source; "
        "from conversations.sources.widget.models import Widget; "
        "assistant = Assistant.objects.order_by('created_at')[0]; "
        "source = Source.objects.create(kind='web_widget', name='Plain', assistant=assistant); "
        "print(Widget.objects.create(source=source).key)"
    )
    return app.manage("shell", "-v", "0", "-c", code).strip()
