"""A visitor's own calls beside the frame, and a page whose session the server closes."""

from typing import Any
from uuid import uuid4

from playwright.sync_api import Page

from tests.servers.parley import AppProcesses


class Calls:
    """The frame's HTTP calls, made with the token that its page keeps."""

    def __init__(self, page: Page, key: str) -> None:
        """Make calls as the visitor who has the widget ``key`` open on ``page``."""
        self._page = page
        self._base = f"/widget/{key}/"
        self._token = page.evaluate(f"JSON.parse(localStorage.getItem('parley:{key}:token'))")

    def begin(self, text: str) -> str:
        """Begin a conversation with ``text``; return its id."""
        identifier: str = self._post("conversations", {"client_id": uuid4().hex})["id"]
        self._post(f"conversations/{identifier}/messages", {"text": text})
        return identifier

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        origin = self._page.evaluate("location.origin")
        headers = {"Authorization": f"Bearer {self._token}", "Origin": origin}
        answer = self._page.request.post(f"{self._base}{path}", data=body, headers=headers)
        assert answer.ok, answer.text()
        data: dict[str, Any] = answer.json()
        return data


def close_sessions(app: AppProcesses, key: str) -> None:
    """Revoke every token of a widget, as an administrator may."""
    code = (
        "from django.utils import timezone; "
        "from conversations.sources.widget.models import VisitorToken; "
        "from conversations.sources.widget.services import widgets; "
        f"tokens = VisitorToken.objects.filter(widget__key={key!r}); "
        "widgets.revoke_tokens(tokens=tokens, at=timezone.now())"
    )
    app.manage("shell", "-c", code)


def delete(app: AppProcesses, conversation: str) -> None:
    """Delete a conversation, as an administrator may."""
    code = (
        "from django.utils import timezone; "
        "from conversations.models import Conversation; "
        "from conversations.services import conversations; "
        f"found = Conversation.objects.get(pk={conversation!r}); "
        "conversations.delete(conversation=found, at=timezone.now())"
    )
    app.manage("shell", "-c", code)


def delete_silently(app: AppProcesses, conversation: str) -> None:
    """Delete a conversation, and lose the event."""
    code = (
        "from conversations.models import Conversation; "
        f"Conversation.objects.get(pk={conversation!r}).delete()"
    )
    app.manage("shell", "-c", code)
