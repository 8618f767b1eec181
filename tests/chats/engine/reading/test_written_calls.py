"""Written calls: a tool call in the text is made or dropped, and never shown."""

import orjson
import pytest

from chats.engine.parts import Json
from chats.engine.reading.habits import Habit
from tests.chats.engine.reading.streams import DONE, TOOLS, chunk, cut, event, read, texts

CALL = '{"name": "request_handoff", "arguments": {"reason": "x"}}'
SAME = ("|", "\uff5c"), ("_", "\u2581")


def deepseek(text: str) -> str:
    """Return ``text`` with DeepSeek's own signs in its tags."""
    for sign, own in SAME:
        text = text.replace(sign, own)
    return text.replace("request\u2581handoff", "request_handoff")


OWN_END = deepseek("<|end_of_sentence|>")
FORMS = [
    CALL,
    CALL.replace("arguments", "parameters"),
    f"[{CALL}]",
    CALL.replace('"', "'"),
    orjson.dumps(orjson.loads(CALL), option=orjson.OPT_INDENT_2).decode(),
    '{"type": "function", "function": ' + CALL + "}",
    '{"tool_calls": [{"id": "a", "type": "function", "function": '
    '{"name": "request_handoff", "arguments": "{\\"reason\\": \\"x\\"}"}}]}',
    '{"tool": "request_handoff", "parameters": {"reason": "x"}}',
    '{"function": "request_handoff", "arguments": {"reason": "x"}}',
    '{"action": "request_handoff", "action_input": {"reason": "x"}}',
    '{"name": "request_handoff", "reason": "x"}',
    '{"request_handoff": {"reason": "x"}}',
    f"```json\n{CALL}\n```",
    f"```tool_call\n{CALL}\n```",
    f"```\n{CALL}\n```",
    f"```xml\n<tool_call>\n{CALL}\n</tool_call>\n```",
    f"`{CALL}`",
    '```tool_code\nrequest_handoff(reason="x")\n```',
    '```python\nprint(request_handoff(reason="x"))\n```',
    f"<tool_call>\n{CALL}\n</tool_call>",
    f"<tool_call>{CALL}",
    f"<tool_calls>[{CALL}]</tool_calls>",
    f"<tools>{CALL}</tools>",
    f"<TOOLCALL>[{CALL}]</TOOLCALL>",
    f"<function_call>{CALL}</function_call>",
    '<function=request_handoff>{"reason": "x"}</function>',
    "<tool_call>\n<function=request_handoff>\n<parameter=reason>\nx\n</parameter>\n</function>\n"
    "</tool_call>",
    "<tool_call>request_handoff\n<arg_key>reason</arg_key>\n<arg_value>x</arg_value>\n</tool_call>",
    '<function_calls>\n<invoke name="request_handoff">\n<parameter name="reason">x</parameter>\n'
    "</invoke>\n</function_calls>",
    '<minimax:tool_call>\n<invoke name="request_handoff">\n<parameter name="reason">x</parameter>\n'
    "</invoke>\n</minimax:tool_call>",
    f"<|python_tag|>{CALL}<|eom_id|>",
    '<|python_tag|>request_handoff.call(reason="x")',
    f"[TOOL_CALLS] [{CALL}]",
    '[TOOL_CALLS]request_handoff[ARGS]{"reason": "x"}',
    f"functools[{CALL}]",
    '[request_handoff(reason="x")]',
    "[request_handoff(reason='x')]",
    f"<|tool_call|>[{CALL}]<|/tool_call|>",
    '<|tool_call_start|>[request_handoff(reason="x")]<|tool_call_end|>',
    deepseek("<|tool_calls_begin|><|tool_call_begin|>function<|tool_sep|>request_handoff\n")
    + '```json\n{"reason": "x"}\n```'
    + deepseek("<|tool_call_end|><|tool_calls_end|>"),
    deepseek("<|tool_calls_begin|><|tool_call_begin|>request_handoff<|tool_sep|>")
    + '{"reason": "x"}'
    + deepseek("<|tool_call_end|><|tool_calls_end|><|end_of_sentence|>"),
    deepseek('<|DSML|function_calls>\n<|DSML|invoke name="request_handoff">\n').replace(
        "function\u2581", "function_"
    )
    + deepseek('<|DSML|parameter name="reason" string="true">x</|DSML|parameter>')
    + deepseek("\n</|DSML|invoke>\n</|DSML|function_calls>").replace("n\u2581c", "n_c"),
    "<|tool_calls_section_begin|><|tool_call_begin|>functions.request_handoff:0"
    '<|tool_call_argument_begin|>{"reason": "x"}<|tool_call_end|><|tool_calls_section_end|>',
    "<|channel|>commentary to=functions.request_handoff <|constrain|>json<|message|>"
    '{"reason": "x"}<|call|>',
    "<|start|>assistant<|channel|>commentary to=functions.request_handoff<|message|>"
    '{"reason": "x"}',
]


