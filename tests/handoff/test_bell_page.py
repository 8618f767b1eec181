"""The bell: GET /navigation/notifications/, and its count on every page."""

from datetime import datetime

from django.contrib.auth.models import User
from django.test import Client

from handoff import notifications
from handoff.notifications import NotificationDraft
from tests.conversations.conftest import signed_in

ADDRESS = "/navigation/notifications/"


def _told(user: User, number: int, at: datetime) -> None:
    for index in range(number):
        notice = NotificationDraft(
            kind="k", title=f"Title {index} <b>", cause=f"c{index}", url="/chats/"
        )
        notifications.send(user_id=user.pk, draft=notice, at=at)


def test_lists_the_newest_of_ones_own(page: Client, alice: User, bob: User, noon: datetime) -> None:
    _told(alice, 10, noon)
    _told(bob, 1, noon)
    response = page.get(ADDRESS)
    html = response.content.decode()
    assert html.count("data-notification=") == 8
    assert "Title 9 &lt;b&gt;" in html
    assert "Title 1 " not in html
    assert response.headers["X-Unread"] == "10"


def test_what_was_read_is_quiet(page: Client, alice: User, noon: datetime) -> None:
    _told(alice, 1, noon)
    assert "bell__item--unread" in page.get(ADDRESS).content.decode()
    notifications.read(user=alice, rows=notifications.notifications(alice), at=noon)
    response = page.get(ADDRESS)
    assert "bell__item--unread" not in response.content.decode()
    assert response.headers["X-Unread"] == "0"


def test_says_when_there_is_nothing(page: Client) -> None:
    assert "Nothing yet." in page.get(ADDRESS).content.decode()


def test_every_page_counts_what_is_unread(page: Client, alice: User, noon: datetime) -> None:
    _told(alice, 3, noon)
    for path in ("/conversations/", "/chats/", "/tickets/"):
        html = page.get(path).content.decode()
        assert 'title="unread notifications">3</span>' in html


def test_the_bell_is_for_staff(mallory: User) -> None:
    assert signed_in(mallory).get(ADDRESS).status_code == 403
