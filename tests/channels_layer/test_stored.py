"""Stored data as rows of labels and values."""

from typing import Any

import pytest

from channels_layer import stored


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "Yes"),
        (False, "No"),
        (None, "-"),
        ("", "-"),
        ([], "-"),
        ({}, "-"),
        (0, "0"),
        (1.5, "1.5"),
        ("a_b", "a_b"),
        (["red", 2, None, False], "red, 2, No"),
        ([None, ""], "-"),
        (["2026-11-20T12:00:00Z", "late"], "20 Nov 2026, 12:00, late"),
        ("2026-11-20T12:00:00Z", "20 Nov 2026, 12:00"),
        ("2026-11-20T13:00:00.123456+01:00", "20 Nov 2026, 12:00"),
        ("2026-13-20T12:00:00Z", "2026-13-20T12:00:00Z"),
    ],
)
def test_a_single_value_is_words(value: object, text: str) -> None:
    assert stored.outline(value) == {"text": text}


def test_an_object_is_rows_and_a_list_of_objects_parts() -> None:
    value = {"order_id": "A-1", "people": [{"name": "Ada"}, {"URL": None}]}

    assert stored.outline(value) == {
        "rows": [
            ("Order id", {"text": "A-1"}),
            (
                "People",
                {
                    "parts": [
                        {"rows": [("Name", {"text": "Ada"})]},
                        {"rows": [("URL", {"text": "-"})]},
                    ]
                },
            ),
        ]
    }


def test_sentences_stand_each_in_its_line() -> None:
    sentences = ["I looked the order up, which was sent.", "It is on its way."]

    assert stored.outline(sentences) == {"parts": [{"text": text} for text in sentences]}


def test_what_is_nested_without_end_ends() -> None:
    value: Any = "end"
    for _again in range(500):
        value = {"a": value}

    assert "…" in str(stored.outline(value))
    assert "end" not in str(stored.outline(value))
