"""The shop's system in the drills: it asks, and remembers what was accepted."""

import secrets
import time
from http import HTTPStatus
from typing import Any

import httpx

from config import env
from tests.journeys import client as contract
from tests.servers import ports
from tests.servers.parley import AppProcesses

QUESTION = "What is your policy for a lamp that arrived damaged?"
RECOVERY = 15.0
"""Seconds within which what a process was doing goes on after its death."""
AWAY = 60.0
"""Seconds that a database may be away; a reader waits no longer."""


class Shop:
    """A client with a key of all scopes, in the name of the demo's API source."""

    def __init__(self, app: AppProcesses, demo: dict[str, Any]) -> None:
        self.app = app
        self.client: httpx.Client = contract.with_key(app.url, demo["api_key"])
        self.source: str = next(row["id"] for row in demo["sources"] if row["kind"] == "api")
        self.acknowledged: list[str] = []
        self._model = httpx.Client(base_url=_model_url(app), timeout=30)

    def close(self) -> None:
        """Close the connections."""
        self.client.close()
        self._model.close()

    def ask(self, text: str = QUESTION) -> str:
        """Begin a conversation with a question; return its id."""
        conversation = self.begin()
        assert self.say(conversation, text, secrets.token_hex(8)) == httpx.codes.CREATED
        return conversation

    def begin(self) -> str:
        """Begin a conversation without a message; return its id."""
        customer = {"external_id": secrets.token_hex(6), "name": "Victor"}
        body = {"source": self.source, "contact": customer}
        answer = self.client.post("/api/v1/conversations/", json=body)
        assert answer.status_code == httpx.codes.CREATED, answer.text
        identifier: str = answer.json()["id"]
        return identifier

    def say(self, conversation: str, text: str, client_id: str) -> int:
        """Write as the customer; return the status, and record accepted messages."""
        answer = self.client.post(
            f"/api/v1/conversations/{conversation}/customer-messages/",
            json={"text": text, "client_id": client_id},
        )
        line = f"{conversation} {client_id}"
        if answer.is_success and line not in self.acknowledged:
            self.acknowledged.append(line)
        return answer.status_code

    def events(self, conversation: str) -> list[contract.Json]:
        """Read the log of a conversation, checked for gaps; wait for a database that is away."""
        found: list[contract.Json] = []
        until = time.monotonic() + AWAY
        while True:
            place: dict[str, str | int] = {
                "topic": f"conversation:{conversation}",
                "after": len(found),
                "limit": 100,
            }
            answer = self.client.get("/api/v1/events/", params=place)
            if answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE and time.monotonic() < until:
                time.sleep(0.2)
                continue
            answer.raise_for_status()
            page = answer.json()["results"]
            found += page
            if not page:
                break
        assert [event["seq"] for event in found] == list(range(1, len(found) + 1))
        return found

    def of(self, conversation: str, type_: str) -> list[contract.Json]:
        """Return the data of all events of one type."""
        log = self.events(conversation)
        return [event["data"] for event in log if event["type"] == type_]

    def wait_for(self, conversation: str, type_: str, *, within: float = RECOVERY) -> float:
        """Wait for an event; return the seconds it took."""
        what = f"{type_} in {conversation}"
        return ports.wait_for(what, lambda: bool(self.of(conversation, type_)), within=within)

    def assert_answered_once(self, conversation: str) -> None:
        """Assert that the one question has one run, one end and one whole answer."""
        ends = self.of(conversation, "end")
        said = self.of(conversation, "message.created")
        answers = [message for message in said if message["author"]["kind"] == "assistant"]
        assert [end["reason"] for end in ends] == ["stop"]
        assert [answer["id"] for answer in answers] == [ends[0]["message_id"]]
        assert len(answers[0]["text"]) == ends[0]["text_length"]

    def run(self, conversation: str) -> contract.Json:
        """Return the newest run of a conversation, as it is now."""
        identifier = self.of(conversation, "run.started")[-1]["run"]
        found: contract.Json = self.client.get(f"/api/v1/runs/{identifier}/").json()
        return found

    def model_requests(self, token: str) -> list[contract.Json]:
        """Return what the demo model logged of the answers to a question with ``token``."""
        log: list[contract.Json] = self._model.get("/_log").json()
        return [
            entry
            for entry in log
            if entry["body"].get("stream") and token in str(entry["body"]["messages"])
        ]


def _model_url(app: AppProcesses) -> str:
    """Return where the instance's demo model is."""
    lines = (app.data_dir / env.RUN_FILE).read_text().splitlines()
    named = dict(line.split("=", 1) for line in lines)
    return named["LLM_BASE_URL"].removesuffix("/v1")
