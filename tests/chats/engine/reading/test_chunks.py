"""Chunks: the shapes of texts, calls and finishes."""

from typing import Any

import orjson
import pytest

from chats.engine.parts import Json, ToolCallDone
from chats.engine.reading.calls import LONGEST_NAME, MOST_ARGUMENTS, MOST_CALLS, MOST_EXTRA
from chats.engine.reading.stream import StreamReader
from tests.chats.engine.reading.streams import DONE, chunk, event, read, texts

LAMP, SHOE = '{"query":"lamp"}', '{"query":"shoe"}'
CALL_MORE = '\n{"name": "search_knowledge", "arguments": {"query": "more"}}'
BOTH = [("search_knowledge", LAMP), ("search_knowledge", SHOE)]


def call(arguments: Any = None, name: Any = None, **more: Any) -> Json:
    """Return a fragment of a call."""
    function = {"name": name, "arguments": arguments}
    return {**more, "function": {key: one for key, one in function.items() if one is not None}}


def find(arguments: Any = None, **more: Any) -> Json:
    """Return a fragment that names the tool that searches."""
    return call(arguments, "search_knowledge", **more)


def stream(*fragments: Any, finish: str = "tool_calls") -> bytes:
    """Return a stream in which each fragment is a chunk of its own."""
    chunks = [event(chunk({"tool_calls": one})) for one in fragments]
    return b"".join(chunks) + event(chunk({}, finish)) + DONE


ONE: dict[str, tuple[Any, ...]] = {
    "in pieces": (
        [find("", index=0, id="a")],
        [call('{"query"', index=0)],
        [call(':"lamp"}', index=0)],
    ),
    "the id again": ([find('{"query"', index=0, id="a")], [call(':"lamp"}', index=0, id="a")]),
    "the name again": ([find('{"query"', index=0, id="a")], [find(':"lamp"}', index=0, id="a")]),
    "the name last": ([call('{"query"', index=0, id="a")], [find(':"lamp"}', index=0)]),
    "the name in two": ([call(None, "search_", index=0)], [call(LAMP, "knowledge", index=0)]),
    "no index": ([find('{"query"', id="a")], [call(':"lamp"}')]),
    "index null": ([find('{"query"', id="a", index=None)], [call(':"lamp"}', index=None)]),
    "index as text": ([find('{"query"', id="a", index="0")], [call(':"lamp"}', index=0)]),
    "index only first": ([find('{"query"', id="a", index=0)], [call(':"lamp"}')]),
    "index only later": ([find('{"query"', id="a")], [call(':"lamp"}', index=0)]),
    "id only later": ([find('{"query"', index=0)], [call(':"lamp"}', index=0, id="a")]),
    "an object": (find(LAMP, index=0, id="a"),),
    "arguments as an object": ([find({"query": "lamp"}, index=0, id="a")],),
    "arguments as JSON in JSON": ([find(orjson.dumps(LAMP).decode(), index=0, id="a")],),
    "an empty object first": ([find("{}", index=0, id="a")], [call(LAMP, index=0)]),
    "a new id each": (
        [find("", index=0, id="a")],
        [call('{"query":', index=0, id="b")],
        [call('"lamp"}', index=0, id="c")],
    ),
    "a new id and the name each": (
        [find("", index=0, id="a")],
        [find('{"query":', index=0, id="b")],
        [find('"lamp"}', index=0, id="c")],
    ),
    "a new id each and no index": ([find('{"query":', id="a")], [call('"lamp"}', id="b")]),
    "an empty object first and a new id": (
        [find("{}", index=0, id="a")],
        [call(LAMP, index=0, id="b")],
    ),
    "the same twice": ([find(LAMP, index=0, id="a")], [find(LAMP, index=0, id="a")]),
    "a numeric id": ([find(LAMP, index=0, id=7)],),
    "no id": ([find(LAMP, index=0)],),
    "no function": ([{"index": 0, "name": "search_knowledge", "arguments": LAMP}],),
    "function as text": ([{"function": "search_knowledge", "arguments": LAMP}],),
    "a prefix": ([call(LAMP, "functions.search_knowledge:0", index=0, id="a")],),
    "a mark": ([call(LAMP, "search_knowledge<|channel|>commentary", index=0, id="a")],),
    "oddities beside it": ([None, 1, "x", [], find(LAMP, index=0, id="a")],),
}
TWO: dict[str, tuple[Any, ...]] = {
    "one index, two ids": ([find(LAMP, index=0, id="a")], [find(SHOE, index=0, id="b")]),
    "one index, no ids": ([find(LAMP, index=0)], [find(SHOE, index=0)]),
    "one index, empty ids": ([find(LAMP, index=0, id="")], [find(SHOE, index=0, id="")]),
    "no index, two ids": ([find(LAMP, id="a")], [find(SHOE, id="b")]),
    "no index, no ids": ([find(LAMP)], [find(SHOE)]),
    "one id, two indexes": ([find(LAMP, index=0, id="a")], [find(SHOE, index=1, id="a")]),
    "in one chunk": ([find(LAMP, index=0, id="a"), find(SHOE, index=1, id="b")],),
    "in one chunk without index": ([find(LAMP), find(SHOE)],),
    "one index in pieces": (
        [find('{"query"', index=0, id="a")],
        [call(':"lamp"}', index=0)],
        [find('{"query"', index=0, id="b")],
        [call(':"shoe"}', index=0)],
    ),
    "between each other": (
        [find('{"query"', index=0, id="a"), find('{"query"', index=1, id="b")],
        [call(':"lamp"}', index=0)],
        [call(':"shoe"}', index=1)],
    ),
    "a new id each, one behind the other": (
        [find('{"query":', index=0, id="a")],
        [call('"lamp"}', index=0, id="b")],
        [find("", index=0, id="c")],
        [call('{"query":', index=0, id="d")],
        [call('"shoe"}', index=0, id="e")],
    ),
    "a new id each, beside each other": (
        [find('{"query":', index=0, id="a"), find('{"query":', index=1, id="b")],
        [call('"lamp"}', index=0, id="c"), call('"shoe"}', index=1, id="d")],
    ),
    "glued": ([find(LAMP + SHOE, index=0, id="a")],),
}


