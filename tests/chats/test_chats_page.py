"""Chats: GET /chats/, /chats/<id>/ and their fragments."""

import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from channels_layer import formats
from chats.models import Run, RunStep, ToolCall
from conversations.models import Conversation, Source
from conversations.services import conversations, messages
from conversations.services.conversations import Opening
from conversations.services.messages import Draft
from conversations.sources.test_chat import KIND as TEST_CHAT
from tests import factories

FRAGMENT = {"X-Requested-With": "fetch"}


@pytest.fixture
def page(alice: User) -> Client:
    """Alice's browser."""
    client = Client()
    client.force_login(alice)
    return client


@pytest.fixture
def chat(alice: User, noon: datetime) -> Conversation:
    """Alice's chat with Ada, in which both have spoken."""
    return _chat(alice, "Refund policy", noon)


def _chat(user: User, title: str, at: datetime) -> Conversation:
    source = Source.objects.filter(kind=TEST_CHAT).first()
    source = source or factories.SourceFactory.create(kind=TEST_CHAT)
    actor = factories.staff(user)
    chat = conversations.start(opening=Opening(source=source), by=actor, at=at)
    draft = Draft(text="What is the <b>rule</b>?", client_id=str(uuid4()))
    messages.post(conversation=chat, by=actor, draft=draft, at=at)
    chat.refresh_from_db()
    factories.answer(chat, "It is **short**.", at=at)
    return conversations.rename(conversation=chat, title=title, at=at)


def test_lists_ones_own_chats_alone(
    page: Client, chat: Conversation, bob: User, noon: datetime
) -> None:
    other = _chat(bob, "Bob's own", noon)
    html = page.get("/chats/").content.decode()
    assert f'data-session="{chat.pk}"' in html
    assert "Refund policy" in html
    assert f'data-session="{other.pk}"' not in html
    assert "Bob's own" not in html


def test_hides_a_colleagues_chat(page: Client, bob: User, noon: datetime) -> None:
    other = _chat(bob, "Bob's own", noon)
    for path in ("", "messages/?after=0", "head/"):
        assert page.get(f"/chats/{other.pk}/{path}").status_code == 404


def test_shows_question_and_answer(page: Client, chat: Conversation) -> None:
    html = page.get(f"/chats/{chat.pk}/").content.decode()
    assert 'class="ask"' in html
    assert "&lt;b&gt;rule&lt;/b&gt;" in html
    assert "<strong>short</strong>" in html
    assert 'data-pane="thread"' in html


def test_ones_own_messages_have_their_time_and_days_are_separated(
    page: Client, chat: Conversation, noon: datetime
) -> None:
    factories.answer(chat, "Still short.", at=noon + timedelta(days=1))
    html = page.get(f"/chats/{chat.pk}/").content.decode()
    assert re.findall(r'data-day="([\d-]+)"', html) == ["2026-11-20", "2026-11-21"]
    question = html[html.index('class="ask"') : html.index('class="answer"')]
    assert "12:00" in question


def test_a_row_shows_the_time_by_which_it_is_sorted(page: Client, alice: User) -> None:
    at = timezone.now()  # noqa: TID251 - what is of today is shown by its time
    chat = _chat(alice, "Refund policy", at - timedelta(days=2))
    factories.answer(chat, "Now I know.", at=at)
    shown = {
        "/chats/list/": re.compile(r'session__time"\s+datetime="([^"]+)"[^>]*>(\d+:\d\d)<'),
        "/chats/history/": re.compile(r'muted"\s+datetime="([^"]+)"[^>]*>(\d+:\d\d)<'),
    }
    for path, pattern in shown.items():
        found = pattern.search(page.get(path).content.decode())
        assert found is not None, path
        assert datetime.fromisoformat(found[1]) == at
        assert found[2] == formats.time_of_day(at)


def test_counts_unread_answers(page: Client, chat: Conversation, alice: User) -> None:
    assert 'aria-label="1 unread"' in page.get("/chats/list/").content.decode()
    conversations.mark_read(conversation=chat, user=alice, position=2)
    assert "unread" not in page.get("/chats/list/").content.decode()


