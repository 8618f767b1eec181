"""Bare calls: a call that only words announce, or nothing at all, and the text that is none."""

import orjson
import pytest

from chats.engine.parts import Json
from chats.engine.reading.habits import Habit
from tests.chats.engine.reading.streams import cut, read, texts, tool

CALL = '{"name": "request_handoff", "arguments": {"reason": "x"}}'
BARE = [
    'request_handoff(reason="x")',
    'request_handoff("x")',
    'request_handoff({"reason": "x"})',
    'functions.request_handoff(reason="x")',
    'request_handoff(reason="x")<|eom_id|>',
    '**request_handoff(reason="x")**',
    '`request_handoff(reason="x")`',
    'request_handoff{"reason": "x"}',
    'request_handoff: {"reason": "x"}',
    'request_handoff\n{"reason": "x"}',
    'request_handoff\n```json\n{"reason": "x"}\n```',
    'functions.request_handoff:0{"reason": "x"}',
]
ANNOUNCED = [
    'Action: request_handoff\nAction Input: {"reason": "x"}',
    'Action: `request_handoff`\nAction Input: {"reason": "x"}\nObservation:',
    'Action: request_handoff\nAction Input: ```json\n{"reason": "x"}\n```',
    '[Calling tool request_handoff with {"reason": "x"}]',
    'to=functions.request_handoff {"reason": "x"}',
    'commentary to=functions.request_handoff json{"reason": "x"}',
    'assistantcommentary to=functions.request_handoff json{"reason": "x"}',
    f"Tool call: {CALL}",
    f"Tool Call:\n```json\n{CALL}\n```",
    f"Action: ```json\n{CALL}\n```",
    f"**{CALL}**",
]
MARKED = [
    '```tool_call\nrequest_handoff\n{"reason": "x"}\n```',
    '```json\nrequest_handoff({"reason": "x"})\n```',
    "```yaml\nname: request_handoff\narguments:\n  reason: x\n```",
    "```yaml\nrequest_handoff:\n  reason: x\n```",
    f"~~~json\n{CALL}\n~~~",
    f"````json\n{CALL}\n````",
    '{"thought": "hm", "action": "request_handoff", "action_input": {"reason": "x"}}',
    "{name: 'request_handoff', arguments: {reason: 'x'}}",
    CALL.replace('"', '\\"'),
    CALL.replace("request_handoff", "REQUEST_HANDOFF"),
    "<start_function_call>call:request_handoff{reason:<escape>x<escape>}<end_function_call>",
    '<|tool_call>call:request_handoff{reason:<|"|>x<|"|>}<tool_call|>',
    '<tool_code>request_handoff(reason="x")</tool_code>',
    "<request_handoff><reason>x</reason></request_handoff>",
    '<request_handoff reason="x"/>',
    '<request_handoff>{"reason": "x"}</request_handoff>',
    '<steptml:invoke name="request_handoff"><steptml:parameter name="reason">x</steptml:parameter>'
    "</steptml:invoke>",
    f"[TOOL_REQUEST]\n{CALL}\n[END_TOOL_REQUEST]",
    '<|python_start|>[request_handoff(reason="x")]<|python_end|>',
    "<seed:tool_call>\n<function=request_handoff>\n<parameter=reason>x</parameter>\n</function>\n"
    "</seed:tool_call>",
    '<|tools_prefix|>[{"request_handoff": {"reason": "x"}}]<|tools_suffix|>',
    f"<|action_start|><|plugin|>\n{CALL}<|action_end|>",
    f"<tool>{CALL}</tool>",
    f"<function>{CALL}</function>",
    f"<action>{CALL}</action>",
    f"<tool_call>{CALL}</tool_call>\n</tool_call>",
    f"{CALL}\n</tool_call>",
]
WORDS = [
    tool("refund", {"amount": {"type": "number"}}, ["amount"]),
    tool("search", {"query": {"type": "string"}}, ["query"]),
    tool("close", {}),
]
"""Tools that are named by words which answers hold as well."""
NO_CALLS_OF_WORDS = [
    "yaml:\n```yaml\nname: search\nversion: 1\n```\nok",
    "```yaml\naction: search\n```",
    "```yaml\nrefund:\n  days: 14\n```",
    '```json\n{"name": "search", "version": 1}\n```',
    '```json\n{"name": "search"}\n```',
    '```json\n{"refund": {"days": 14}}\n```',
    '{"name": "search", "version": 1}',
    '{"refund": {"days": 14}}',
    "- [search(1)](http://x)",
    "<search><form></form></search>",
    "<search></search>",
    "It is so.\n\nAction: refund",
    "Function: refund",
    "call:search",
    "search()",
    'search: {"version": 1}',
    "search: {'version': 1}",
]
CALLS_OF_WORDS = [
    ("```yaml\nname: search\nquery: x\n```", "search", {"query": "x"}),
    ('{"name": "search", "query": "x"}', "search", {"query": "x"}),
    ('```json\n{"name": "refund", "arguments": {}}\n```', "refund", {}),
    ('{"name": "search", "arguments": {"words": "x"}}', "search", {"words": "x"}),
    ('<tool_call>{"name": "search", "words": "x"}</tool_call>', "search", {"words": "x"}),
    ("<tool_call>search</tool_call>", "search", {}),
    ('Action: search\nAction Input: {"words": "x"}', "search", {"words": "x"}),
    ("[search('x')]", "search", {"query": "x"}),
    ("refund(3)", "refund", {"amount": 3}),
    ("Action: close", "close", {}),
    ("close()", "close", {}),
]
HABITS = ((1, Habit.SEPARATE), (3, Habit.UNKNOWN), (1000, Habit.SEPARATE))
TEXTS = [
    "search_knowledge (all products) is fine.",
    "request_handoff is a tool.",
    "request_handoff(the reason)",
    "request_handoff {reason}",
    "request_handoff with {reason} asks for a person",
    "request_handoff { is how it begins",
    'request_handoff {"reason"} asks for a person',
    'request_handoff {"reason": …} asks for a person',
    "search_knowledge {query} in shop\nend",
    "Calling request_handoff with {reason} asks for a person",
    'search_knowledge(query="lamp")\n\nThis looks for lamps.',
    'The function `request_handoff(reason="x")` asks a person.',
    '```python\nresult = request_handoff(reason="x")\nprint(result)\n```',
    "```bash\nrequest_handoff --reason x\n```",
    "```yaml\nname: Ann\nage: 3\n```",
    "```yaml\nrequest:\n  a: 1\n```",
    "~~~\ncode\n~~~\n",
    "Action: call us tomorrow.",
    "Action: {soon}",
    "Action:\n- call\n- write",
    "Tool: hammer, nails.",
    "Tool call:\nsoon",
    "Function: f(x) = {x}",
    "[Calling us] is easy: [call](tel:1)",
    "Calling hours: 9 to 5",
    "call me (maybe)",
    "to=you, with love",
    "Use the <tool> tag, or <action>, in XML.",
    "<search_knowledge> is an element.",
    "<function>f</function>",
    "</b> and </p>, <b>bold</b>",
    "**Bold** text",
    "**{x}**",
    "* item\n* item 2\n",
    "`search_knowledge`",
    "search_knowledge",
    'search: {"query": 1}',
    "{name: 'Ann', age: 3}",
    '{"content": "Hello", "role": "user"}',
    '{"thought": "x", "answer": 1}',
]