@pytest.mark.parametrize("text", FORMS)
def test_a_call_of_an_offered_tool_is_made(text: str) -> None:
    for size, habit in ((1, Habit.SEPARATE), (4, Habit.UNKNOWN), (1000, Habit.SEPARATE)):
        answer = read(texts(*cut(text, size)), habit=habit)
        ((name, arguments),) = answer.calls
        assert (name, orjson.loads(arguments)) == ("request_handoff", {"reason": "x"})
        assert answer.seen.strip() == ""


@pytest.mark.parametrize("text", FORMS)
def test_without_tools_it_is_dropped(text: str) -> None:
    other = text.replace("request_handoff", "ask_a_person")
    if ("arguments" in text or "<" in text) and not text.startswith("`{"):
        answer = read(texts("Hello.\n\n", *other), tools=())
        assert answer.text.strip() in {"Hello.", ""}
        assert not answer.calls


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"I ask. {CALL}", "I ask. "),
        (f"I ask.\n\n{CALL}\n\nDone.", "I ask.\n\nDone."),
        (f"I ask.\n\n```json\n{CALL}\n```\n\n\nDone.", "I ask.\n\nDone."),
        (f"I ask. <tool_call>{CALL}</tool_call> Done.", "I ask. Done."),
        (f"<tool_call>{CALL}</tool_call>\n\nDone.", "Done."),
        (f"<think>secret</think>I ask.\n<tool_call>{CALL}</tool_call>", "I ask."),
    ],
)
def test_the_text_around_it_stays(text: str, left: str) -> None:
    answer = read(texts(*text))
    assert (answer.text, len(answer.calls)) == (left, 1)


def test_several_behind_one_mark_each() -> None:
    text = "".join(f'[TOOL_CALLS]request_handoff[ARGS]{{"reason": "{one}"}}' for one in "ab")
    assert [arguments[-3:-1] for _, arguments in read(texts(*text)).calls] == ['a"', 'b"']


def test_several_in_one_list_in_python() -> None:
    text = "I ask.\n[search_knowledge(query='a'), search_knowledge(query='b')]"
    for size in (1, 3, 1000):
        answer = read(texts(*cut(text, size)))
        assert [arguments[-3:-1] for _, arguments in answer.calls] == ['a"', 'b"']
        assert answer.seen.strip() == "I ask."


def test_several_are_made_in_their_order() -> None:
    other = '{"name": "search_knowledge", "arguments": {"query": "lamp"}}'
    text = f"<tool_call>{other}</tool_call>\n<tool_call>{CALL}</tool_call>\n{CALL}"
    assert [name for name, _ in read(texts(*text)).calls] == ["search_knowledge", "request_handoff"]


