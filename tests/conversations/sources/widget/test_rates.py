"""Rates: how much visitors, addresses and widgets may begin within a time."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from channels_layer.access.actors import System
from conversations.models import Conversation
from conversations.sources.widget.models import VisitorToken, Widget
from conversations.sources.widget.services import rates
from conversations.sources.widget.services.rates import MINUTE, Rate
from handoff import services as handoff
from tests.conversations.sources.widget.conftest import Frame

HOME, OFFICE = "203.0.113.7", "198.51.100.9"


def allow(monkeypatch: pytest.MonkeyPatch, name: str, most: int) -> None:
    monkeypatch.setattr(rates, name, Rate(most, MINUTE))


def test_a_flood_of_sessions_from_one_address_is_refused(
    widget: Widget, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(monkeypatch, "SESSIONS_PER_ADDRESS", 2)
    frame = Frame(widget)
    frame.open()
    frame.open()

    response = frame.post("session")

    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 60
    assert int(response["Retry-After"]) >= response.json()["retry_after"] > 0


def test_a_flood_of_sessions_at_a_widget_locks_no_newcomer_out(
    widget: Widget, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(monkeypatch, "SESSIONS_PER_WIDGET", 4)
    greedy, newcomer = Frame(widget), Frame(widget)
    newcomer.address = OFFICE
    for _ in range(4):
        greedy.open()

    assert greedy.post("session").status_code == 429
    assert greedy.post("session", {"token": greedy.token}).status_code == 200
    assert newcomer.post("session").status_code == 200


@pytest.mark.parametrize("external_id", ["", "42"])
def test_who_continues_the_session_again_and_again_has_to_wait(
    victor: Frame, stranger: Frame, external_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(monkeypatch, "SESSIONS_PER_VISITOR", 2)
    body: dict[str, Any] = {"token": victor.token}
    if external_id:
        victor.open(identity=victor.identity(external_id))
        body = {"token": victor.token, "identity": victor.identity(external_id)}
    answers = [victor.post("session", body) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < answers[2].json()["retry_after"] <= 30
    assert stranger.post("session", {"token": stranger.token}).status_code == 200


def test_one_contact_is_given_so_many_tokens(
    widget: Widget, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(monkeypatch, "SESSIONS_PER_VISITOR", 2)
    maya = Frame(widget)
    body = {"identity": maya.identity("42")}
    answers = [maya.post("session", body) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert maya.post("session", {"identity": maya.identity("43")}).status_code == 200


def test_addresses_are_kept_as_keyed_hashes(victor: Frame, settings: LazySettings) -> None:
    conversation = Conversation.objects.get(pk=victor.start())
    kept = VisitorToken.objects.get().address

    assert kept == conversation.address == rates.hashed_address(HOME) != ""
    settings.SECRET_KEY = "another key, so another hash of the same address"
    assert rates.hashed_address(HOME) != kept


def test_neighbours_in_one_ipv6_network_count_as_one() -> None:
    first, second = "2001:db8::1", "2001:db8::ffff"

    assert rates.hashed_address(first) == rates.hashed_address(second)
    assert rates.hashed_address(first) != rates.hashed_address("2001:db8:0:1::1")
    assert rates.hashed_address("no address") == ""


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.0.1", "::1"])
def test_an_undeclared_proxy_s_visitors_do_not_count_as_one(address: str) -> None:
    assert rates.hashed_address(address) == ""


def test_a_flood_of_conversations_is_refused(
    victor: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rates, "STARTS_PER_VISITOR", (Rate(1, MINUTE),))
    victor.start(client_id="a")

    assert victor.post("conversations").status_code == 429
    assert victor.post("conversations", {"client_id": "a"}).status_code == 200


def test_many_visitors_of_one_address_begin_no_flood_of_conversations(
    victor: Frame, stranger: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(monkeypatch, "STARTS_PER_ADDRESS", 1)
    victor.start()

    assert stranger.post("conversations").status_code == 429
    stranger.address = OFFICE
    assert stranger.post("conversations").status_code == 201


def test_a_visitor_writes_in_so_many_conversations_at_once(
    victor: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rates, "TALKS_PER_VISITOR", (Rate(1, MINUTE),))
    first, second = victor.start(), victor.start()
    old = Conversation.objects.get(pk=second)
    Conversation.objects.update(last_message_at=old.last_message_at - timedelta(minutes=2))

    assert victor.say(first, "Where is it?", client_id="a").status_code == 201
    assert victor.say(first, "And the other one?").status_code == 201
    refused = victor.say(second, "Hello?")

    assert (refused.status_code, refused.json()["code"]) == (429, "too_fast")
    assert victor.say(first, "Where is it?", client_id="a").status_code == 200


def test_who_is_refused_takes_no_lock(victor: Frame) -> None:
    talks = [victor.start() for _ in range(16)]
    for one in talks[:-1]:
        assert victor.say(one, "Hello?").status_code == 201
    with CaptureQueriesContext(connection) as queries:
        refused = victor.say(talks[-1], "Hello?")

    assert (refused.status_code, refused.json()["code"]) == (429, "too_fast")
    assert 0 < refused.json()["retry_after"] <= 15
    assert not [one for one in queries if not one["sql"].startswith("SELECT")]


@pytest.mark.both_databases
def test_who_requests_a_person_again_and_again_has_to_wait(
    victor: Frame, stranger: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(monkeypatch, "ESCALATIONS_PER_VISITOR", 2)
    conversation = victor.start()
    for _ in range(2):
        assert victor.post(f"conversations/{conversation}/escalate").status_code == 200
        assert victor.post(f"conversations/{conversation}/escalate").status_code == 200
        row = Conversation.objects.get(pk=conversation)
        handoff.release(floor=row, by=System(), at=row.changed_at)

    assert victor.post(f"conversations/{conversation}/escalate").status_code == 429
    assert stranger.post(f"conversations/{stranger.start()}/escalate").status_code == 200
