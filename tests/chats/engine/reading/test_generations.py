"""Generations: what a model wrote and its server could not read is read in place of asking anew."""

import json
from typing import Any

import pytest

from chats.engine.reading.generations import generation_in
from tests.chats.engine.reading.streams import DONE, chunk, event, read, texts

LAMP = '{"query": "lamp"}'
FORMS = [
    f"<function=search_knowledge>{LAMP}</function>",
    f"<function=search_knowledge{LAMP}</function>",
    f"<function=search_knowledge,{LAMP}</function>",
    f"<function=search_knowledge={LAMP}>",
    f"<function=search_knowledge [{LAMP}] </function>",
    f"<function=search_knowledge{LAMP},-------------",
    f"<function=search_knowledge>{LAMP}<function>",
    f"<function/search_knowledge>{LAMP}</function>",
    f"<function(search_knowledge){LAMP}</function>",
    '<function=search_knowledge(query="lamp")</function>',
    f"search_knowledge{LAMP}</function>",
    'search_knowledge(query="lamp")',
    f'<tool-use>\n{{"tool_calls": [{{"id": "pending", "type": "function", "function":'
    f' {{"name": "search_knowledge"}}, "parameters": {LAMP}}}]}}\n</tool-use>',
    f'```\n{{"tool_calls": [{{"name": "search_knowledge", "parameters": {LAMP}}}]}}',
    f'[\n{{"name": "search_knowledge", "parameters": {LAMP}}}\n]',
    f"<|channel|>commentary to=functions.search_knowledge<|message|>{LAMP}",
    f'<think>secret</think><tool_call>{{"name": "search_knowledge", "arguments": {LAMP}}}',
]


def failed(generation: Any, code: str = "tool_use_failed") -> dict[str, Any]:
    """Return Groq's error."""
    words = "Failed to call a function. See 'failed_generation' for more details."
    error = {"message": words, "type": "invalid_request_error", "code": code, "status_code": 400}
    return {"error": {**error, "failed_generation": generation}}


def packed(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Return ``body`` as gateways hand it on."""
    text = json.dumps(body)
    return [
        {"error": {"message": f"litellm.BadRequestError: GroqException - {text}", "code": "400"}},
        {"error": {"message": "Provider returned error", "code": 400, "metadata": {"raw": text}}},
        {"error": text},
        {"detail": f"Error code: 400 - {body!r}"},
        {"errors": [body]},
    ]


@pytest.mark.parametrize("text", FORMS)
def test_the_call_in_it_is_made(text: str) -> None:
    answer = read(b"event: error\n" + event(failed(text)))
    assert [(name, json.loads(arguments)) for name, arguments in answer.calls] == [
        ("search_knowledge", {"query": "lamp"})
    ]
    assert (answer.text, answer.finish, answer.error) == ("", "tool_calls", "")


@pytest.mark.parametrize("body", packed(failed(FORMS[0])))
def test_it_is_found_wherever_a_gateway_puts_it(body: dict[str, Any]) -> None:
    assert generation_in(body) == FORMS[0]
    assert [name for name, _ in read(event(body)).calls] == ["search_knowledge"]


def test_a_plain_text_is_the_answer() -> None:
    answer = read(event(failed("You may return it.")))
    assert (answer.text, answer.calls, answer.finish) == ("You may return it.", [], "stop")
    answer = read(event(failed(f"I look. {FORMS[0]}")))
    assert (answer.text.strip(), len(answer.calls)) == ("I look.", 1)


def test_a_call_of_no_tool_is_dropped() -> None:
    answer = read(event(failed("Yes.\n<function=fly>{}</function>")))
    assert (answer.text, answer.calls, answer.finish) == ("Yes.", [], "stop")
    assert read(event(failed("<function=fly>{}</function>")), tools=()).error == "unavailable"


@pytest.mark.parametrize(
    ("said", "generation", "seen"),
    [
        ("I look.", f"I look.\n{FORMS[0]}", "I look."),
        ("I look.", FORMS[0], "I look."),
        ("I lo", f"I look.\n{FORMS[0]}", "I look."),
        ("I look.", f"Something else.\n{FORMS[0]}", "I look."),
    ],
)
def test_what_was_shown_before_is_not_shown_twice(said: str, generation: str, seen: str) -> None:
    data = event(chunk({"content": said})) + event(failed(generation)) + DONE
    answer = read(data)
    assert (answer.seen.strip(), answer.error) == (seen, "")
    assert [name for name, _ in answer.calls] == ["search_knowledge"]


@pytest.mark.parametrize(
    "generation",
    [
        "",
        None,
        " \n",
        "<think>secret</think>",
        "<think>secret",
        '{"name": "search_knowledge", "arguments": {"query": ',
        "Tool use failed: JSON does not match the expected schema for tool calls",
    ],
)
def test_where_nothing_can_be_read_the_model_is_asked_anew(generation: object) -> None:
    answer = read(event(failed(generation)))
    assert (answer.error, answer.text, answer.calls) == ("unavailable", "", [])


def test_text_in_place_of_json_is_no_answer() -> None:
    assert generation_in(failed("Yes.", "json_validate_failed")) == ""


@pytest.mark.parametrize(
    "error", [{"error": {"message": "No."}}, {"error": "tool_use"}, [], "{", 3]
)
def test_other_errors_hold_none(error: object) -> None:
    assert generation_in(error) is None


def test_a_text_that_speaks_of_it_is_a_text() -> None:
    text = "Groq says tool_use_failed with its failed_generation {so}."
    assert read(texts(text)).text == text