def test_the_navigation_marks_recent_chats_with_unread_answers(
    page: Client, chat: Conversation, alice: User
) -> None:
    assert "nav__unread" in page.get("/navigation/").content.decode()
    conversations.mark_read(conversation=chat, user=alice, position=2)
    assert "nav__unread" not in page.get("/navigation/").content.decode()


def test_the_navigation_tells_recent_chats_of_one_assistant_apart(
    page: Client, chat: Conversation, alice: User, noon: datetime
) -> None:
    other = _chat(alice, "Late parcels", noon)
    html = page.get("/navigation/").content.decode()
    for one, mark in ((chat, "RP"), (other, "LP")):
        assert f'title="{one.title} · {one.assistant.name}"' in html
        assert f'<span class="nav__what">{mark}</span>' in html


def test_a_new_chat_offers_every_active_assistant(page: Client, db: None) -> None:
    factories.AssistantFactory.create(name="Kit")
    factories.AssistantFactory.create(name="Gone", is_active=False)
    html = page.get("/chats/?new").content.decode()
    assert "Kit" in html
    assert "Gone" not in html
    assert 'data-pane="thread"' in html


def test_without_assistants_says_who_adds_one(page: Client) -> None:
    assert "There is no assistant yet" in page.get("/chats/").content.decode()


def test_without_assistants_an_administrator_is_led_to_the_form(page: Client, db: None) -> None:
    dora = factories.person("dora", role="administrator")
    dora.is_staff = True
    dora.save(update_fields=["is_staff"])
    boss = Client()
    boss.force_login(dora)
    form = f'href="{reverse("admin:conversations_assistant_add")}"'
    assert form in boss.get("/chats/").content.decode()
    assert form not in page.get("/chats/").content.decode()


def test_searches_by_title(page: Client, chat: Conversation) -> None:
    assert "Refund policy" in page.get("/chats/list/?search=refund").content.decode()
    assert "Nothing matches" in page.get("/chats/list/?search=nothing").content.decode()


def test_of_a_search_that_is_too_long_the_beginning_counts(
    page: Client, chat: Conversation
) -> None:
    url = "/chats/list/?search=nothing"
    for rest in ("x" * 200, "%00refund"):
        assert "Nothing matches" in page.get(url + rest).content.decode()


def test_what_one_has_before_ones_eyes_is_not_unread(page: Client, chat: Conversation) -> None:
    assert "unread" not in page.get(f"/chats/list/?reading={chat.pk}").content.decode()
    assert "nav__unread" not in page.get(f"/navigation/?reading={chat.pk}").content.decode()
    assert "1 unread" in page.get(f"/chats/list/?reading={uuid4()}").content.decode()


def test_only_the_newest_answer_offers_another_one(
    page: Client, chat: Conversation, alice: User, noon: datetime
) -> None:
    address = f"/chats/{chat.pk}/messages/?after=0"
    first = chat.messages.get(position=2)
    assert page.get(address).content.decode().count("data-regenerate") == 1
    draft = Draft(text="And now?", client_id=str(uuid4()))
    later = noon + timedelta(minutes=1)
    messages.post(conversation=chat, by=factories.staff(alice), draft=draft, at=later)
    assert "data-regenerate" not in page.get(address).content.decode()
    chat.refresh_from_db()
    newest = factories.answer(chat, "Longer.", at=later)
    html = page.get(address).content.decode()
    assert html.count("data-regenerate") == 1
    assert f'data-regenerate="{newest.run_id}"' in html
    assert "data-regenerate" not in page.get(f"{address[:-8]}{first.pk}/").content.decode()


def test_catches_up_and_scrolls_up(page: Client, chat: Conversation) -> None:
    later = page.get(f"/chats/{chat.pk}/messages/?after=1").content.decode()
    assert "short" in later
    assert "rule" not in later
    earlier = page.get(f"/chats/{chat.pk}/messages/?before=2")
    assert "rule" in earlier.content.decode()
    assert earlier.headers["X-Earlier"] == "no"