@pytest.mark.parametrize("name", ONE)
def test_a_call_in_every_shape(name: str) -> None:
    answer = read(stream(*ONE[name]))
    assert answer.calls == [("search_knowledge", LAMP)]
    assert answer.ids in (["a"], ["7"]) or answer.ids[0].startswith("call_")


@pytest.mark.parametrize("name", TWO)
def test_two_calls_in_every_shape(name: str) -> None:
    assert read(stream(*TWO[name])).calls == BOTH


def test_another_name_begins_another_call() -> None:
    fragments = [find("", index=0, id="a")], [call("{}", "request_handoff", index=0, id="b")]
    names = [name for name, _ in read(stream(*fragments)).calls]
    assert names == ["search_knowledge", "request_handoff"]


@pytest.mark.parametrize("finish", ["stop", "tool_use", "function_call", "tool_calls", "end_turn"])
def test_calls_are_made_whatever_the_finish(finish: str) -> None:
    assert read(stream([find(LAMP, index=0, id="a")], finish=finish)).calls == BOTH[:1]


def test_what_googles_models_put_beside_a_call_is_kept() -> None:
    extra = {"google": {"thought_signature": "abc"}}
    with_call = [find(LAMP, id="a", extra_content=extra)]
    behind = [{"extra_content": extra}]
    for fragments in ([with_call], [[find(LAMP, id="a")], behind]):
        reader = StreamReader()
        reader.feed(stream(*fragments, finish="stop"))
        (done, _) = reader.end()
        assert isinstance(done, ToolCallDone)
        assert done.extra == extra


def test_the_old_form_of_a_call() -> None:
    named, rest = {"name": "search_knowledge", "arguments": '{"query"'}, {"arguments": ':"lamp"}'}
    data = event(chunk({"function_call": named})) + event(chunk({"function_call": rest}))
    assert read(data + event(chunk({}, "function_call")) + DONE).calls == BOTH[:1]


def test_calls_of_other_servers() -> None:
    ollama = {"message": {"content": "", "tool_calls": [find({"query": "lamp"})]}, "done": True}
    gemini = {"functionCall": {"name": "search_knowledge", "args": {"query": "lamp"}}}
    parts = {"candidates": [{"content": {"parts": [gemini]}, "finishReason": "STOP"}]}
    body = {"choices": [{"message": {"tool_calls": [find(LAMP, id="a")]}}], "object": "x"}
    for data in map(orjson.dumps, (ollama, parts, body)):
        assert read(data).calls == BOTH[:1]


