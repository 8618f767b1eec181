"""A running instance as another system and a person at a page use it."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

PATIENCE = 15_000
WRONG_NUMBER = 999_999


class RestClient:
    """Creates what browser tests show."""

    def __init__(self, url: str, facts: dict[str, Any]) -> None:
        """Call ``url`` with the demo's key."""
        self.url = f"{url}/api/v1/"
        self.headers = {"Authorization": f"Bearer {facts['api_key']}"}
        self.source = next(one["id"] for one in facts["sources"] if one["kind"] == "api")

    def get(self, path: str) -> Any:
        """GET ``path``; return its JSON."""
        response = httpx.get(self.url + path, headers=self.headers, timeout=10)
        response.raise_for_status()
        return response.json()

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """POST ``body`` to ``path``; return the answered JSON."""
        response = httpx.post(self.url + path, json=body, headers=self.headers, timeout=10)
        response.raise_for_status()
        return response.json()

    def conversation(self, text: str) -> str:
        """Start a conversation of a new Victor."""
        contact = {"external_id": str(uuid4()), "name": f"Victor {uuid4().hex[:4]}"}
        body = {"source": self.source, "contact": contact, "text": text}
        identifier: str = self.post("conversations/", body)["id"]
        return identifier

    def ticket(self, subject: str, **more: Any) -> Any:
        """Raise a ticket."""
        return self.post("tickets/", {"subject": subject, **more})


def watched(context: BrowserContext) -> Iterator[Page]:
    """Yield a page of ``context``; whatever its console complains about fails the test."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if is_grave(line) else None)
    page.goto("/conversations/")
    yield page
    assert complaints == []


def is_grave(line: ConsoleMessage) -> bool:
    """Return whether a line is more than a refusal, a wrong number or a lost network."""
    is_usual = re.search(r"net::ERR|WebSocket|status of 4(09|29)", line.text)
    is_wrong_number = line.location["url"].endswith(f"/api/v1/tickets/{WRONG_NUMBER}/link")
    return line.type == "error" and not is_usual and not is_wrong_number


def link_after_a_wrong_number(page: Page, number: int) -> None:
    """Link a ticket to the open conversation; the dialog stays until there is one."""
    page.get_by_role("button", name="Link a ticket").click()
    dialog = page.get_by_role("dialog")
    field = dialog.get_by_label("Number of the ticket")
    field.fill(f"#{WRONG_NUMBER}")
    field.press("Enter")
    expect(dialog.get_by_role("alert")).to_have_text(f"There is no ticket #{WRONG_NUMBER}.")
    expect(field).to_be_focused()
    field.fill(f"#{number}")
    expect(dialog.get_by_role("alert")).to_have_count(0)
    field.press("Enter")
    expect(dialog).to_have_count(0)