@pytest.mark.parametrize("text", [*BARE, *ANNOUNCED, *MARKED])
@pytest.mark.parametrize("before", ["", "I ask.\n\n"])
def test_a_call_is_made_and_nothing_is_left_of_it(before: str, text: str) -> None:
    for size, habit in HABITS:
        answer = read(texts(*cut(before + text, size)), habit=habit)
        ((name, arguments),) = answer.calls
        assert (name, orjson.loads(arguments)) == ("request_handoff", {"reason": "x"})
        assert answer.seen.strip() == before.strip()


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("before", ["", "Here:\n"])
def test_text_that_is_no_call_stays(before: str, text: str) -> None:
    for size, habit in HABITS:
        answer = read(texts(*cut(before + text, size)), habit=habit)
        assert (answer.text, answer.calls) == (before + text, [])


@pytest.mark.parametrize("text", BARE[:4])
def test_what_nothing_announces_is_a_call_only_where_nothing_follows(text: str) -> None:
    for size, habit in HABITS:
        answer = read(texts(*cut(f"{text}\n\nThat is how.", size)), habit=habit)
        assert (answer.text, answer.calls) == (f"{text}\n\nThat is how.", [])


def test_a_call_within_what_is_none_is_made() -> None:
    for size, habit in HABITS:
        answer = read(texts(*cut(f"search_knowledge {CALL}\nThat is it.", size)), habit=habit)
        assert [name for name, _ in answer.calls] == ["request_handoff"]


