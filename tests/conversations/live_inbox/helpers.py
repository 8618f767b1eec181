"""Helpers of the live inbox's tests: a customer who writes, and acts of an agent."""

from typing import Any
from uuid import uuid4

import httpx
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

PATIENCE = 20_000
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
QUESTION = "How long does delivery to Norway take, and what does it cost?"
ANSWERED_AT_ONCE = f"{QUESTION} [demo:rate=0]"
"""For whoever needs an answer and not to see how it is written, which takes seconds."""


class Customer:
    """Nils, who writes through the API source."""

    def __init__(self, api: httpx.Client, source: str, text: str) -> None:
        """Begin a conversation with ``text``."""
        self._api = api
        contact = {"name": "Nils Holgersson", "external_id": uuid4().hex}
        body = {"source": source, "contact": contact, "text": text}
        self.id: str = self._post("conversations/", body)["id"]

    def says(self, text: str) -> None:
        """Write one more message."""
        self._post(f"conversations/{self.id}/customer-messages/", {"text": text})

    def is_told(self, text: str) -> None:
        """Let a system answer, which writes Markdown."""
        body = {"text": text, "client_id": uuid4().hex}
        self._post(f"conversations/{self.id}/messages/", body)

    def is_noted(self, text: str) -> None:
        """Let a system leave a note."""
        body = {"text": text, "kind": "note", "client_id": uuid4().hex}
        self._post(f"conversations/{self.id}/messages/", body)

    def is_known_by(self, name: str, value: str) -> None:
        """Let a system set a variable."""
        body = {"name": name, "value": value}
        self._api.put(f"conversations/{self.id}/variables/", json=body).raise_for_status()

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self._api.post(path, json=body)
        assert answer.is_success, answer.text
        data: dict[str, Any] = answer.json()
        return data


def sign_in(window: BrowserContext, name: str) -> Page:
    """Sign ``name`` in and return the inbox."""
    page = window.new_page()
    page.goto("/login/")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password", exact=True).fill(f"{name}-demo")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("[data-live]")).to_have_text("Live")
    return page


def open_row(page: Page, customer: Customer) -> None:
    """Open a conversation from the list."""
    page.locator(f'[data-row="{customer.id}"] .row').click()
    expect(page.locator(f'[data-thread="{customer.id}"]')).to_be_visible()


def say(page: Page, text: str) -> None:
    """Write in the composer and press Enter."""
    page.get_by_role("textbox", name="Message").fill(text)
    page.get_by_role("textbox", name="Message").press("Enter")


def bubble(page: Page, text: str) -> Any:
    """Return the bubble of ``text``, confirmed by the server."""
    return page.locator(".message[data-position]", has_text=text)
