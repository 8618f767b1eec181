"""Formats: numbers, dates, times and sizes in the reader's language and zone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from channels_layer import formats, sizes

AT = datetime(2025, 3, 9, 8, 5, tzinfo=UTC)

WRITTEN = {
    "en": ("12,480", "1,234.50", "08:05", "9 Mar", "9 Mar 2025", "9 March 2025", "1.2 MB"),
    "de": ("12.480", "1.234,50", "08:05", "9. März", "9. März 2025", "9. März 2025", "1,2 MB"),
    "es": ("12.480", "1.234,50", "8:05", "9 mar", "9 mar 2025", "9 de marzo de 2025", "1,2 MB"),
    "fr": ("12 480", "1 234,50", "08:05", "9 mars", "9 mars 2025", "9 mars 2025", "1,2 Mo"),
    "pt": (
        "12 480",
        "1 234,50",
        "08:05",
        "9 de mar.",
        "9/03/2025",
        "9 de março de 2025",
        "1,2 MB",
    ),
}


@pytest.mark.parametrize("language", WRITTEN)
def test_writes_as_the_language_does(language: str) -> None:
    with translation.override(language):
        written = (
            formats.number(12480),
            formats.decimal(1234.5, 2),
            formats.time_of_day(AT),
            formats.day(AT),
            formats.full_day(AT),
            formats.long_day(AT),
            formats.size(1_234_567),
        )
    spaces = str.maketrans("\u202f\xa0", "  ")
    assert tuple(text.translate(spaces) for text in written) == WRITTEN[language]


def test_days_and_times_are_of_the_readers_zone() -> None:
    with timezone.override("Pacific/Auckland"):
        assert formats.full_moment(AT) == "9 Mar 2025, 21:05"
    with timezone.override("Pacific/Honolulu"):
        assert formats.full_moment(AT) == "8 Mar 2025, 22:05"


@pytest.mark.parametrize(
    ("lasted", "words"),
    [
        (timedelta(seconds=20), "0 min"),
        (timedelta(minutes=6), "6 min"),
        (timedelta(hours=3, minutes=5), "3 h 5 min"),
        (timedelta(days=2, hours=4), "2 d 4 h"),
    ],
)
def test_durations_show_their_two_largest_units(lasted: timedelta, words: str) -> None:
    assert formats.duration(lasted) == words


def test_a_list_shows_the_year_of_another_year() -> None:
    before = timezone.localdate() - timedelta(days=400)
    assert formats.short_day(before) == formats.full_day(before)
    assert formats.short_day(timezone.localdate()) == formats.day(timezone.localdate())


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (512, "512 B"),
        (1_024, "1 kB"),
        (293_400, "287 kB"),
        (1_048_300, "1 MB"),
        (10_485_760, "10 MB"),
        (11_010_048, "10.5 MB"),
    ],
)
def test_sizes_and_their_limits_count_in_1024(count: int, words: str) -> None:
    assert formats.size(count) == words


def test_counted_sentences_come_in_both_forms() -> None:
    with translation.override("fr"):
        forms = formats.plural("{count} new message", "{count} new messages")
    assert forms == {"one": "{count} nouveau message", "other": "{count} nouveaux messages"}


@pytest.mark.parametrize("count", [0, 1, 1023, 1024, 300_000, 1_048_063, 1_500_000, 10**7, 10**10])
def test_size_without_a_language_is_the_english_one(count: int) -> None:
    with translation.override("en"):
        assert sizes.in_english(count) == formats.size(count).replace("\N{NO-BREAK SPACE}", " ")
