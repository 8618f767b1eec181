"""Two photos and a voice note at once, by a new customer: one conversation, one answer."""

from typing import Any

import pytest

from config import env
from tests.chats.servers import DemoModelServer
from tests.conversations.sources.whatsapp.graph import DemoGraphServer
from tests.journeys.client import with_key
from tests.servers import ports
from tests.servers.parley import AppProcesses

pytestmark = [pytest.mark.drill, pytest.mark.timeout(300)]

Json = dict[str, Any]
NAME = "Nina Berg"


def variable_of(app: AppProcesses, variable: str) -> str:
    """Return an environment variable of the running instance."""
    lines = (app.data_dir / env.RUN_FILE).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)[variable]


def test_a_burst_of_files_is_one_conversation_with_one_answer(app: AppProcesses) -> None:
    phone = DemoGraphServer(variable_of(app, "WHATSAPP_GRAPH_URL"))
    person = phone.phone("person", name=NAME)
    with with_key(app.url, app.demo()["api_key"]) as client:

        def conversations() -> list[Json]:
            listed = client.get("/api/v1/conversations/", params={"source": "whatsapp"}).json()
            return [one for one in listed["results"] if one["contact"]["name"] == NAME]

        def said() -> list[Json]:
            (conversation,) = conversations()
            found = client.get(f"/api/v1/conversations/{conversation['id']}/messages/").json()
            return [one for one in found["results"] if one["kind"] == "message"]

        phone.phone("burst", person=person["id"])
        ports.wait_for("the burst", lambda: bool(conversations()) and len(said()) >= 3, within=30)
        ports.wait_for("the answer", lambda: len(said()) >= 4, within=60)
        app.assert_sound(within=60)

        files = [file for message in said()[:3] for file in message["attachments"]]
        known = [file["description"] or file["transcript"] for file in files]
        assert [message["author"]["kind"] for message in said()] == [
            *("customer", "customer", "customer"),
            "assistant",
        ]
        assert len(files) == 3
        assert all(known)
        assert conversations()[0]["turn_count"] == 1
    # The model sees the pictures themselves, and reads what is said in the voice note.
    questions = questions_with_audio(app)
    assert questions
    for parts in questions:  # one for each step of the answer
        assert [part["type"] for part in parts].count("image_url") == 2
        assert known[2] in "\n".join(part.get("text", "") for part in parts)
    assert len(sent(phone, person["id"])) == 1


def questions_with_audio(app: AppProcesses) -> list[list[Json]]:
    """Return the parts of each question that concern a voice note."""
    log = DemoModelServer(variable_of(app, "LLM_BASE_URL")).log()
    streams = [entry["body"]["messages"] for entry in log if entry["body"].get("stream")]
    questions = [[part for one in messages for part in parts_of(one)] for messages in streams]
    return [parts for parts in questions if "What is said in it" in str(parts)]


def parts_of(message: Json) -> list[Json]:
    """Return a message as models get it: a string, or parts."""
    content = message["content"] or ""
    return content if isinstance(content, list) else [{"type": "text", "text": content}]


def sent(phone: DemoGraphServer, person: str) -> list[Json]:
    """Return what arrived on the customer's phone."""
    (chat,) = [one for one in phone.state()["chats"] if one["person"] == person]
    return [item for item in chat["items"] if not item["is_mine"]]
