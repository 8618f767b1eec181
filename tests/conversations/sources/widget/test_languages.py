"""The widget's language: the site's wish, else the browser's; of pages and refusals alike."""

import pytest
from django.test import Client

from conversations.sources.widget.models import Widget
from tests.conversations.sources.widget.conftest import Frame, make_widget

TALK = {
    "en": "Talk to a person",
    "de": "Mit einem Menschen sprechen",
    "es": "Hablar con una persona",
    "fr": "Parler à une personne",
    "pt": "Falar com uma pessoa",
}


@pytest.mark.parametrize("language", TALK)
def test_the_frame_speaks_the_browsers_language(
    client: Client, widget: Widget, language: str
) -> None:
    response = client.get(f"/widget/{widget.key}/", headers={"Accept-Language": language})

    page = response.content.decode()
    assert f'<html lang="{language}"' in page
    assert TALK[language] in page
    assert response["Content-Language"] == language


def test_the_site_may_name_the_language(client: Client, widget: Widget) -> None:
    headers = {"Accept-Language": "fr"}
    response = client.get(f"/widget/{widget.key}/?language=de-AT", headers=headers)

    assert TALK["de"] in response.content.decode()
    assert response["Content-Language"] == "de"


@pytest.mark.parametrize(
    ("wish", "tag"), [("pt-BR", "pt-BR"), ("en-us", "en-us"), ("de", "de"), ('de-"><b>', "de")]
)
def test_the_site_may_name_the_region(client: Client, widget: Widget, wish: str, tag: str) -> None:
    page = client.get(f"/widget/{widget.key}/", {"language": wish}).content.decode()

    assert f'<html lang="{tag}"' in page


@pytest.mark.parametrize("wish", ["tlh", "../de", "x" * 600, ""])
def test_an_unknown_language_leaves_the_browsers(client: Client, widget: Widget, wish: str) -> None:
    headers = {"Accept-Language": "fr"}
    response = client.get(f"/widget/{widget.key}/", {"language": wish}, headers=headers)

    assert TALK["fr"] in response.content.decode()


def test_an_administrators_texts_stay_as_they_are(client: Client, db: None) -> None:
    widget = make_widget(texts={"talk_to_person": "Ask a human"})
    page = client.get(f"/widget/{widget.key}/?language=de").content.decode()

    assert "Ask a human" in page
    assert TALK["de"] not in page


def test_refusals_are_in_the_frames_language(victor: Frame) -> None:
    conversation = victor.start()
    victor.headers["Accept-Language"] = "de"

    refused = victor.say(conversation, "")

    assert refused.json()["detail"] == "Schreiben Sie etwas oder senden Sie eine Datei."


def test_faults_of_the_form_are_in_the_frames_language(db: None) -> None:
    field = {"name": "email", "label": "Mail", "type": "email", "required": True}
    victor = Frame(make_widget(prechat_fields=[field]))
    victor.headers["Accept-Language"] = "pt-BR"
    victor.open()

    refused = victor.post("conversations", {"variables": {}})

    assert refused.json()["fields"] == {"email": ["Preencha este campo."]}