@pytest.mark.parametrize("text", NO_CALLS_OF_WORDS)
def test_data_that_is_named_as_a_tool_stays(text: str) -> None:
    for size, habit in HABITS:
        answer = read(texts(*cut(text, size)), habit=habit, tools=WORDS)
        assert (answer.text, answer.calls) == (text, [])


@pytest.mark.parametrize(("text", "name", "arguments"), CALLS_OF_WORDS)
def test_a_tool_that_is_named_by_a_word_is_called(text: str, name: str, arguments: Json) -> None:
    for size, habit in HABITS:
        answer = read(texts(*cut(text, size)), habit=habit, tools=WORDS)
        assert [(one, orjson.loads(given)) for one, given in answer.calls] == [(name, arguments)]
        assert not answer.seen


def test_several_bare_calls() -> None:
    text = 'search_knowledge(query="a")\nsearch_knowledge {"query": "b"}'
    for size, habit in HABITS:
        answer = read(texts(*cut(text, size)), habit=habit)
        assert [arguments[-3:-1] for _, arguments in answer.calls] == ['a"', 'b"']
        assert not answer.seen


def test_an_answer_beside_calls_is_said() -> None:
    text = f'{{"content": "Okay.", "tool_calls": [{CALL}]}}'
    answer = read(texts(*text))
    assert (answer.text, len(answer.calls)) == ("Okay.", 1)


@pytest.mark.parametrize("text", ['<tool_response>{"a": 1}</tool_response>', "<|observation|>"])
def test_an_invented_result_is_dropped(text: str) -> None:
    for size, habit in HABITS:
        assert read(texts(*cut(f"Yes.\n{text}", size)), habit=habit).text == "Yes."


@pytest.mark.parametrize("text", ['request_handoff(reason="x', 'request_handoff {"reason": '])
def test_a_bare_call_that_is_cut_off_is_no_answer(text: str) -> None:
    answer = read(texts("Yes.\n\n", *text, finish="length"))
    assert (answer.text.strip(), answer.calls) == ("Yes.", [])


@pytest.mark.parametrize(
    "text",
    ['request_handoff {"reason": x"}', "Action: request_handoff\nAction Input: {the reason}"],
)
def test_an_attempt_with_nothing_behind_it_is_no_answer(text: str) -> None:
    for size, habit in HABITS:
        answer = read(texts(*cut(f"Yes.\n\n{text}\n", size)), habit=habit)
        assert (answer.text.strip(), answer.calls) == ("Yes.", [])


def test_code_that_was_asked_for_stays() -> None:
    text = f"So:\n\n```html\n{CALL}\n```\n\n```text\n<tool_call>\n{{}}\n```\nDone."
    assert not read(texts(text)).calls