@pytest.mark.parametrize(
    "text",
    [
        "Hi.\n\n" + CALL.replace("request_handoff", "unknown_tool"),
        'Hi.\n\n{"name": "request_handoff", "arguments": {"reason": "x}',
        'Hi.\n\n<tool_call>{"name": "request_handoff", "arguments": {</tool_call>',
        "Hi.\n\n<tool_call>nothing of the kind</tool_call>",
    ],
)
def test_an_impossible_one_is_dropped_beside_an_answer(text: str) -> None:
    answer = read(texts(*text))
    assert (answer.text.strip(), answer.calls, answer.error) == ("Hi.", [], "")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (CALL.replace("request_handoff", "unknown_tool"), "unknown_tool"),
        ('{"name": "request_handoff", "arguments": {"reason": ', "request_handoff"),
    ],
)
def test_an_impossible_one_alone_is_passed_on_so_that_the_model_is_told(
    text: str, name: str
) -> None:
    answer = read(texts(*text))
    assert [one for one, _ in answer.calls] == [name]
    assert not answer.seen


def test_an_impossible_one_alone_is_an_empty_answer_where_there_are_no_tools() -> None:
    answer = read(texts(CALL), tools=())
    assert (answer.seen, answer.error) == ("", "empty")


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "Victor", "age": 3}',
        '{"order": {"name": "request_handoff"}}',
        '```json\n{"order": 1}\n```\nThis is it.',
        '[{"name": "Ann"}, {"name": "Bob"}]',
        '{"name": "get_weather", "description": "…", "parameters": {}}',
        "```python\nprint('hello')\n```",
        "[a link](https://a.example), [ ] open, {braces}, `code`",
        "Use `{}` and `<b>`.",
        "f(x) = {x: 1}",
        "functools is a module.",
        "[request this](https://a.example)",
        "",
    ],
)
def test_text_that_is_no_call_stays(text: str) -> None:
    assert read(texts("Here:\n", *text), tools=TOOLS).text == f"Here:\n{text}"
    if text:
        assert read(texts(*text)).text == text


def test_text_goes_on_as_soon_as_it_cannot_be_a_call() -> None:
    answer = read(
        texts('{"or', 'der": ', "1}", "\n```js", "on\n{", '"b"', ": 1}"), habit=Habit.SEPARATE
    )
    assert answer.pieces[:3] == ['{"or', 'der": ', "1}"]
    assert answer.pieces[3:] == ['\n```json\n{"b"', ": 1}"]


def test_a_call_that_was_also_made_properly_is_made_once() -> None:
    call: Json = {"index": 0, "id": "a", "function": {"name": "request_handoff"}}
    call["function"]["arguments"] = '{"reason":"x"}'
    data = event(chunk({"content": CALL})) + event(chunk({"tool_calls": [call]}, "tool_calls"))
    assert len(read(data + DONE).calls) == 1


def test_arguments_without_quotation_marks_have_the_type_of_the_schema() -> None:
    properties = {"order": {"type": "string"}, "count": {"type": "integer"}, "all": {}}
    tool = {"function": {"name": "refund", "parameters": {"properties": properties}}}
    pairs = {"order": "12", "count": "3", "all": "true"}
    body = "".join(f"<parameter={name}>{value}</parameter>" for name, value in pairs.items())
    answer = read(texts(f"<function=refund>{body}</function>"), tools=[tool])
    assert orjson.loads(answer.calls[0][1]) == {"order": "12", "count": 3, "all": True}


@pytest.mark.parametrize(
    "token",
    ["<|im_end|>", "<|eot_id|>", "</s>", "<end_of_turn>", "\n<|im_end|>\n", OWN_END],
)
def test_tokens_of_the_model_at_the_end_are_dropped(token: str) -> None:
    assert read(texts("Yes.", *token)).text == "Yes."
    assert read(texts("Yes.", token), habit=Habit.SEPARATE).seen == "Yes."


def test_a_call_that_does_not_end_is_refused() -> None:
    assert read(texts('{"name": "', *["x" * 1000] * 100)).error == "too_long"
