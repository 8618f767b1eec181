"""Where answers stand: right behind what had been said when they began, for all readers alike."""

import re
from datetime import datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from chats.models import Run
from chats.objects import run as objects
from chats.selectors.runs import newest_answer
from chats.services import endings, runs
from chats.services.endings import Result
from chats.services.openings import next_run
from conversations.models import Conversation, Message
from conversations.objects.message import message_object, visitor_message
from conversations.selectors import messages as selectors
from conversations.services.messages import Draft, post
from tests import factories
from tests.chats import talk
from tests.factories import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LATER = NOON + timedelta(seconds=20)
ENTRY = re.compile(r'id="message-[^"]+"\s+data-position="(\d+)"')


@pytest.fixture(autouse=True)
def _no_hurry(settings: Settings) -> None:
    settings.SEND_INTERVAL_SECONDS = 0


@pytest.fixture
def page(alice: User) -> Client:
    """Alice's browser."""
    client = Client()
    client.force_login(alice)
    return client


def begin(conversation: Conversation, question: str, *, at: datetime = NOON) -> Run:
    """Ask and let the answer begin."""
    talk.say(conversation, question, at=at)
    run = next_run(conversation_id=conversation.pk, at=at).run
    assert run
    return run


def finish(run: Run, text: str, *, at: datetime = NOON) -> Message:
    endings.finish(run=run, result=Result("stop", text), at=at)
    return Message.objects.get(run_id=run.pk)


@pytest.fixture
def crossed(conversation: Conversation) -> Conversation:
    """Return a conversation with a second question that came while the first was answered."""
    run = begin(conversation, "one")
    talk.say(conversation, "two")
    finish(run, "answer to one", at=LATER)
    return conversation


def shown(page: Client, conversation: Conversation, query: str) -> list[int]:
    """Return the positions of the entries that a stretch shows, from above."""
    html = page.get(f"/conversations/{conversation.pk}/messages/?{query}").content.decode()
    return [int(position) for position in ENTRY.findall(html)]


@pytest.mark.parametrize("query", ["newest", "after=0", "before=9"])
def test_an_answer_stands_behind_its_question_however_it_is_loaded(
    page: Client, crossed: Conversation, query: str
) -> None:
    assert shown(page, crossed, query) == [1, 3, 2]
    second = next_run(conversation_id=crossed.pk, at=LATER).run
    assert second
    finish(second, "answer to two", at=LATER)
    assert shown(page, crossed, query) == [1, 3, 2, 4]


def test_the_page_itself_shows_the_same_order(page: Client, crossed: Conversation) -> None:
    html = page.get(f"/conversations/{crossed.pk}/").content.decode()
    assert ENTRY.findall(html) == ["1", "3", "2"]


def test_positions_stay_the_order_of_writing(crossed: Conversation, alice: User) -> None:
    found = selectors.page(crossed, factories.staff(alice)).messages
    assert [(row.position, row.behind) for row in found] == [(1, None), (2, None), (3, 1)]
    answer = message_object(found[-1])
    assert answer["behind"] == 1
    assert (visitor_message(answer) or {})["behind"] == 1


def test_an_answer_stands_below_the_lines_that_were_there_when_it_began(
    page: Client, conversation: Conversation, alice: User
) -> None:
    talk.say(conversation, "one")
    note = Draft(text="a regular", kind=Message.Kind.NOTE)
    post(conversation=conversation, by=factories.staff(alice), draft=note, at=NOON)
    run = next_run(conversation_id=conversation.pk, at=NOON).run
    assert run
    post(conversation=conversation, by=factories.staff(alice), draft=note, at=NOON)
    finish(run, "answer")
    assert shown(page, conversation, "newest") == [1, 2, 4, 3]


def test_who_opens_the_page_meanwhile_is_told_where_the_answer_stands(
    conversation: Conversation,
) -> None:
    run = begin(conversation, "one")
    talk.say(conversation, "two")
    assert objects.started(run, run.assistant)["behind"] == 1
    first, *others = objects.snapshot(run, attempt=1, text="x" * 9000)
    assert first["behind"] == 1
    assert not any("behind" in chunk for chunk in others)


def test_an_answer_above_an_open_question_cannot_be_written_anew(crossed: Conversation) -> None:
    crossed.refresh_from_db()
    run = Run.objects.get()
    assert newest_answer(crossed) is None
    with pytest.raises(runs.NotNewestError):
        runs.regenerate(run=run, at=LATER)
    second = next_run(conversation_id=crossed.pk, at=LATER).run
    assert second
    assert newest_answer(crossed) is None
    answer = finish(second, "answer to two", at=LATER)
    crossed.refresh_from_db()
    assert newest_answer(crossed) == answer.pk


def test_a_question_in_other_words_leaves_the_answer_above_it_alone(
    crossed: Conversation, alice: User
) -> None:
    crossed.refresh_from_db()
    question = crossed.messages.get(position=2)
    by = factories.staff(alice)
    Message.objects.filter(pk=question.pk).update(actor=by.reference)
    question.refresh_from_db()
    runs.reword(message=question, text="rather three", by=by, at=LATER)
    assert Message.objects.get(position=3).error == ""


def test_a_day_has_one_heading_though_an_answer_was_finished_after_midnight(
    page: Client, conversation: Conversation
) -> None:
    evening = NOON.replace(hour=23, minute=59)
    run = begin(conversation, "one", at=evening)
    talk.say(conversation, "two", at=evening)
    finish(run, "answer", at=evening + timedelta(minutes=2))
    talk.say(conversation, "three", at=evening + timedelta(minutes=3))
    html = page.get(f"/conversations/{conversation.pk}/messages/?after=0").content.decode()
    assert re.findall(r'data-day="([\d-]+)"', html) == ["2026-11-20", "2026-11-21"]


def test_a_message_below_an_answer_says_who_wrote_it(page: Client, crossed: Conversation) -> None:
    talk.say(crossed, "three", at=LATER)
    rows = {row.position: row.pk for row in crossed.messages.all()}
    address = f"/conversations/{crossed.pk}/messages/"
    assert "message--grouped" not in page.get(f"{address}{rows[2]}/").content.decode()
    assert "message--grouped" in page.get(f"{address}{rows[4]}/").content.decode()
    assert page.get(f"{address}?after=0").content.decode().count("message--grouped") == 1
    assert "message--grouped" in page.get(f"{address}?after=3").content.decode()


def test_answers_from_before_stand_where_they_began(crossed: Conversation) -> None:
    note = Draft(text="a regular", kind=Message.Kind.NOTE)
    post(conversation=crossed, by=factories.staff(factories.person("bob")), draft=note, at=NOON)
    last = finish(begin(crossed, "three"), "third")
    began = dict(Message.objects.values_list("pk", "behind"))
    Message.objects.update(behind=None)
    module = import_module("chats.migrations.0010_where_answers_began")
    module.let_them_stand_where_they_began(apps, None)
    assert dict(Message.objects.values_list("pk", "behind")) == {**began, last.pk: None}


def test_an_answer_that_began_before_an_upgrade_stands_by_its_question(
    conversation: Conversation,
) -> None:
    run = begin(conversation, "one")
    Run.objects.update(behind=None)
    talk.say(conversation, "two")
    run.refresh_from_db()
    assert finish(run, "first").behind == 1
