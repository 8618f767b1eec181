"""Forms, cards, origins and reasons: every part can be read, and none passes for another."""

import json
from time import perf_counter
from typing import Any

import pytest

from conversations import origins as shown
from conversations.sources.whatsapp import parser
from conversations.sources.whatsapp.parser import Incoming, contact_cards, readable
from tests.conversations.sources.whatsapp import payloads


def read(message: payloads.Json) -> Incoming:
    (found,) = parser.parse(payloads.dumped(payloads.envelope(payloads.value(message)))).messages
    return found


def form(response: Any, **fields: Any) -> Incoming:
    reply = {"name": "flow", "response_json": response, **fields}
    part = {"type": "nfm_reply", "nfm_reply": reply}
    return read(payloads.message("interactive", interactive=part))


@pytest.mark.parametrize(
    ("answers", "lines"),
    [
        (
            {"a": ["x", "y"], "b": True, "c": {"d": "e"}, "flow_token": "t"},
            "a: x, y\nb: Yes\nc · d: e",
        ),
        (
            {"no": False, "none": None, "empty": "", "list": []},
            f"no: No\nnone: {readable.NONE}\nempty: {readable.NONE}\nlist: {readable.NONE}",
        ),
        ({"n": 3, "f": 1.5, "zero": 0}, "n: 3\nf: 1.5\nzero: 0"),
        ({"first_name": "Nina"}, "first name: Nina"),
        (
            {"screen_0_name_0": "Nina", "screen_1_size_2": "1_Extra_large"},
            "name: Nina\nsize: Extra large",
        ),
        (
            {"screen_0_name_0": "A", "screen_1_name_0": "B"},
            "screen_0_name_0: A\nscreen_1_name_0: B",
        ),
        ({"a_b": 1, "a b": 2}, "a_b: 1\na b: 2"),
        ({"c": {"d": {"e": [1, True]}}}, "c · d · e: 1, Yes"),
        ({"rooms": [{"size": 1}, {"size": 2}]}, "rooms · 1 · size: 1\nrooms · 2 · size: 2"),
        ({"c": {"Flow_Token": "t", "d": 1}}, "c · d: 1"),
        ({"note": "one\nname: Mallory"}, "note: one\n    name: Mallory"),
        ({"na\nme": "x"}, "na me: x"),
        ({"date": "1767225600000"}, "date: 2026-01-01"),
        ([1, {"a": "b"}], "1: 1\n2 · a: b"),
    ],
)
def test_the_answers_of_a_form_read_line_by_line(answers: Any, lines: str) -> None:
    for written in (answers, json.dumps(answers), json.dumps(json.dumps(answers))):
        assert form(written).content.text == lines


@pytest.mark.parametrize("raw", ['{"flow_token": "t"}', "{}", None, 7, "", {"flow_token": "t"}])
def test_a_form_without_answers_is_its_body(raw: Any) -> None:
    found = form(raw, body="Sent").content.text
    assert found in {"Sent", "7"}


def test_what_is_no_json_is_shown_without_its_token() -> None:
    found = form('{"size": "XL", "flow_token": "secret", "colour": ').content.text
    assert "XL" in found
    assert "secret" not in found


def test_a_form_has_bounds() -> None:
    assert len(form({str(n): "x" * 100 for n in range(500)}).content.text) <= readable.LONGEST
    assert form({str(n): n for n in range(500)}).content.text.count("\n") == readable.MOST_LINES
    nested: Any = "deep"
    for _ in range(300):
        nested = {"a": nested}
    assert form(nested).content.text.endswith("…")


def test_files_that_were_picked_are_fetched() -> None:
    photo = {"id": "1", "mime_type": "image/jpeg", "file_name": "a.jpg", "sha256": "abc"}
    paper = {"id": "2", "mime_type": "application/pdf", "file_name": "b.pdf"}
    found = form({"photos": [photo], "paper": {"files": [paper]}}).content
    assert found.text == "photos: a.jpg\npaper · files: b.pdf"
    assert [(one.id, one.kind, one.name) for one in found.files] == [
        ("1", "image", "a.jpg"),
        ("2", "document", "b.pdf"),
    ]