def test_a_position_beyond_all_numbers_is_the_highest(page: Client, chat: Conversation) -> None:
    earlier = page.get(f"/chats/{chat.pk}/messages/?before={'9' * 5000}")
    assert earlier.headers["X-Later"] == "no"


def test_one_message_is_shown_as_on_the_page(page: Client, chat: Conversation) -> None:
    message = chat.messages.get(position=2)
    html = page.get(f"/chats/{chat.pk}/messages/{message.pk}/").content.decode()
    assert f'id="message-{message.pk}"' in html


def test_a_fragment_is_the_chat_alone(page: Client, chat: Conversation) -> None:
    html = page.get(f"/chats/{chat.pk}/", headers=FRAGMENT).content.decode()
    assert "<html" not in html
    assert f'data-thread="{chat.pk}"' in html


def test_the_navigation_shows_the_three_newest(page: Client, alice: User, noon: datetime) -> None:
    for number in range(4):
        _chat(alice, f"Chat number {number}", noon + timedelta(minutes=number))
    html = page.get("/navigation/").content.decode()
    assert "Chat number 3" in html
    assert "Chat number 0" not in html
    assert "See all chats" in html


def test_the_phone_and_the_desk_name_a_place_alike(page: Client) -> None:
    html = page.get("/chats/").content.decode()
    words, labels = (
        re.findall(rf'class="nav__{part}"[^>]*>([^<]+)<', html) for part in ("word", "label")
    )
    assert {"Conversations", "Chats", "Tickets", "Notifications"} <= set(labels)
    assert words == ["More"]


def test_chats_are_for_staff(client: Client, mallory: User, db: None) -> None:
    assert client.get("/chats/").status_code == 302
    client.force_login(mallory)
    assert client.get("/chats/").status_code == 403


def test_a_call_that_waits_comes_with_its_buttons(
    page: Client, chat: Conversation, noon: datetime
) -> None:
    run = Run.objects.create(
        conversation=chat,
        assistant=chat.assistant,
        epoch=0,
        answers_to=1,
        model="m",
        started_at=noon,
    )
    step = RunStep.objects.create(run=run, number=1, started_at=noon)
    call = ToolCall.objects.create(
        run=run,
        step=step,
        number=0,
        call_id="one",
        name="issue_refund",
        title="Issue refund",
        arguments={"amount": "<b>189</b>"},
        needs_approval=True,
        status=ToolCall.Status.PENDING,
        created_at=noon,
    )
    address = f"/conversations/{chat.pk}/runs/{run.pk}/tools/"
    html = page.get(address).content.decode()
    assert 'data-decide="approve"' in html
    assert "&lt;b&gt;189&lt;/b&gt;" in html
    call.status = ToolCall.Status.DONE
    call.save()
    html = page.get(address).content.decode()
    assert "data-decide" not in html
    assert "Issue refund" in html


def test_the_dialog_lists_all_of_ones_own(
    page: Client, alice: User, bob: User, noon: datetime
) -> None:
    for number in range(5):
        _chat(alice, f"Chat number {number} <b>", noon + timedelta(minutes=number))
    _chat(bob, "Bob's own", noon)
    html = page.get("/chats/history/").content.decode()
    assert html.count("data-history-row=") == 5
    assert "Chat number 0 &lt;b&gt;" in html
    assert "Bob" not in html


def test_the_dialog_searches_and_says_when_nothing_matches(
    page: Client, chat: Conversation
) -> None:
    assert "Refund policy" in page.get("/chats/history/?search=refund").content.decode()
    assert "Nothing matches" in page.get("/chats/history/?search=zebra").content.decode()


def test_every_page_can_open_the_dialog(page: Client, alice: User, noon: datetime) -> None:
    for number in range(4):
        _chat(alice, f"Chat number {number}", noon + timedelta(minutes=number))
    for path in ("/conversations/", "/chats/", "/tickets/"):
        html = page.get(path).content.decode()
        assert "data-history-open" in html
        assert 'id="dialog-history"' in html


def test_finds_what_was_said(page: Client, chat: Conversation) -> None:
    for path in ("/chats/list/", "/chats/history/"):
        assert "Refund policy" in page.get(f"{path}?search=short").content.decode()
