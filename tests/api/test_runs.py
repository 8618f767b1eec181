"""Answers in the making: /api/v1/runs/<id>/, tool-calls/ and what a conversation took."""

from datetime import datetime

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from channels_layer.ids import new_id
from chats.models import Run, ToolCall
from chats.services import endings
from chats.services.endings import Result
from conversations.models import Conversation
from handoff import services as handoff
from tests.api.clients import V1, refusal, system
from tests.api.conftest import REFUND
from tests.factories import staff

pytestmark = pytest.mark.both_databases


def test_shows_a_run(api: APIClient, run: Run) -> None:
    shown = api.get(f"{V1}/runs/{run.pk}/").json()

    assert (shown["id"], shown["status"], shown["attempt"]) == (str(run.pk), "running", 1)
    assert shown["conversation"] == str(run.conversation_id)
    assert shown["usage"]["input_tokens"] == 0


def test_stops_a_run(api: APIClient, run: Run) -> None:
    response = api.post(f"{V1}/runs/{run.pk}/cancel")

    assert response.status_code == 202
    run.refresh_from_db()
    assert run.cancel_requested_at is not None


def test_does_not_stop_what_has_ended(api: APIClient, run: Run, noon: datetime) -> None:
    endings.finish(run=run, result=Result("stop", "Hello!"), at=noon)

    assert refusal(api.post(f"{V1}/runs/{run.pk}/cancel")) == (409, "not_running")
    assert api.get(f"{V1}/runs/{run.pk}/").json()["reason"] == "stop"


def test_a_key_needs_the_scope_to_stop(run: Run) -> None:
    reader, writer = system("conversations:read"), system("conversations:write")

    assert reader.get(f"{V1}/runs/{run.pk}/").status_code == 200
    assert refusal(reader.post(f"{V1}/runs/{run.pk}/cancel")) == (403, "forbidden")
    assert writer.post(f"{V1}/runs/{run.pk}/cancel").status_code == 202


@pytest.mark.parametrize("path", ["", "cancel"])
def test_hides_what_does_not_exist(path: str, api: APIClient) -> None:
    method = api.post if path else api.get
    assert refusal(method(f"{V1}/runs/{new_id()}/{path}")) == (404, "not_found")


def test_lists_what_waits_for_a_decision(api: APIClient, call: ToolCall) -> None:
    (row,) = api.get(f"{V1}/tool-calls/", {"status": "pending"}).json()["results"]

    assert row == api.get(f"{V1}/tool-calls/{call.pk}/").json()
    assert (row["name"], row["arguments"]) == ("issue_refund", REFUND)
    assert (row["needs_approval"], row["decided_by"], row["result"]) == (True, None, None)
    assert api.get(f"{V1}/tool-calls/", {"status": "done"}).json()["results"] == []


def test_exactly_one_decision_wins(
    api: APIClient, bobs: APIClient, alice: User, call: ToolCall
) -> None:
    path = f"{V1}/tool-calls/{call.pk}"
    approved = api.post(f"{path}/approve", {"arguments": {"amount": 150}})
    assert (approved.status_code, approved.json()["status"]) == (200, "ready")
    assert approved.json()["arguments"] == {"amount": 150}
    assert approved.json()["decided_by"] == {"sender": f"user:{alice.pk}", "name": "Alice"}

    for decision in ("approve", "deny"):
        response = bobs.post(f"{path}/{decision}", {})
        assert refusal(response) == (409, "already_decided")
        assert response.json()["decided_by"] == "Alice"


def test_denies_with_a_note(api: APIClient, call: ToolCall) -> None:
    denied = api.post(f"{V1}/tool-calls/{call.pk}/deny", {"note": "Above the limit"}).json()

    assert (denied["status"], denied["note"]) == ("denied", "Above the limit")
    assert "Above the limit" in denied["result"]["error"]


def test_nothing_is_decided_after_a_takeover(
    api: APIClient, alice: User, call: ToolCall, noon: datetime
) -> None:
    conversation = Conversation.objects.get(pk=call.run.conversation_id)
    handoff.take(floor=conversation, by=staff(alice), at=noon)

    response = api.post(f"{V1}/tool-calls/{call.pk}/approve", {})
    assert refusal(response) == (409, "already_decided")


def test_refuses_lone_surrogates(api: APIClient, call: ToolCall) -> None:
    body = '{"arguments": {"why": "\\ud800"}}'
    path = f"{V1}/tool-calls/{call.pk}/approve"
    response = api.post(path, body, content_type="application/json")

    assert refusal(response) == (400, "invalid")
    assert list(response.json()["fields"]) == ["arguments"]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("approve", {"arguments": "all"}, "arguments"),
        ("approve", {"arguments": {"why": ["a", {"b": "\x00"}]}}, "arguments"),
        ("approve", {"arguments": {"\x00": 1}}, "arguments"),
        ("approve", {"note": "x" * 501}, "note"),
        ("deny", {"note": ["x"]}, "note"),
    ],
)
def test_refuses_what_is_malformed(
    path: str, body: dict[str, object], field: str, api: APIClient, call: ToolCall
) -> None:
    response = api.post(f"{V1}/tool-calls/{call.pk}/{path}", body)

    assert refusal(response) == (400, "invalid")
    assert list(response.json()["fields"]) == [field]


def test_refuses_an_unknown_status(api: APIClient) -> None:
    response = api.get(f"{V1}/tool-calls/", {"status": "lost"})

    assert refusal(response) == (400, "invalid")
    assert list(response.json()["fields"]) == ["status"]


def test_counts_what_a_conversation_took(api: APIClient, call: ToolCall) -> None:
    took = api.get(f"{V1}/conversations/{call.run.conversation_id}/usage/").json()

    assert (took["input_tokens"], took["output_tokens"], took["calls"]) == (100, 20, 1)
    assert [row["purpose"] for row in took["purposes"]] == ["answer"]
    assert took["duration_seconds"] == 0


def test_refuses_strangers(anonymous: APIClient, strangers: APIClient, call: ToolCall) -> None:
    for path in (
        f"runs/{call.run_id}/",
        "tool-calls/",
        f"tool-calls/{call.pk}/",
        f"conversations/{call.run.conversation_id}/usage/",
    ):
        assert refusal(anonymous.get(f"{V1}/{path}")) == (401, "not_authenticated")
        assert refusal(strangers.get(f"{V1}/{path}")) == (403, "forbidden")
        assert refusal(system("chats:read").get(f"{V1}/{path}")) == (403, "forbidden")
    for path in ("approve", "deny"):
        response = strangers.post(f"{V1}/tool-calls/{call.pk}/{path}", {})
        assert refusal(response) == (403, "forbidden")