@pytest.mark.parametrize(
    ("card", "lines"),
    [
        ({"org": {"company": "Nordhem"}}, "Contact: Nordhem"),
        ({"org": {"company": "Nordhem", "title": "CEO"}}, "Contact: Nordhem\n  Title: CEO"),
        ({"phones": [{"phone": "+46 1"}]}, "Contact: +46 1"),
        ({"name": {"first_name": "Nina", "last_name": "Berg"}}, "Contact: Nina Berg"),
        (
            {"name": {"formatted_name": "Nina", "prefix": "Dr"}, "birthday": "1980-05-01"},
            "Contact: Nina\n  Full name: Dr\n  Birthday: 1980-05-01",
        ),
        (
            {"name": {"formatted_name": "A\nContact: B"}, "emails": [{"email": "a@b.c"}]},
            "Contact: A Contact: B\n  E-mail: a@b.c",
        ),
        ({"addresses": [{"street": "1", "country_code": "se"}]}, "Contact: 1, se"),
    ],
)
def test_a_card_shows_all_that_is_on_it(card: Any, lines: str) -> None:
    assert read(payloads.message("contacts", contacts=[card])).content.text == lines


def test_a_vcard_is_read_with_folds_groups_and_escapes() -> None:
    vcard = (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Berg;Nina;Maria;Dr;Jr\r\nFN:Nina\r\n  Berg\r\n"
        "item1.TEL;type=CELL;type=pref:+46 70 1\r\nEMAIL;TYPE=INTERNET:a@b.c\r\n"
        "ADR;TYPE=HOME:;;Street 1\\, left;Oslo;;0150;Norway\r\nORG:Nordhem;Sales\r\n"
        "URL:https://a.example/x:y\r\nBDAY:1980-05-01\r\nPHOTO;ENCODING=b:AAAA\r\nEND:VCARD"
    )
    assert contact_cards.lines_of([{"vcard": vcard}]).splitlines() == [
        "Contact: Nina Berg",
        "  Full name: Dr Nina Maria Berg Jr",
        "  Company: Nordhem",
        "  Department: Sales",
        "  Phone (cell): +46 70 1",
        "  E-mail: a@b.c",
        "  Address (home): Street 1, left, Oslo, 0150, Norway",
        "  Website: https://a.example/x:y",
        "  Birthday: 1980-05-01",
    ]


@pytest.mark.parametrize(
    "vcard",
    ["BEGIN:VCARD\n" * 4000, "TEL;" + "x=a;" * 10_000 + ":1", "N:" + "\\;" * 20_000, ";" * 50_000],
)
def test_a_hostile_vcard_costs_nothing(vcard: str) -> None:
    began = perf_counter()
    contact_cards.lines_of([{"vcard": vcard}])
    assert perf_counter() - began < 0.5


def cards(**fields: Any) -> list[dict[str, Any]]:
    return [dict(one) for one in read(payloads.text("Hi", **fields)).cards]


def test_the_customer_s_text_stays_the_text() -> None:
    found = read(payloads.text("Hi", referral={"headline": "Lamps"}))
    assert found.content.text == "Hi"
    assert shown.told(found.cards) == "Came from the advertisement: Lamps"


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "https://a@evil.example/", "//x", "http://[", 7],
)
def test_an_address_that_is_not_safe_is_no_link(url: Any) -> None:
    (card,) = cards(referral={"source_url": url, "headline": "Lamps"})
    assert card["url"] == ""
    assert ["Address", str(url)] in card["facts"]


@pytest.mark.parametrize("strange", [7, [], "x", {"headline": {"a": 1}}, {"source_url": []}, None])
def test_a_strange_origin_harms_nothing(strange: Any) -> None:
    assert cards(referral=strange, context={"referred_product": strange}) == []


def test_a_post_is_no_advertisement() -> None:
    (card,) = cards(referral={"source_type": "post", "source_url": "https://fb.me/p"})
    assert (card["kind"], card["url"]) == ("post", "https://fb.me/p")


@pytest.mark.parametrize(
    ("errors", "line"),
    [
        ([{"code": 131060, "title": "Gone"}], "Unsupported message: Gone (error 131060)"),
        (
            [{"code": 1, "title": "A", "message": "B", "error_data": {"details": "C."}}],
            "Unsupported message: A. C (error 1)",
        ),
        ([{"code": 1}], "Unsupported message: WhatsApp does not say what it is (error 1)"),
        ([{"title": "A"}, {"title": "B"}], "Unsupported message: A; B"),
        ({"title": "One object"}, "Unsupported message: One object"),
        ("x", "Unsupported message: WhatsApp does not say what it is"),
    ],
)
def test_meta_s_reason_stands_in_the_line(errors: Any, line: str) -> None:
    assert read(payloads.message("unsupported", errors=errors)).content.text == line
