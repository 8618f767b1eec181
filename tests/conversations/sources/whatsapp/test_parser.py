"""The parser: every kind of message, whatever is missing, strange or added."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.sources.whatsapp import parser
from conversations.sources.whatsapp.parser import (
    Effect,
    Incoming,
    MalformedError,
    Parsed,
    Person,
    contents,
)
from tests.conversations.sources.whatsapp import payloads
from tests.conversations.sources.whatsapp.payloads import Json

FILE = {"id": "99", "mime_type": "image/jpeg", "sha256": "abc"}
NAME = {"formatted_name": "Nina Berg"}
VCARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Nina Berg\nTEL;type=CELL:+46 70 1\nEND:VCARD"
FORM = {"response_json": '{"size": "XL", "colour": "red"}', "body": "Sent", "name": "flow"}
ITEM = {"product_retailer_id": "LAMP-1", "quantity": 2, "item_price": 10.5, "currency": "SEK"}
BUTTON = {"type": "button_reply", "button_reply": {"id": "b", "title": "Yes, please"}}
LIST = {"type": "list_reply", "list_reply": {"id": "r", "title": "Oslo", "description": "N"}}
PLACE = {"latitude": 59.33, "longitude": "18.06", "name": "Nordhem", "address": "Storgatan 1"}
LINK = "https://www.openstreetmap.org/?mlat=59.33&mlon=18.06"
PHONES = {"name": NAME, "phones": [{"phone": "+46 70 1", "wa_id": "46701"}]}


def parse(payload: Any) -> Parsed:
    return parser.parse(json.dumps(payload))


def read(message: Json, **fields: Any) -> Incoming:
    (found,) = parse(payloads.envelope(payloads.value(message, **fields))).messages
    return found


@pytest.mark.parametrize(
    ("kind", "part", "words"),
    [
        ("text", {"body": "Hi"}, "Hi"),
        ("text", {"body": 5}, "5"),
        ("image", {**FILE, "caption": "Look"}, "Look"),
        ("location", PLACE, f"Location: Nordhem, Storgatan 1\n{LINK}"),
        ("location", {"latitude": 59.33, "longitude": 18.06}, f"Location\n{LINK}"),
        ("contacts", [PHONES], "Contact: Nina Berg\n  Phone: +46 70 1"),
        ("contacts", [PHONES, PHONES], "Contact: Nina Berg\n  Phone: +46 70 1\n" * 2),
        ("contacts", [{"vcard": VCARD}], "Contact: Nina Berg\n  Phone (cell): +46 70 1"),
        ("interactive", BUTTON, "Yes, please"),
        ("interactive", LIST, "Oslo"),
        ("interactive", {"type": "nfm_reply", "nfm_reply": FORM}, "size: XL\ncolour: red"),
        ("button", {"text": "Stop", "payload": "STOP"}, "Stop"),
        ("order", {"product_items": [ITEM]}, "Order:\n- 2 of LAMP-1 at 10.5 SEK"),
        ("order", {"text": "Quick!", "product_items": "x"}, "Quick!"),
    ],
)
def test_reads_the_customer_s_words(kind: str, part: Any, words: str) -> None:
    found = read(payloads.message(kind, **{kind: part}))
    assert (found.kind, found.content.text) == (kind, words.strip())
    assert found.content.effect == Effect.WORDS


@pytest.mark.parametrize(
    ("message", "named"),
    [
        (payloads.message("poll", poll={}), "poll"),
        (payloads.message("unsupported", unsupported=None), contents.WITHHELD),
        (payloads.message("unsupported", unsupported={"type": "poll"}), "poll"),
        (payloads.message("text"), "text"),
        (payloads.message("text", text={"body": ["Hi"]}), "text"),
        (payloads.message("image", image={"caption": None}), "image"),
        (payloads.message("location", location={"latitude": "NaN", "longitude": []}), "location"),
        (payloads.message("contacts", contacts=[{}]), "contacts"),
        (payloads.message("interactive", interactive={"type": "new"}), "interactive"),
        (payloads.message("reaction", reaction={"emoji": "👍"}), "reaction"),
        (payloads.message("edit", edit={}), "edit"),
        (payloads.message("revoke", revoke=7), "revoke"),
        (payloads.message("x", type=None), contents.WITHHELD),
        (payloads.message("x", type={"a": 1}), contents.WITHHELD),
    ],
)
def test_names_what_it_cannot_read(message: Json, named: str) -> None:
    found = read(message).content
    assert (found.text, found.effect) == (f"Unsupported message: {named}", Effect.WORDS)


@pytest.mark.parametrize(
    ("kind", "part", "shown", "name", "is_voice"),
    [
        ("image", FILE, "image", "Photo", False),
        ("sticker", {**FILE, "animated": True}, "image", "Sticker", False),
        ("video", FILE, "video", "Video", False),
        ("audio", FILE, "audio", "Audio", False),
        ("audio", {**FILE, "voice": True}, "audio", "Voice note", True),
        ("document", {**FILE, "filename": "Invoice.pdf"}, "document", "Invoice.pdf", False),
    ],
)
def test_reads_files(kind: str, part: Any, shown: str, name: str, is_voice: bool) -> None:  # noqa: FBT001
    media = read(payloads.message(kind, **{kind: part})).content.media
    assert media is not None
    assert (media.id, media.mime_type, media.sha256) == ("99", "image/jpeg", "abc")
    assert (media.kind, media.name, media.is_voice) == (shown, name, is_voice)


def test_guesses_the_type_where_it_is_missing() -> None:
    assert read(payloads.text("Hi", type=None)).content.text == "Hi"


def test_reads_reactions_and_their_removal() -> None:
    put = read(payloads.reaction("👍", "wamid.0")).content
    assert (put.effect, put.refers_to, put.emoji) == (Effect.REACTION, "wamid.0", "👍")
    assert read(payloads.reaction(None, "wamid.0")).content.emoji == ""


def test_reads_edits_and_deletes() -> None:
    after = {"type": "text", "text": {"body": "Bye"}, "context": {"id": "M0"}}
    part = {"original_message_id": "wamid.0", "message": after}
    edit = read(payloads.message("edit", edit=part))
    assert (edit.content.effect, edit.refers_to) == (Effect.EDIT, "wamid.0")
    assert edit.content.text == "Bye"
    delete = read(payloads.message("revoke", revoke={"original_message_id": "wamid.0"}))
    assert (delete.content.effect, delete.refers_to) == (Effect.DELETE, "wamid.0")


def test_an_edit_of_an_edit_ends_somewhere() -> None:
    nested: Json = {}
    for _ in range(400):
        nested = {"original_message_id": "a", "message": {"type": "edit", "edit": nested}}
    assert read(payloads.message("edit", edit=nested)).content.text == ""


def test_reads_what_is_answered_and_where_the_customer_came_from() -> None:
    context = {"from": "1", "id": "wamid.0", "referred_product": {"product_retailer_id": "L1"}}
    referral = {"source_url": "https://fb.me/x", "headline": "Lamps", "media_type": "image"}
    found = read(payloads.text("Hi", context=context, referral=referral))
    assert found.refers_to == "wamid.0"
    part = {
        "source_url": "https://fb.me/x",
        "headline": "Lamps",
        "media_type": "image",
        "product": "L1",
    }
    assert found.referral == part


def test_reads_a_changed_number() -> None:
    part = {"type": "user_changed_number", "body": "Victor moved", "wa_id": "4670999"}
    found = read(payloads.message("system", system=part)).content
    assert (found.effect, found.text) == (Effect.NOTICE, "Victor moved")
    assert found.moved_to == Person(wa_id="4670999")


def test_reads_a_changed_user_id_as_sent_by_the_former_one() -> None:
    part = {"type": "user_changed_user_id", "user_id": "SE.9", "previous_user_id": "SE.1"}
    found = read(payloads.message("system", system=part, from_user_id="SE.9"), contacts=None)
    assert found.person == Person(wa_id=payloads.VICTOR, user_id="SE.1")
    assert found.content.moved_to == Person(user_id="SE.9")


@pytest.mark.parametrize(
    ("message", "contacts", "person"),
    [
        ({}, [payloads.contact()], Person(wa_id=payloads.VICTOR, name="Victor")),
        ({}, None, Person(wa_id=payloads.VICTOR)),
        ({}, "nobody", Person(wa_id=payloads.VICTOR)),
        (
            {"from": None, "from_user_id": "SE.1"},
            [{"profile": {"name": "V", "username": "vic"}, "user_id": "SE.1"}],
            Person(user_id="SE.1", username="vic", name="V"),
        ),
        ({"from": "SE.1"}, [], Person(user_id="SE.1")),
        (
            {"from_user_id": "SE.1"},
            [payloads.contact(user_id="SE.1")],
            Person(wa_id=payloads.VICTOR, user_id="SE.1", name="Victor"),
        ),
        (
            {"from_user_id": "SE.1"},
            [{"user_id": "SE.2"}],
            Person(wa_id=payloads.VICTOR, user_id="SE.1"),
        ),
        ({"from": None}, [{"wa_id": "471"}, {"wa_id": "472"}], Person()),
        (
            {"from": "471"},
            [{"wa_id": "472"}, {"wa_id": "471", "user_id": "NO.1"}],
            Person(wa_id="471", user_id="NO.1"),
        ),
    ],
)
def test_finds_out_who_wrote(message: Json, contacts: Any, person: Person) -> None:
    assert read(payloads.text("Hi", **message), contacts=contacts).person == person


@pytest.mark.parametrize(
    ("part", "at"),
    [
        (str(payloads.SENT), datetime(2026, 11, 20, 12, tzinfo=UTC)),
        (payloads.SENT, datetime(2026, 11, 20, 12, tzinfo=UTC)),
        ("soon", None),
        ("-5", None),
        ("1e999", None),
        ("NaN", None),
        (10**30, None),
        ([], None),
    ],
)
def test_reads_times(part: Any, at: datetime | None) -> None:
    assert read(payloads.text("Hi", timestamp=part)).sent_at == at


def test_reads_all_entries_changes_messages_and_statuses() -> None:
    two = payloads.value(payloads.text("1", wamid="a"), payloads.text("2", wamid="b"))
    three = payloads.value(payloads.text("3", wamid="c"), statuses=[payloads.status("d", "sent")])
    payload = payloads.envelope(two, three)
    payload["entry"].append(payload["entry"][0])
    found = parse(payload)
    assert [one.id for one in found.messages] == ["a", "b", "c"] * 2
    assert [one.id for one in found.statuses] == ["d", "d"]
    assert {one.phone_number_id for one in found.messages} == {payloads.PHONE_NUMBER_ID}


def test_reads_statuses() -> None:
    error = {
        "code": 131047,
        "title": "Re-engagement message",
        "error_data": {"details": "More than 24 hours have passed"},
    }
    statuses = [
        payloads.status("a", "failed", errors=[error], biz_opaque_callback_data="7"),
        payloads.status("b", "read", pricing={"billable": True, "pricing_model": "PMP"}),
        payloads.status("c", "played", timestamp=None),
    ]
    failed, seen, played = parse(payloads.envelope(payloads.value(statuses=statuses))).statuses
    assert (failed.state, failed.error_code, failed.tracker) == ("failed", "131047", "7")
    assert failed.error == "More than 24 hours have passed"
    assert (seen.state, seen.error_code, seen.error) == ("read", "", "")
    assert (played.state, played.at) == ("read", None)


def test_hands_on_what_concerns_the_account() -> None:
    part = {"event": "APPROVED", "message_template_name": "hello"}
    (notice,) = parse(payloads.envelope(part, field="message_template_status_update")).notices
    assert (notice.field, notice.account) == ("message_template_status_update", "WABA")
    assert notice.value == part
    assert notice.at == datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_gives_an_id_to_a_message_without_one_and_always_the_same() -> None:
    first, second, other = (
        read(payloads.text(words, id=wamid)).id
        for words, wamid in (("Hi", None), ("Hi", "x" * 1000), ("Ho", None))
    )
    assert first == read(payloads.text("Hi", id=None)).id
    assert len({first, second, other}) == 3
    assert len(second) <= 200


def test_leaves_out_what_no_database_takes() -> None:
    assert read(payloads.text("a\0b\ud800c")).content.text == "abc"


@pytest.mark.parametrize("broken", ["", "{", "[]", "7", "\0", "[" * 100_000, "1" * 5000])
def test_says_that_it_is_no_json_object(broken: str) -> None:
    with pytest.raises(MalformedError):
        parser.parse(broken)


@pytest.mark.parametrize("payload", [{}, {"entry": 7}, {"entry": [{"changes": [7]}]}])
def test_says_that_there_is_nothing(payload: Json) -> None:
    assert parse(payload).problems == ["There is nothing in it that Parley knows."]


def test_says_what_among_the_messages_is_none() -> None:
    found = parse(payloads.envelope(payloads.value(payloads.text("Hi"), 7, errors=[{"code": 5}])))  # type: ignore[arg-type]
    assert len(found.messages) == 1
    assert found.problems == ["Meta reported 5: ", "Something among the messages is no object."]


WRITTEN = tuple(contents._READERS)
FIELDS = (
    *("body", "id", "mime_type", "caption", "voice", "filename", "latitude", "longitude", "name"),
    *("address", "vcard", "phones", "button_reply", "list_reply", "nfm_reply", "title", "emoji"),
    *("response_json", "product_items", "message_id", "original_message_id", "message", "wa_id"),
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
ANYTHING = st.recursive(
    LEAVES,
    lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=5), one, max_size=3),
)
KINDS = st.sampled_from([*WRITTEN, "poll"])
PARTS = st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, ANYTHING))


@st.composite
def messages(draw: st.DrawFn) -> Any:
    """Return a message that is almost one."""
    kind = draw(KINDS)
    usual = draw(
        st.dictionaries(
            st.sampled_from(["from", "id", "timestamp", "context", "referral", "errors"]), ANYTHING
        )
    )
    return {**usual, "type": draw(st.just(kind) | ANYTHING), kind: draw(PARTS | ANYTHING)}


@pytest.mark.slow
@given(
    part=st.lists(messages() | ANYTHING, max_size=3) | ANYTHING,
    statuses=ANYTHING,
    contacts=ANYTHING,
    metadata=ANYTHING,
)
def test_nothing_raises_and_everything_can_be_stored(
    part: Any, statuses: Any, contacts: Any, metadata: Any
) -> None:
    fields = {"statuses": statuses, "contacts": contacts, "metadata": metadata}
    found = parse(payloads.envelope(payloads.value(messages=part, **fields)))
    objects = [one for one in part if isinstance(one, dict)] if isinstance(part, list) else []
    if isinstance(part, list):
        assert len(found.messages) == len(objects)
    for one in found.messages:
        assert 0 < len(one.id) <= 200
        assert one.content.text or one.content.media or one.content.effect != Effect.WORDS
        assert "\0" not in repr(one).replace("\\x00", "\0")
        repr(one).encode()


@given(st.text() | ANYTHING.map(json.dumps))
def test_a_body_is_read_or_refused(body: str) -> None:
    try:
        parser.parse(body)
    except MalformedError:
        return


def called(**fields: Any) -> list[Incoming]:
    usual = {"id": "c", "event": "terminate", "timestamp": str(payloads.SENT)}
    value = payloads.value(messages=None, contacts=None, calls=[{**usual, **fields}])
    value["metadata"]["display_phone_number"] = "+46 8 00 00"
    return parse(payloads.envelope(value, field="calls")).messages


@pytest.mark.parametrize(
    "call",
    [
        {"from": "4680000", "to": payloads.VICTOR},
        {"from": "+4680000", "to": payloads.VICTOR},
        {"from": "4680000", "to": payloads.VICTOR, "direction": "USER_INITIATED"},
        {"from": payloads.VICTOR, "direction": "business_initiated"},
    ],
)
def test_calls_of_the_business_are_no_customer_s(call: Json) -> None:
    assert called(**call) == []


@pytest.mark.parametrize("direction", ["USER_INITIATED", "", None])
def test_calls_of_customers_are_told(direction: str | None) -> None:
    (found,) = called(**{"from": payloads.VICTOR, "to": "4680000", "direction": direction})
    assert (found.person.wa_id, found.content.effect) == (payloads.VICTOR, Effect.WORDS)
