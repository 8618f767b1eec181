"""Adapting: what a refusal teaches of a model, for each server that we know of."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from chats.engine import adaptations, refusals, requests
from chats.engine.adaptations import Sent
from chats.engine.parts import Json, ModelRequest
from chats.engine.requests import Defaults
from chats.engine.traits import SCALE, WINDOW, Trait, Traits
from tests.chats.engine.refusals import Row, rows

HALF = str((1000 + 4096) // 2)
PICTURE: Json = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
TOOL: Json = {
    "type": "function",
    "function": {
        "name": "search_knowledge",
        "description": "Search.",
        "parameters": {
            "type": "object",
            "properties": {"query": {"type": "string", "maxLength": 200}},
            "required": ["query"],
            "additionalProperties": False,
        },
    },
}
CALL: Json = {
    "id": "c1",
    "type": "function",
    "function": {"name": "search_knowledge", "arguments": '{"query":"lamp"}'},
}


def request_of(row: Row) -> ModelRequest:
    sent = dict(row.sent)
    asked: Json = {"role": "user", "content": sent.pop("said", "What is this?")}
    if sent.pop("image", False):
        asked["content"] = [{"type": "text", "text": "What is this?"}, PICTURE, PICTURE]
    messages: list[Json] = [{"role": "system", "content": "Be kind."}, asked]
    if sent.pop("called", False):
        messages += [
            {"role": "assistant", "content": "", "tool_calls": [CALL]},
            {"role": "tool", "tool_call_id": "c1", "content": "A lamp."},
        ]
    tools = () if sent.pop("no tools", False) else (TOOL,)
    return ModelRequest("a-model", messages, tools, {"temperature": 0.3, **sent})


def body_of(body: Any) -> bytes:
    return body.encode() if isinstance(body, str) else orjson.dumps(body)


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.server}-{row.status}-{row.then}")
def test_a_refusal_teaches(row: Row) -> None:
    known = Traits(Trait(*found) for found in row.after)
    body = requests.body_of(request_of(row), known, Defaults(4096))
    sent = Sent(body, known, 1000)
    refusal = refusals.parsed(row.status, body_of(row.body))
    traits = adaptations.traits_of(refusal, sent)
    learnt = [trait for trait in traits if trait.kind != SCALE]
    shown = [(t.kind, t.subject, "half" if t.value == HALF else t.value) for t in learnt]
    assert sorted(shown) == sorted(tuple(found) for found in row.learnt)
    assert all(trait.is_lasting == row.is_kept for trait in learnt)
    assert all(trait.is_sure == row.is_sure for trait in learnt if trait.is_lasting)
    if learnt:
        assert learnt[0].words == refusal.words
    if learnt and learnt[0].kind != WINDOW:
        assert requests.body_of(request_of(row), known.extended(traits), Defaults(4096)) != body


def test_the_docs_show_the_same_table() -> None:
    text = (Path(__file__).parents[3] / "docs" / "models.md").read_text(encoding="utf-8")
    section = text.partition("## What servers refuse\n")[2].partition("\n## ")[0]
    shown = [line.strip("| ").split(" | ") for line in section.splitlines() if line[:3] != "|--"]
    lines = {(cells[0], cells[1], cells[-1]) for cells in shown if len(cells) > 3}
    assert lines - {("server", "status", "then")} == {
        (row.server, str(row.status), row.then) for row in rows()
    }