@pytest.mark.parametrize(
    "delta",
    [
        {"content": "Yes."},
        {"content": [{"type": "text", "text": "Yes."}]},
        {"content": [{"type": "text", "text": "Ye"}, "s."]},
        {"content": {"type": "output_text", "text": "Yes."}},
        {"content": None, "refusal": "Yes."},
        {"content": "Yes.", "tool_calls": None, "function_call": None, "reasoning_content": None},
        {"content": "Yes.", "tool_calls": [], "role": "assistant", "audio": None},
        "Yes.",
    ],
)
def test_a_text_in_every_shape(delta: Any) -> None:
    assert read(event(chunk(delta)) + event(chunk(None, "stop")) + DONE).text == "Yes."


def message(message: Json, finish: str | None = None, **more: Any) -> bytes:
    """Return a chunk with a whole message."""
    return event({"choices": [{"index": 0, "message": message, "finish_reason": finish, **more}]})


ROLE = event(chunk({"role": "assistant", "content": ""}))
YES: Json = {"content": "Yes.", "reasoning": "Hm."}


@pytest.mark.parametrize(
    "data",
    [
        ROLE + message(YES, "stop", delta={}),
        ROLE + message(YES, "stop"),
        event(chunk({"role": "assistant"})) + message(YES, "stop", delta={}),
        event(chunk({"reasoning": "Hm."})) + message(YES, "stop"),
        event(chunk({"reasoning": "Hm."}))
        + event(chunk({"content": "Yes."}))
        + message(YES, "stop"),
        message({"reasoning": "H"})
        + message({"reasoning": "Hm.", "content": "Y"})
        + message(YES)
        + message(YES, "stop"),
        message({"reasoning": "Hm.", "content": "Y"})
        + message({"content": "e"})
        + message({"content": "s."}, "stop"),
    ],
)
def test_a_whole_message_repeats_only_what_came_before_it(data: bytes) -> None:
    answer = read(data + DONE)
    assert (answer.text, answer.reasoning, answer.finish) == ("Yes.", "Hm.", "stop")


def test_a_call_in_a_whole_message_behind_text_is_made_once() -> None:
    whole = message({"content": "Wait.", "tool_calls": [find(LAMP, id="a")]}, "tool_calls")
    for data in (event(chunk({"content": "Wait."})), stream([find(LAMP, id="a")])[: -len(DONE)]):
        answer = read(data + whole + DONE)
        assert answer.calls == BOTH[:1]


def test_calls_in_messages_of_their_own_are_all_made() -> None:
    one, other = ({"content": None, "tool_calls": [call]} for call in (find(LAMP), find(SHOE)))
    assert read(message(one) + message(other, "tool_calls") + DONE).calls == BOTH


@pytest.mark.parametrize(
    "odd",
    [
        {"choices": [None]},
        {"choices": ["x", {"index": 0, "delta": {}}]},
        {"choices": 7},
        {"choices": [{"index": 0, "delta": None}]},
        {"choices": [{"index": 1, "delta": {"content": "No."}}]},
        {"choices": [], "prompt_filter_results": [{"prompt_index": 0}]},
        {"choices": [{"index": 0, "delta": {"content": 5}}]},
        {"choices": [{"index": 0, "delta": {"tool_calls": "x", "content": {}}}]},
        {"id": "x"},
    ],
)
def test_what_says_nothing_is_passed_over(odd: Json) -> None:
    answer = read(event(odd) + texts("Yes.") + event(odd))
    assert (answer.text, answer.error) == ("Yes.", "")


def test_a_choice_in_place_of_a_list() -> None:
    assert read(event({"choices": {"delta": {"content": "Yes."}}}) + DONE).text == "Yes."


def test_a_whole_message_behind_a_stream_repeats_it() -> None:
    whole = {"object": "chat.completion", "choices": [{"message": {"content": "Yes."}}]}
    assert read(event(chunk({"content": "Yes."})) + event(whole)).text == "Yes."


@pytest.mark.parametrize(
    ("reason", "finish"),
    [
        ("stop", "stop"),
        ("STOP", "stop"),
        ("end_turn", "stop"),
        ("eos", "stop"),
        ("stop_sequence", "stop"),
        ("something new", "stop"),
        (True, "stop"),
        ("length", "length"),
        ("max_tokens", "length"),
        ("MAX_TOKENS", "length"),
        ("tool_use", "tool_calls"),
        ("content_filter", "content_filter"),
        ("SAFETY", "content_filter"),
        ("content_filter: SAFETY", "content_filter"),
        ("refusal", "content_filter"),
        ("max-tokens", "length"),
        ("content-filter", "content_filter"),
        ("tool-calls", "tool_calls"),
        ("FinishReason.SAFETY", "content_filter"),
        ("FinishReason.MAX_TOKENS", "length"),
        ("finish_reason: stop.", "stop"),
        ("LANGUAGE", "content_filter"),
        ("IMAGE_PROHIBITED_CONTENT", "content_filter"),
        ("ERROR_TOXIC", "content_filter"),
        ("incomplete", "length"),
        ("pause_turn", "length"),
    ],
)
def test_a_finish_by_every_name(reason: Any, finish: str) -> None:
    assert read(event(chunk({"content": "Yes."}, reason))).finish == finish


