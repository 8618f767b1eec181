"""Stored sentences: in English in the row, in the reader's language on the page."""

import pytest
from django.utils import translation

from channels_layer import sentences
from chats.services.endings import APOLOGY, CUT_OFF, USED_UP
from conversations.files import documents
from conversations.files.readers import bounds
from conversations.services.deliveries import UNCLEAR
from conversations.sources.whatsapp import errors
from conversations.sources.whatsapp.parser import calls, contents
from conversations.sources.whatsapp.services.intake import STANDING_IN


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (CUT_OFF, "Die Antwort wurde abgebrochen. Ein Kollege hilft Ihnen hier weiter."),
        (UNCLEAR, "Unklar, ob dies ankam. Senden Sie es noch einmal, wenn der Kunde es nicht hat."),
        ("12 pages", "12 Seiten"),
        ("1 page", "1 Seite"),
        ("4,310 words", "4.310 Wörter"),
        ("the first 100 of 1,240 pages", "die ersten 100 von 1.240 Seiten"),
        (
            "The assistant could not answer (timeout)",
            "Der Assistent konnte nicht antworten (timeout)",
        ),
        ("Maya said so.", "Maya said so."),
        ("Offer (1,234)", "Offer (1,234)"),
        ("x (" * 5_000, "x (" * 5_000),
        ("Maya wants all 12 pages", "Maya wants all 12 pages"),
        ("", ""),
    ],
)
def test_a_sentence_is_in_the_readers_language(text: str, shown: str) -> None:
    assert sentences.translated(text) == text
    with translation.override("de"):
        assert sentences.translated(text) == shown


def test_what_stands_in_a_sentence_is_translated_if_it_is_one() -> None:
    text = errors.words(132_012, "body: expected {{1}}.")

    assert text.endswith("wrong format. Change it. Meta says: body: expected {{1}}.")
    with translation.override("de"):
        assert sentences.translated(text) == (
            "Ein Parameter der Vorlage hat das falsche Format. Ändern Sie ihn. "
            "Meta sagt: body: expected {{1}}."
        )


def test_what_meta_says_stays_as_it_is() -> None:
    with translation.override("de"):
        assert sentences.translated(errors.words(99_999, "Strange.")) == (
            "WhatsApp hat dies abgelehnt: Strange (Fehler 99999)."
        )
        assert sentences.translated(errors.words(99_999)) == (
            "WhatsApp hat dies abgelehnt (Fehler 99999)."
        )


def test_the_reader_of_documents_says_what_is_registered() -> None:
    said = {bounds.TOO_LARGE, bounds.TOO_COMPLICATED, bounds.LOCKED, bounds.BROKEN}
    assert said <= set(documents.SENTENCES)
    with translation.override("de"):
        for noun in ("line", "page", "sheet", "word"):
            for extent in (bounds.counted(1, noun), bounds.counted(2_000, noun)):
                assert sentences.translated(extent) != extent
        for noun in ("page", "sheet"):
            extent = bounds.counted(100, noun, of=240)
            assert sentences.translated(extent) != extent


def test_the_parser_of_whatsapp_says_what_is_registered() -> None:
    names = {name for _kind, name in contents._FILES.values()}
    lines = {contents.VOICE_NOTE, contents.ACCOUNT_CHANGED, calls.STOPPED, calls.RESUMED}
    assert names | lines == set(STANDING_IN)


def test_the_widget_knows_what_customers_may_get() -> None:
    with translation.override("de"):
        known = sentences.for_customers()
    assert set(known) == {APOLOGY, CUT_OFF, USED_UP}
    assert not {APOLOGY, CUT_OFF, USED_UP} & set(known.values())
