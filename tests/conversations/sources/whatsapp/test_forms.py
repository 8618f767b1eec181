"""Forms: Markdown, long texts, cards, files and errors as WhatsApp takes them."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from pywa.errors import WhatsAppError

from channels_layer.access.actors import Key
from channels_layer.models import ApiKey
from conversations.cards import parted
from conversations.models import Conversation, Delivery
from conversations.services import attachments, thread
from conversations.services.attachments import Upload
from conversations.services.messages import Draft, post
from conversations.services.thread import Entry, assistant_author
from conversations.sources.whatsapp import cards, errors, formatting, pieces
from conversations.sources.whatsapp.services import receipts
from conversations.transports import SendStatus
from tests.conversations.sources.whatsapp import payloads
from tests.conversations.sources.whatsapp.conftest import Meta, the_conversation
from tests.conversations.sources.whatsapp.graph import DemoGraphServer
from tests.conversations.sources.whatsapp.helpers import NOON, deliver, requests
from tests.factories import staff
from tests.fakes import files


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("**bold** _italic_ ~~gone~~ `code`", "*bold* _italic_ ~gone~ `code`"),
        ("# Your **order**\n\nText", "*Your order*\n\nText"),
        ("- one\n- two\n  - three", "- one\n- two\n  - three"),
        ("3. three\n4. four", "3. three\n4. four"),
        ("```py\nprint(1)\n```", "```print(1)```"),
        ("[Track](https://a.example/x)", "Track (https://a.example/x)"),
        ("<https://a.example>", "https://a.example"),
        ("> quoted\n> twice", "> quoted\n> twice"),
        ("| A | B |\n|---|---|\n| 1 | 2 |", "*A | B*\n1 | 2"),
        ("line\nbreak", "line\nbreak"),
        ("<b>5 < 6</b> <x>ord_er_1</x> 2 * 3", "*5 < 6* <x>ord_er_1</x> 2 * 3"),
        ("", ""),
    ],
)
def test_markdown_becomes_whatsapps_marks(markdown: str, shown: str) -> None:
    assert formatting.from_markdown(markdown) == shown


def test_long_texts_are_cut_where_it_reads_well() -> None:
    text = "\n\n".join("word " * 200 for _ in range(9))
    found = pieces.cut(text)
    assert all(len(piece) <= 4096 for piece in found)
    assert "".join(found).replace("\n", "").replace(" ", "") == "word" * 1800
    assert all(piece.endswith("word") for piece in found)
    assert [len(piece) for piece in pieces.cut("x" * 9000)] == [4096, 4096, 808]
    assert pieces.cut("  ") == []


def test_choices_are_buttons_or_a_list() -> None:
    few = {"type": "buttons", "buttons": [{"title": "Yes", "value": "y"}, {"title": "No"}]}
    made = cards.interactive(few, "Sure?")
    assert made["type"] == "button"
    replies = [button["reply"] for button in made["action"]["buttons"]]
    assert replies == [{"id": "y", "title": "Yes"}, {"id": "No", "title": "No"}]
    many = {"type": "list", "items": [f"Lamp {n}" for n in range(7)]}
    made = cards.interactive(many, "")
    assert (made["type"], made["body"]["text"]) == ("list", cards.BODY)
    assert len(made["action"]["sections"][0]["rows"]) == 7
    table = {"type": "table", "title": "Prices", "columns": ["Lamp", "€"], "rows": [["Ek", 9]]}
    assert parted([table], at_most=10) == ("Prices\nLamp | €\nEk | 9", None)


def error(body: Any, status: int = 400, **headers: str) -> Exception:
    response = httpx.Response(status, json=body, headers=headers)
    error = body.get("error") if isinstance(body, dict) else None
    return WhatsAppError.from_dict(error or {"code": status, "message": "?"}, response=response)


def coded(code: int, status: int = 400, **headers: str) -> Exception:
    return error({"error": {"code": code, "message": "Told so"}}, status, **headers)


@pytest.mark.parametrize(
    ("raised", "status"),
    [
        (httpx.ConnectError("no"), SendStatus.AGAIN),
        (httpx.ConnectTimeout("no"), SendStatus.AGAIN),
        (httpx.ReadTimeout("no"), SendStatus.UNCLEAR),
        (httpx.RemoteProtocolError("no"), SendStatus.UNCLEAR),
        (httpx.WriteError("no"), SendStatus.UNCLEAR),
        (KeyError("messages"), SendStatus.UNCLEAR),
        (coded(131047), SendStatus.FAILED),
        (coded(131026), SendStatus.FAILED),
        (coded(999_999, 500), SendStatus.FAILED),
        (coded(130429), SendStatus.AGAIN),
        (coded(131016, 500), SendStatus.AGAIN),
        (coded(368), SendStatus.AGAIN),
        (coded(190, 401), SendStatus.AGAIN),
        (error("busy", 502), SendStatus.UNCLEAR),
        (error("busy", 429), SendStatus.AGAIN),
        (error("what?", 404), SendStatus.FAILED),
    ],
)
def test_errors_are_judged(raised: Exception, status: SendStatus) -> None:
    assert errors.judged(raised).result.status == status


def test_errors_are_shown_in_plain_words() -> None:
    assert errors.judged(coded(131031)).restricts
    assert errors.judged(coded(130429, 429, **{"Retry-After": "7"})).result.retry_in == 7
    assert errors.words(131047).endswith("Send an approved template.")
    assert errors.words(424242, "Odd thing") == "WhatsApp refused this: Odd thing (error 424242)."
    assert not any("Do not send it" in text for text in errors.PLAIN.values()), (
        "Send again is beside"
    )
    assert all(len(text) <= 200 and text.endswith(".") for text in errors.PLAIN.values())


def test_meta_s_details_are_shown_where_the_code_says_little() -> None:
    details = "Parameter name 'order' is missing."
    assert errors.words(132000, details) == (
        f"{errors.PLAIN[132000]} Meta says: Parameter name 'order' is missing."
    )
    assert errors.words(132000) == errors.PLAIN[132000]
    assert errors.words(131047, details) == errors.PLAIN[131047]
    for code in errors.VAGUE:
        assert len(errors.words(code, "x" * 500)) <= 200


@pytest.fixture
def shop(db: None, settings: LazySettings, tmp_path: Path) -> Key:
    settings.MEDIA_ROOT = tmp_path
    key = ApiKey.objects.create(name="Shop", prefix="p", digest="d", created_at=NOON)
    return Key(key=key)


def upload(shop: Key, name: str, data: bytes) -> Any:
    return attachments.store(upload=Upload(name=name, data=data), by=shop, at=NOON).pk


@pytest.mark.django_db
def test_files_leave_as_what_they_are(
    talking: Conversation, graph: DemoGraphServer, shop: Key
) -> None:
    photo = upload(shop, "lamp.jpg", files.photo())
    post(conversation=talking, by=shop, draft=Draft(text="**Look**", attachments=(photo,)), at=NOON)
    both = (upload(shop, "a.jpg", files.photo()), upload(shop, "notes.txt", b"Notes of lamps\n"))
    post(conversation=talking, by=shop, draft=Draft(text="Two", attachments=both), at=NOON)
    assert deliver(talking) == 4
    first, *rest = requests(graph)
    assert (first["type"], first["image"]["caption"]) == ("image", "*Look*")
    assert first["image"]["id"]
    assert [one["type"] for one in rest] == ["text", "image", "document"]
    assert rest[-1]["document"]["filename"] == "notes.txt"


@pytest.mark.django_db
def test_what_an_agent_types_arrives_as_typed(
    talking: Conversation, graph: DemoGraphServer, alice: User
) -> None:
    text = "20*30*40 cm, see __init__.py\n# 5\n* no list\n~5~ **bold** `x`"
    post(conversation=talking, by=staff(alice), draft=Draft(text=text), at=NOON)
    deliver(talking)
    assert [one["text"]["body"] for one in requests(graph, "text")] == [text]


@pytest.mark.django_db
def test_a_refused_file_is_blamed_and_not_the_message(
    talking: Conversation, graph: DemoGraphServer, shop: Key
) -> None:
    graph.fault("100", path="media", times=1)
    photo = upload(shop, "lamp.jpg", files.photo())
    message, _ = post(
        conversation=talking, by=shop, draft=Draft(text="", attachments=(photo,)), at=NOON
    )
    deliver(talking)
    message.refresh_from_db()
    assert message.status == "failed"
    assert message.error.startswith(errors.PLAIN[131053])


@pytest.mark.django_db
def test_a_file_that_is_gone_fails_visibly(
    talking: Conversation, graph: DemoGraphServer, shop: Key, tmp_path: Path
) -> None:
    photo = upload(shop, "lamp.jpg", files.photo())
    message, _ = post(
        conversation=talking, by=shop, draft=Draft(text="", attachments=(photo,)), at=NOON
    )
    for path in tmp_path.rglob("*"):
        if path.is_file():
            path.unlink()
    deliver(talking)
    message.refresh_from_db()
    assert (message.status, requests(graph)) == ("failed", [])
    assert "not there any more" in message.error


@pytest.mark.django_db
def test_choices_of_the_assistant_can_be_tapped(
    talking: Conversation, graph: DemoGraphServer
) -> None:
    choice = {"type": "buttons", "buttons": [{"title": "Refund"}, {"title": "New lamp"}]}
    entry = Entry(
        author=assistant_author(talking.assistant), text="What would help?", cards=[choice]
    )
    thread.append(talking.locked(), entry, at=NOON)
    assert Delivery.objects.count() == 1
    deliver(talking)
    [request] = requests(graph, "interactive")
    assert request["interactive"]["body"]["text"] == "What would help?"


@pytest.mark.django_db
def test_customers_see_that_it_was_read_and_that_one_writes(
    meta: Meta, graph: DemoGraphServer
) -> None:
    meta.sender.access_token = "token"
    meta.sender.save()
    graph.add(sender_id=meta.sender.pk, phone_number_id=meta.sender.phone_number_id)
    meta.send(payloads.text("Hello?", wamid="wamid.newest"))
    conversation = the_conversation()
    shown = [
        receipts.show(conversation_id=conversation.pk, is_typing=is_typing, at=meta.now)
        for is_typing in (False, False, True, True)
    ]
    assert shown == [True, False, True, False]
    bodies = [one["body"] for one in graph.log()["requests"] if one["path"].endswith("messages")]
    assert [one["status"] for one in bodies] == ["read", "read"]
    assert bodies[0]["message_id"] == "wamid.newest"
    assert bodies[1]["typing_indicator"] == {"type": "text"}
