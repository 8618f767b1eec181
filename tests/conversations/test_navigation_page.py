"""The frame: sign-in, navigation, error pages."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, expect

from conversations.models import Conversation
from handoff.models import Agent
from tests.conversations.conftest import signed_in
from tests.conversations.socket_script import Script

FRAME = """async () => {
  document.body.innerHTML = '<nav data-navigation="/navigation/"><ul data-swap="items"></ul></nav>';
  await import("/static/config/shell.js");
}"""


def test_the_form_signs_in(client: Client, alice: User) -> None:
    response = client.post("/login/", {"username": "alice", "password": "secret"}, follow=True)
    assert response.redirect_chain[-1][0] == "/conversations/"
    assert "Alice" in response.content.decode()


def test_a_wrong_password_is_told_beside_the_form(client: Client, alice: User) -> None:
    html = client.post("/login/", {"username": "alice", "password": "x"}).content.decode()
    assert "That name and password" in html
    assert 'value="alice"' in html


def test_what_one_left_empty_is_told_at_its_field(client: Client, alice: User) -> None:
    html = client.post("/login/", {"username": "alice", "password": ""}).content.decode()
    assert "Type your password" in html
    assert "Type your user name" not in html
    assert "That name and password" not in html


@pytest.mark.parametrize("place", ["/conversations/?cursor=zz", "/tickets/?cursor=zz"])
def test_an_address_that_cannot_be_read_is_a_page(page: Client, place: str) -> None:
    response = page.get(place)
    assert response.status_code == 400
    assert 'class="missing__number"' in response.content.decode()
    fragment = page.get(place, headers={"X-Requested-With": "fetch"})
    assert (fragment.status_code, b"<" in fragment.content) == (400, False)


def test_the_front_page_is_the_inbox(page: Client) -> None:
    assert page.get("/").headers["Location"] == "/conversations/"


def test_navigation_counts_who_waits(page: Client, waiting: Conversation) -> None:
    html = page.get("/navigation/?path=/conversations/").content.decode()
    assert "count--waiting" in html
    assert html.count('aria-current="page"') == 1


@pytest.mark.browser
def test_navigation_is_fetched_again_when_a_customer_asks_after_a_colleague(
    blank: Page, script: Script
) -> None:
    counted = [""]
    items = '<ul data-swap="items">{}</ul>'
    blank.route("**/navigation/?*", lambda route: route.fulfill(body=items.format(counted[0])))
    blank.evaluate(FRAME)
    script.wait_for("hello")
    script.send(type="welcome", v=1, heartbeat=15)
    script.wait_for("follow")
    script.send(type="following", topic="inbox", head=0)
    row = {"id": "1", "lifecycle": "active", "control": "requested", "contact": {"id": "2"}}
    for requester, shown in (("staff", "none"), ("visitor", "1 waits"), ("staff", "none again")):
        counted[0] = shown
        data = row | {"requested_by": requester}
        script.send(v=1, type="conversation.summary", topic="inbox", data=data)
        expect(blank.get_by_role("list")).to_have_text(shown)


@pytest.mark.parametrize(
    ("chosen", "word"), [("", "Online"), ("away", "Away"), ("offline", "Offline")]
)
def test_whoever_returns_is_there_as_chosen(
    page: Client, alice: User, chosen: str, word: str
) -> None:
    Agent.objects.filter(user=alice).update(presence="offline", chosen=chosen)
    html = page.get("/conversations/").content.decode()
    assert f"<small data-presence-word>{word}</small>" in html
    assert f"avatar__presence--{word.lower()}" in html


def test_navigation_is_for_staff(client: Client, mallory: User) -> None:
    assert client.get("/navigation/").status_code == 302
    assert signed_in(mallory).get("/navigation/").status_code == 403


def test_pages_forbid_inline_code(page: Client) -> None:
    policy = page.get("/conversations/").headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "script-src 'self'" in policy


def test_a_missing_page_says_so(page: Client) -> None:
    response = page.get("/nowhere/")
    assert response.status_code == 404
    assert "The address was /nowhere/." in response.content.decode()