@pytest.mark.parametrize(
    "reason",
    [
        *("error", "abort", "MALFORMED_FUNCTION_CALL", "malformed_model_output", "NO_IMAGE"),
        *("malformed-tool-use", "MISSING_THOUGHT_SIGNATURE", "OTHER", "ERROR_LIMIT", "timeout"),
        *("failed", "internal_error", "server_error", "load", "FinishReason.OTHER"),
    ],
)
def test_a_finish_that_is_a_fault_is_no_answer(reason: str) -> None:
    answer = read(event(chunk({"content": "Half an ans"}, reason)))
    assert (answer.error, answer.finish) == ("unavailable", "")


def test_no_finish_is_none() -> None:
    for nothing in ("", None, "null", False):
        assert read(event(chunk({"content": "Yes."}, nothing))).error == "cut"


def test_arguments_come_to_an_end() -> None:
    pieces = [[call("x" * 1000, index=0)]] * (MOST_ARGUMENTS // 1000 + 1)
    assert read(stream([find(index=0)], *pieces)).error == "too_long"


def test_calls_come_to_an_end() -> None:
    assert read(stream(*([find("{}", index=n)] for n in range(MOST_CALLS)))).error == ""
    assert read(stream(*([find("{}", index=n)] for n in range(MOST_CALLS + 1)))).error == "too_long"


def test_calls_of_both_kinds_come_to_an_end() -> None:
    written = "\n".join(
        f'{{"name": "search_knowledge", "arguments": {{"query": "{n}"}}}}'
        for n in range(MOST_CALLS)
    )
    said = event(chunk({"content": written}))
    assert len(read(said + event(chunk({}, "stop"))).calls) == MOST_CALLS
    assert read(said + stream([find(LAMP, index=0)])).error == "too_long"
    assert read(event(chunk({"content": written + CALL_MORE})) + DONE).error == "too_long"
    glued = "".join(f'{{"query":"{n}"}}' for n in range(MOST_CALLS + 1))
    assert read(stream([find(glued, index=0)])).error == "too_long"


def test_a_name_comes_to_an_end() -> None:
    pieces = [[call("{}", "x" * 1_000_000, index=0)]]
    ((name, _),) = read(stream(*pieces)).calls
    assert len(name) == LONGEST_NAME
    written = f'{{"name": "{"x" * 10_000}", "arguments": {{}}}}'
    ((name, _),) = read(texts(written)).calls
    assert len(name) == LONGEST_NAME


def extra_of(*fragments: Any) -> Json:
    """Return what is kept beside the only call in ``fragments``."""
    reader = StreamReader()
    reader.feed(stream(*fragments))
    done = reader.end()[0]
    assert isinstance(done, ToolCallDone)
    return done.extra


def test_what_stands_beside_a_call_comes_to_an_end() -> None:
    small, large = {"a": "b"}, {"c": "x" * MOST_EXTRA}
    assert extra_of([find(LAMP, index=0, extra_content=small)]) == small
    assert extra_of([find(LAMP, index=0, extra_content=large)]) == {}
    both = [find(LAMP, index=0, extra_content=small)], [{"index": 0, "extra_content": large}]
    assert extra_of(*both) == small


def test_what_stands_beside_a_call_can_be_kept() -> None:
    odd = {"google": {"thought_signature": "a\x00b", "c\x00": ["\x00d", "\\u0000"]}}
    kept = {"google": {"thought_signature": "ab", "c": ["d", "\\u0000"]}}
    assert extra_of([find(LAMP, index=0, extra_content=odd)]) == kept


def test_drops_what_no_database_keeps() -> None:
    odd = [call("{}\x00", "search\x00_knowledge", index=0, id="a\x00")]
    answer = read(stream(odd))
    assert (answer.calls, answer.ids) == ([("search_knowledge", "{}")], ["a"])
