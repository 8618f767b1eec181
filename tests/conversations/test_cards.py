"""Cards: what may be on them, how they are kept, and how they read as text."""

from typing import Any

import pytest

from conversations import cards

TABLE = {"type": "table", "columns": ["Item", "Price"], "rows": [["Lamp", "€164.00"], ["Bulb", 9]]}
BUTTONS = {"type": "buttons", "title": "And now?", "buttons": ["Refund", {"title": "Repair"}]}


def kept(card: dict[str, Any]) -> dict[str, Any]:
    """Return one card as it is stored."""
    (one,) = cards.checked([card])
    return one


def test_a_table_is_filled_up_and_knows_its_numbers() -> None:
    table = kept({**TABLE, "rows": [["Lamp", "€164.00"], ["Gift"]], "total": ["Total", 164]})
    assert table["rows"] == [["Lamp", "€164.00"], ["Gift", ""]]
    assert (table["numbers"], table["total"]) == ([1], ["Total", "164"])


def test_a_choice_says_its_title_unless_it_has_a_value() -> None:
    found = kept({**BUTTONS, "buttons": ["Refund", {"title": "Repair", "value": "Repair it"}]})
    assert [one["value"] for one in found["buttons"]] == ["Refund", "Repair it"]


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://nordhem.example/a?b=c#d", "nordhem.example"),
        ("http://nordhem.example:8080/", "nordhem.example:8080"),
        ("https://käse.example/", "xn--kse-qla.example"),
        ("https://[2001:db8::1]/", "2001:db8::1"),
    ],
)
def test_a_link_shows_its_host(url: str, host: str) -> None:
    assert kept({"type": "link", "title": "Read on", "url": url})["host"] == host


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "//nordhem.example/",
        "https://user:secret@nordhem.example/",
        "https://nordhem.example@evil.example/",
        "https://nordhem.example\\@evil.example/",
        "https://nordhem.example/a b",
        "https://nordhem.example:99999/",
        "https:///nowhere",
        f"https://nordhem.example/{'a' * 2000}",
        7,
    ],
)
def test_a_link_leads_to_the_web_alone(url: object) -> None:
    with pytest.raises(cards.CardError, match=r"Card 1 \(link\): give a title and a url"):
        cards.checked([{"type": "link", "title": "Read on", "url": url}])


@pytest.mark.parametrize(
    ("card", "why"),
    [
        ({"type": "chart"}, "type is one of table, list, buttons, image, link"),
        ({**TABLE, "columns": []}, "columns, a list of 1 to 6 heads"),
        ({**TABLE, "rows": [["a"]] * 21}, "rows, a list of 1 to 20 rows"),
        ({**TABLE, "rows": [["a", "b", "c"]]}, "row 1: give a list of at most 2 cells"),
        ({**TABLE, "rows": [[True]]}, "row 1: give a text"),
        ({**BUTTONS, "buttons": ["one"] * 11}, "1 to 10 choices"),
        ({**BUTTONS, "buttons": ["One", "one"]}, "each choice a title of its own"),
        ({**BUTTONS, "buttons": [{"value": "one"}]}, "choice 1: give it a title"),
        ({**BUTTONS, "title": "x" * 81}, "at most 80 characters; these are 81"),
        ({**BUTTONS, "text": 5}, "text: give a text"),
        ({"type": "list", "items": "no"}, "1 to 10 choices"),
        ({"type": "image"}, "the name or id of a picture"),
        ("card", "give an object"),
    ],
)
def test_a_wrong_card_is_told_what_would_be_right(card: Any, why: str) -> None:
    with pytest.raises(cards.CardError, match=why):
        cards.checked([card])


@pytest.mark.parametrize("raw", [None, [], [BUTTONS] * 4])
def test_there_are_one_to_three_cards(raw: object) -> None:
    with pytest.raises(cards.CardError, match="1 to 3 cards"):
        cards.checked(raw)


def test_what_is_unknown_is_not_kept() -> None:
    assert set(kept({**BUTTONS, "onclick": "alert(1)"})) == {"type", "title", "buttons"}


def test_cards_read_as_text() -> None:
    shown = cards.checked(
        [
            {**TABLE, "title": "Order", "total": ["Total", 173]},
            {
                "type": "list",
                "items": [{"title": "Sand", "note": "€9", "description": "Tuesday"}, "Tall"],
            },
        ]
    )
    assert cards.as_text([*shown, {"type": "choice", "title": "not shown"}]) == (
        "Order\nItem | Price\nLamp | €164.00\nBulb | 9\nTotal | 173\n\n- Sand (€9): Tuesday\n- Tall"
    )
