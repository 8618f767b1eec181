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


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Email_1", "anna_maria_2@x.example"),
        ("Email_1", "1_anna@x.example"),
        ("TextInput_0", "Order 12_34_B, file my_photo.png"),
        ("TextInput_0", "1_Hello"),
        ("Order_0", "12_34_B"),
        ("File_0", "1_my_photo.png"),
        ("Size_0", "0_18-25"),
        ("Note_0", "two  blanks and an_underscore"),
    ],
)
def test_what_was_typed_into_a_form_stays_as_typed(name: str, typed: str) -> None:
    found = form({f"screen_0_{name}": typed}).content.text
    assert found == f"{name.rpartition('_')[0]}: {typed}"


@pytest.mark.parametrize(
    ("chosen", "line"),
    [
        ("0_Extra_large", "Extra large"),
        ("12_Ja,_gärna!", "Ja, gärna!"),
        ("3_Approx._five", "Approx. five"),
        (["0_18-25", "1_26-35_years"], "18-25, 26-35 years"),
        (["0_Red", "as typed_here"], "Red, as typed_here"),
    ],
)
def test_options_of_a_builder_s_form_lose_their_number(chosen: Any, line: str) -> None:
    assert form({"screen_0_Size_1": chosen}).content.text == f"Size: {line}"
    assert form({"size": chosen}).content.text != f"size: {line}"


@pytest.mark.parametrize(
    ("label", "stated", "shown"),
    [
        ("mandate", "4012888888881", "4012888888881"),
        ("Updated", "1767225600000", "1767225600000"),
        ("date", "4012888888881", "4012888888881"),
        ("Date or phone", "46701234567", "46701234567"),
        ("deliveryDate", "1767225600000", "2026-01-01"),
        ("delivery_date", 1767225600000, "2026-01-01"),
        ("Lieferdatum", "1767225600000", "2026-01-01"),
        ("screen_0_DatePicker_1", "325987200000", "1980-05-01"),
        ("date of birth", "-86400000000", "1967-04-07"),
        ("date", "2026-01-01", "2026-01-01"),
    ],
)
def test_a_date_is_a_date_and_nothing_else_is(label: str, stated: Any, shown: str) -> None:
    assert form({label: stated}).content.text.partition(": ")[2] == shown


@pytest.mark.parametrize("name", ["flow_token", "FlowToken", "flow-token", " FLOW TOKEN "])
@pytest.mark.parametrize("form_of", [dict, json.dumps, lambda one: json.dumps(json.dumps(one))])
def test_no_token_is_shown_wherever_it_stands(name: str, form_of: Any) -> None:
    inside = {name: "secret", "size": "XL"}
    for answers in (inside, {"x": form_of(inside)}, {"x": [form_of(inside)]}, [form_of(inside)]):
        found = form(answers).content.text
        assert "secret" not in found
        assert "token" not in found.lower()
        assert found.endswith("size: XL")


@pytest.mark.parametrize(
    "broken",
    [
        '{"flow_token": "secret", "size": "XL',
        '{\\"flow-token\\": \\"secret\\", \\"size\\": \\"XL',
        "flowToken=secret, size=XL",
    ],
)
def test_no_token_is_shown_of_what_is_no_json(broken: str) -> None:
    for found in (form(broken).content.text, form({"x": broken}).content.text):
        assert "secret" not in found
        assert "XL" in found


def test_words_about_tokens_and_json_stay_as_typed() -> None:
    found = form({"a": "What is a flow token?", "b": '{"c": 1}', "d": "[1]"}).content.text
    assert found == 'a: What is a flow token?\nb: {"c": 1}\nd: [1]'


@pytest.mark.parametrize("empty", [[], {}, [[]], [{}], "[]", '{"flow_token": "t"}', None])
def test_an_empty_form_says_so(empty: Any) -> None:
    assert form(empty).content.text == "Filled in a form without answers"


@pytest.mark.parametrize(
    "raw", ["\\" * 50_000, "flow_token" * 5_000, '"flow_token":' + "\\" * 9_000]
)
def test_a_hostile_form_costs_nothing(raw: str) -> None:
    began = perf_counter()
    form(raw)
    form({"x": raw})
    assert perf_counter() - began < 0.5


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


def test_a_vcard_of_an_old_telephone_is_read() -> None:
    vcard = (
        "BEGIN:VCARD\r\nVERSION:2.1\r\n"
        "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=4D=C3=BCller;Anna=3B=20Maria\r\n"
        "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=41=6E=6E=61=20=4D=C3=BC=\r\n"
        "=6C=6C=65=72\r\n"
        "ORG;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:Caf=E9;B=FCro\r\n"
        "TITLE;ENCODING=QUOTED-PRINTABLE;CHARSET=strange:=C3=84rztin\r\n"
        "TEL;CELL:+46 70 1\r\n"
        "ADR;HOME;ENCODING=QUOTED-PRINTABLE:;;G=C3=A5tan 1=0D=0ALeft;Malm=C3=B6;;;\r\n"
        "NOTE;ENCODING=QUOTED-PRINTABLE:2+2=3D4 =ZZ=\r\nEND:VCARD"
    )
    assert contact_cards.lines_of([{"vcard": vcard}]).splitlines() == [
        "Contact: Anna Müller",
        "  Full name: Anna; Maria Müller",
        "  Company: Café",
        "  Department: Büro",
        "  Title: Ärztin",
        "  Phone (cell): +46 70 1",
        "  Address (home): Gåtan 1 Left, Malmö",
        "  Note: 2+2=4 =ZZEND:VCARD",
    ]


@pytest.mark.parametrize(
    "vcard",
    [
        "N;ENCODING=QUOTED-PRINTABLE:=\n" + "=41=\n" * 9_000,
        "BEGIN:VCARD\n" * 4000,
        "TEL;" + "x=a;" * 10_000 + ":1",
        "N:" + "\\;" * 20_000,
        ";" * 50_000,
    ],
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
    assert shown.words_of(found.cards) == "Came from the advertisement: Lamps"


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
