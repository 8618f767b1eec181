"""Catalogues: they hold exactly what is marked, and the widget's texts are complete."""

import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message
from django.conf import settings

from config import catalogues

LANGUAGES = ("de", "es", "fr", "pt")
OF_WIDGET = (
    "channels_layer/errors.py",
    "channels_layer/formats.py",
    "channels_layer/rest/",
    "channels_layer/sockets/",
    "chats/services/endings.py",
    "conversations/api/",
    "conversations/services/",
    "conversations/sources/widget/",
    "handoff/services.py",
)
"""Where the widget's texts stand, the refusals that it shows among them."""
OF_ADMIN = ("admin.py", "apps.py", "form_rows.py", "models.py")

UNWANTED = {
    "de": r"du|dich|dir|dein\w*|euch|euer|eure\w*",
    "es": r"tú|tu|tus|te|ti|contigo|vosotros|vuestr\w+",
    "fr": r"tu|te|toi|ton|tes",
    "pt": r"você|vocês|tu|te|teu|tua|arquivos?|contato|conexão|usuários?|tela|senha|caractere",
}
"""Informal address; in Portuguese what is said in Brazil alone, too."""

PLACES = re.compile(r"%\(\w+\)[.\d]*[a-z]|%[sd]|\{\w*\}")


def test_every_language_has_a_catalogue() -> None:
    assert tuple(catalogues.languages()) == LANGUAGES
    assert [code for code, _name in settings.LANGUAGES] == ["en", *LANGUAGES]


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_hold_what_is_marked(language: str) -> None:
    kept = catalogues.file_of(language).read_bytes()
    assert kept == catalogues.merged(language, _collected()), "make messages"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_widget_is_complete(language: str) -> None:
    missing = [
        message.id
        for message in _messages(language)
        if any(_is_of_widget(place) for place, _line in message.locations)
        and not all(_translations(message))
    ]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_the_places_of_values(language: str) -> None:
    found = [
        message.id
        for message in _messages(language)
        if any(text and _places(text) != _places(_last(message)) for text in _translations(message))
    ]
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_a_guess(language: str) -> None:
    assert [message.id for message in _messages(language) if message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_readers_are_addressed_in_one_way(language: str) -> None:
    pattern = re.compile(rf"\b({UNWANTED[language]})\b", re.IGNORECASE)
    found = [
        text
        for message in _messages(language)
        for text in _translations(message)
        if pattern.search(text)
    ]
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_no_catalogue_holds_german(language: str) -> None:
    german = {message.id: _translations(message) for message in _messages("de")}
    found = [
        message.id
        for message in _messages(language)
        if _last(message) not in _translations(message)
        and any(text and text in german[message.id] for text in _translations(message))
    ]
    assert found == []


def test_the_guard_sees_the_widget() -> None:
    ids = {message.id for message in _messages("de")}
    assert {"Talk to a person", "optional", "Not found.", "{name} joined"} <= ids
    assert ("{count} new message", "{count} new messages") in ids


def _is_of_widget(place: str) -> bool:
    return place.startswith(OF_WIDGET) and not place.endswith(OF_ADMIN)


@cache
def _collected() -> Catalog:
    return catalogues.collected()


@cache
def _messages(language: str) -> list[Message]:
    return [message for message in catalogues.read(language) if message.id]


def _translations(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or [""])


def _last(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[-1]


def _places(text: str) -> list[str]:
    return sorted(set(PLACES.findall(text)))
