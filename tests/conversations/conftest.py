"""Fixtures of the inbox's pages: signed-in clients, conversations, an empty page."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, Page

from channels_layer.access.actors import Visitor
from conversations.models import Conversation, Message
from conversations.services import messages
from conversations.services.messages import Draft
from tests.conversations.socket_script import Script


def signed_in(user: User) -> Client:
    """Return a browser in which ``user`` has signed in."""
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def page(alice: User) -> Client:
    """Alice's browser."""
    return signed_in(alice)


@pytest.fixture
def script() -> Iterator[Script]:
    """A server of our modules, with a socket that the test plays by hand."""
    server = Script()
    yield server
    server.close()


@pytest.fixture
def blank(browser: Browser, script: Script) -> Iterator[Page]:
    """An empty page that can load our modules."""
    page = browser.new_page()
    page.goto(f"http://{script.host}/")
    yield page
    page.close()


def says(conversation: Conversation, text: str, at: datetime) -> Message:
    """Let the customer of ``conversation`` write."""
    conversation.refresh_from_db()
    assert conversation.contact
    visitor = Visitor(
        contact_id=conversation.contact.pk,
        source_id=conversation.source_id,
        name=conversation.contact.label,
    )
    message, _ = messages.customer_message(
        conversation=conversation, by=visitor, draft=Draft(text=text), at=at
    )
    return message


def many(conversation: Conversation, number: int, at: datetime) -> None:
    """Let the customer write ``number`` messages, ten minutes apart."""
    for index in range(number):
        says(conversation, f"message number {index}", at + timedelta(minutes=10 * index))


def floor_of(page: Client, conversation: Conversation) -> str:
    """Return the parts that show the floor, with single spaces."""
    html = page.get(f"/conversations/{conversation.pk}/floor/").content.decode()
    return re.sub(r"\s+", " ", html)


def list_of(page: Client) -> str:
    """Return the inbox's list, with single spaces."""
    return re.sub(r"\s+", " ", page.get("/conversations/rows/").content.decode())
