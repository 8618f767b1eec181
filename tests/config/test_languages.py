"""The language of what is for staff, and of what is for customers."""

import pytest
from django.test import Client
from pytest_django import Settings

from config import catalogues
from tests.conversations.sources.widget.conftest import make_widget
from tests.factories import person

GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}


def german_in(page: str) -> list[str]:
    """Return the German texts, and not English ones as well, that stand in a page."""
    texts = [(str(one.id), str(one.string)) for one in catalogues.read("de") if one.string]
    return [text for id, text in texts if f">{text}<" in page and f">{id}<" not in page]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/conversations/", "/tickets/", "/chats/", "/no-such-page/"])
def test_pages_for_staff_do_not_mix_languages(path: str) -> None:
    client = Client()
    client.force_login(person("alice"))

    response = client.get(path, headers=GERMAN)

    assert response["Content-Language"] == "en"
    assert '<html lang="en"' in response.content.decode()
    assert german_in(response.content.decode()) == []


@pytest.mark.django_db
def test_refusals_of_the_api_are_in_the_language_of_staff(client: Client) -> None:
    missing = "/api/v1/conversations/00000000-0000-0000-0000-000000000000/"
    client.force_login(person("alice"))

    assert client.get(missing, headers=GERMAN).json()["detail"] == "Not found."


@pytest.mark.django_db
def test_the_widget_follows_the_browser_beside_them(client: Client) -> None:
    client.get("/login/", headers=GERMAN)

    frame = client.get(f"/widget/{make_widget().key}/", headers=GERMAN)

    assert frame["Content-Language"] == "de"
    assert german_in(frame.content.decode())


@pytest.mark.django_db
def test_staff_follow_the_browser_in_what_is_complete(client: Client, settings: Settings) -> None:
    settings.STAFF_LANGUAGES = ["en", "de"]

    assert '<html lang="de"' in client.get("/login/", headers=GERMAN).content.decode()
