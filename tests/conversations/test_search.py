"""Search: by name, email, phone, external id, title and messages, on both databases."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection

import channels_layer.search
from channels_layer.search import postgres, sqlite
from conversations import search
from conversations.models import Contact, Conversation, Message
from conversations.services import contacts, conversations, messages
from conversations.services.messages import Draft
from handoff import services as handoff
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True, params=["as they are", "all common", "all rare"])
def _ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Find the words by each way there is; what is found is the same."""
    common = {"all common": 0, "all rare": 10**9}.get(request.param)
    if common is not None:
        monkeypatch.setattr(sqlite, "COMMON", common)
        monkeypatch.setattr(postgres, "COMMON", common)


def found(text: str, *, is_small: bool = False) -> set[UUID]:
    rows = search.matching(Conversation.objects.all(), text, is_small=is_small)
    return set(rows.values_list("pk", flat=True))


def say(conversation: Conversation, text: str, by: User, *, note: bool = False) -> Message:
    kind = Message.Kind.NOTE if note else Message.Kind.MESSAGE
    message, _ = messages.post(
        conversation=conversation,
        by=factories.staff(by),
        draft=Draft(text=text, kind=kind),
        at=factories.NOON + timedelta(seconds=10 * conversation.messages.count()),
    )
    return message


@pytest.fixture
def maya(db: None) -> Conversation:
    """A conversation of Maya's; another one, of Victor's, must never be found here."""
    factories.conversation()
    contact: Contact = factories.ContactFactory.create(
        name="Maya Lindqvist", email="m.l@lindqvist.example", phone="+46703184402"
    )
    return factories.conversation(contact=contact)


@pytest.mark.parametrize("is_small", [False, True])
@pytest.mark.parametrize(
    "text",
    ["maya", "LINDQVIST", "lind may", "m.l@lindq", "+46 70 318", "8440", "  Maya  ", "ya li"],
)
def test_finds_by_what_is_known_of_the_contact(
    maya: Conversation, text: str, *, is_small: bool
) -> None:
    assert found(text, is_small=is_small) == {maya.pk}


def test_finds_by_external_id_and_title(maya: Conversation, noon: datetime) -> None:
    conversations.rename(conversation=maya, title="Broken shade, order 88", at=noon)
    assert found(maya.external_id.upper()) == {maya.pk}
    assert found("shade 88") == {maya.pk}


@pytest.mark.parametrize("is_small", [False, True])
@pytest.mark.parametrize(
    "text", ["ordeR a-88123", "88123", "flickers", "lamp flick", "100%", "snake_case", 'say "hi"']
)
def test_finds_by_what_was_said(
    maya: Conversation, alice: User, text: str, *, is_small: bool
) -> None:
    say(maya, 'The lamp flickers: order A-88123, 100% sure, snake_case, they say "hi".', alice)
    assert found(text, is_small=is_small) == {maya.pk}


@pytest.mark.parametrize(
    "text", ["nobody", "maya flickers nobody", "%", "__", "maya%", "flick_rs", '"', "*", "'", "\\"]
)
def test_finds_nothing_else(maya: Conversation, alice: User, text: str) -> None:
    say(maya, "The lamp flickers", alice)
    assert found(text) == set()


def test_words_stand_in_one_message(maya: Conversation, alice: User) -> None:
    say(maya, "The lamp", alice)
    say(maya, "flickers", alice)
    assert found("lamp flickers") == set()


def test_notes_are_found_and_system_lines_are_not(
    maya: Conversation, alice: User, noon: datetime
) -> None:
    say(maya, "Careful: chargeback", alice, note=True)
    handoff.join(floor=maya, by=factories.staff(alice), at=noon)
    assert found("chargeback") == {maya.pk}
    assert found("asked to take over") == set()


def test_other_letters(maya: Conversation, alice: User) -> None:
    say(maya, "Ström är för dyr, 退款请求", alice)
    for text in ("STRÖM", "退款请", "ÄR FÖR", "för dyr"):
        assert found(text) == {maya.pk}, text


def test_short_words_look_at_names_and_the_last_message(maya: Conversation, alice: User) -> None:
    assert found("li") == {maya.pk}
    say(maya, "退款 ok", alice)
    assert found("退款") == {maya.pk}
    assert found("退款 ok") == {maya.pk}


def test_long_and_short_words_together(maya: Conversation, alice: User) -> None:
    say(maya, "Size XL of the lamp", alice)
    say(factories.conversation(), "Size of the lamp", alice)
    assert found("lamp xl") == {maya.pk}
    assert found("lamp zz") == set()


@pytest.mark.parametrize(
    ("word", "part"),
    [
        ("+46700000123", "000123"),
        ("nh-0001472", "001472"),
        ("nh-0999990", "nh-0999990"),
        ("11111111", "11111111"),
        ("lamp", "lamp"),
    ],
)
def test_an_index_is_asked_for_what_is_rare(word: str, part: str) -> None:
    """Numbers differ at their end; one of few trigrams is asked for as a whole."""
    assert postgres.rarest(word) == part


def test_empty_search_finds_everything(maya: Conversation) -> None:
    assert found("  ") == found("\x00") == set(Conversation.objects.values_list("pk", flat=True))


def test_changes_are_followed(maya: Conversation, alice: User, noon: datetime) -> None:
    message = say(maya, "First words", alice)
    message.text = "Second thoughts"
    message.save(update_fields=["text"])
    assert found("first words") == set()
    assert found("second thoughts") == {maya.pk}
    assert maya.contact is not None
    contacts.update(contact=maya.contact, name="Olivia", at=noon)
    assert found("maya lindqvist") == set()
    assert found("olivia") == {maya.pk}
    conversations.delete(conversation=maya, at=noon)
    assert found("second thoughts") == found("olivia") == set()


def test_newest_hits_come_first(maya: Conversation, alice: User) -> None:
    say(maya, "common word", alice)
    later = factories.conversation(at=factories.NOON + timedelta(days=1))
    say(later, "common word", alice)
    rows = search.matching(Conversation.objects.all(), "common")
    ordered = rows.order_by("-last_message_at", "-id").values_list("pk", flat=True)
    assert list(ordered) == [later.pk, maya.pk]


def test_newest_messages_count_where_there_are_too_many(
    maya: Conversation, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    younger = factories.conversation()
    say(younger, "common word", alice)
    say(maya, "common word", alice)
    monkeypatch.setattr(channels_layer.search, "MOST_HITS", 1)
    monkeypatch.setattr(postgres, "COMMON", 10**9)
    assert found("common") == {maya.pk}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's triggers")
def test_lost_triggers_are_noticed_after_a_migration(maya: Conversation, alice: User) -> None:
    with connection.cursor() as cursor:
        for trigger in sqlite.triggers(search.MESSAGES):
            cursor.execute(f"DROP TRIGGER {trigger}")
    say(maya, "Written in the dark", alice)
    assert found("in the dark") == set()
    call_command("migrate", verbosity=0)
    assert found("in the dark") == {maya.pk}
    say(maya, "Written in the light", alice)
    assert found("in the light") == {maya.pk}
