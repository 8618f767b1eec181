"""Documents: server-sent events, lines of JSON and plain bodies, cut anywhere."""

from typing import Any

import orjson
import pytest

from chats.engine.parts import ModelError, TextDelta
from chats.engine.reading import lines
from chats.engine.reading.stream import StreamReader
from tests.chats.engine.reading.streams import DONE, chunk, event, read

MARK = b"\xef\xbb\xbf"
SAID = [chunk({"content": "Yes"}), chunk({"content": "."}), chunk({}, "stop")]
EVENTS = [orjson.dumps(one) for one in SAID]
WHOLE: dict[str, Any] = {
    "object": "chat.completion",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Yes."}}],
}
STREAMS = {
    "LF": b"".join(b"data: " + one + b"\n\n" for one in EVENTS) + DONE,
    "CRLF": b"".join(b"data: " + one + b"\r\n\r\n" for one in EVENTS) + b"data: [DONE]\r\n\r\n",
    "CR": b"".join(b"data: " + one + b"\r\r" for one in EVENTS) + b"data: [DONE]\r\r",
    "a byte order mark": MARK + b"".join(b"data: " + one + b"\n\n" for one in EVENTS) + DONE,
    "no blank": b"".join(b"data:" + one + b"\n\n" for one in EVENTS) + b"data:[DONE]\n\n",
    "no blank lines": b"".join(b"data: " + one + b"\n" for one in EVENTS),
    "no last line end": b"\n\n".join(b"data: " + one for one in EVENTS),
    "comments": b": OPENROUTER PROCESSING\n\n" + b"\n\n: x\n\n".join(b"data: " + o for o in EVENTS),
    "names": b"".join(b"event: x\nid: 1\nretry: 9\ndata: " + one + b"\n\n" for one in EVENTS),
    "many lines": b"".join(
        b"data: " + one.replace(b",", b",\ndata: ").replace(b"\ndata: ", b"\ndata:", 1) + b"\n\n"
        for one in EVENTS
    ),
    "blank data": b"data:\n\ndata: \n\n" + b"".join(b"data: " + one + b"\n\n" for one in EVENTS),
    "words as data": b"data: ping\n\n" + b"".join(b"data: " + one + b"\n\n" for one in EVENTS),
    "words before the data": b"data: ok\n" + b"data: ok\n".join(map(event, SAID)),
    "words behind the data": b"".join(event(one)[:-1] + b"data: ok\n\n" for one in SAID),
    "broken data before it": b'data: {"x\n' + b'data: {"x\n'.join(map(event, SAID)),
    "mere values": b'data: 1\n\ndata: null\n\ndata: "x"\n\ndata: true\n\n'
    + b"".join(b"data: " + one + b"\n\n" for one in EVENTS),
    "DONE with blanks": b"".join(map(event, SAID)) + b"data:  [DONE]  \n\n",
    "lists": event(SAID),
    "lines of JSON": b"\n".join(EVENTS),
    "JSON with blank lines": b"\n\n".join(EVENTS) + b"\n[DONE]\n",
    "a list of JSON": orjson.dumps(SAID, option=orjson.OPT_INDENT_2),
    "JSON in a row": b"".join(EVENTS),
    "a body": orjson.dumps(WHOLE),
    "a body over many lines": orjson.dumps(WHOLE, option=orjson.OPT_INDENT_2),
    "a body with a mark": MARK + b"\n " + orjson.dumps(WHOLE),
    "a body as one event": event(WHOLE),
    "messages in place of deltas": b"".join(
        event({"choices": [{"index": 0, "message": {"content": text}}]}) for text in ("Yes", ".")
    )
    + DONE,
    "Ollama's lines": b"".join(
        orjson.dumps({"message": {"role": "assistant", "content": text}, "done": text == "."})
        + b"\n"
        for text in ("Yes", ".")
    ),
    "no finish but DONE": b"".join(map(event, SAID[:2])) + DONE,
}


@pytest.mark.parametrize("name", STREAMS)
def test_every_form_is_read(name: str) -> None:
    for size in (0, 1, 2, 7):
        answer = read(STREAMS[name], size=size)
        assert (answer.text, answer.finish, answer.error) == ("Yes.", "stop", "")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "malformed"),
        (b"<html><title>Bad gateway</title></html>", "malformed"),
        (DONE, "malformed"),
        (b"data: 1\n\n", "malformed"),
        (b'{"choices": [{"message": {"content": "Ye', "malformed"),
        (b'data: {"choices": [\n\n', "malformed"),
        (event(SAID[0]), "cut"),
        (event({"choices": [{"message": {"content": "Yes"}}]}), "cut"),
        (event(chunk({"role": "assistant"})), "cut"),
        (event({"error": {"message": "no", "code": 502}}), "unavailable"),
        (event({"error": "no"}), "unavailable"),
        (b'{"error": {"message": "slow down", "code": 429}}', "rate_limited"),
        (b'{"error": {"message": "bad key", "code": 401}}', "refused"),
        (b'[{"error": {"code": 400, "message": "no", "status": "INVALID_ARGUMENT"}}]', "refused"),
        (b'event: error\ndata: {"message": "no"}\n\n', "unavailable"),
        (b'event: error\ndata: "no"\n\n', "unavailable"),
        (b'error: {"message": "no", "code": 500}\n\n', "unavailable"),
        (b'data: {"object": "error", "message": "no", "code": 400}\n\n', "refused"),
        (b'{"detail": "no"}', "unavailable"),
        (b'{"detail": [{"loc": ["body"], "msg": "no"}]}', "unavailable"),
        (b'{"message": "no"}', "unavailable"),
        (b'{"success": false, "errors": [{"message": "no"}]}', "unavailable"),
        (b'data: {"type": "error", "error": {"type": "overloaded_error"}}\n\n', "unavailable"),
        (event(chunk({"content": ""}, "error", error={"message": "no"})), "unavailable"),
        (event(chunk({}, "error")), "unavailable"),
        (event(chunk({}, "MALFORMED_FUNCTION_CALL")), "unavailable"),
    ],
)
def test_what_is_no_answer_says_what_it_is(data: bytes, code: str) -> None:
    assert read(data).error == code
    assert read(event(SAID[0]) + data).text.startswith("Yes")


def test_the_servers_own_words_are_kept() -> None:
    error = {"error": {"message": "Provider returned error", "metadata": {"raw": "out of memory"}}}
    reader = StreamReader()
    reader.feed(event(error))
    with pytest.raises(ModelError, match="Provider returned error · out of memory"):
        reader.end()
    reader = StreamReader()
    reader.feed(b"<title>Sign in</title>")
    with pytest.raises(ModelError, match="Sign in"):
        reader.end()


def test_an_error_behind_the_finish_no_longer_matters() -> None:
    data = b"".join(map(event, SAID))
    for last in (event({"error": "no"}), b'data: {"broken', b"\xff\xfe"):
        assert read(data + last).text == "Yes."


def test_each_text_is_given_at_once() -> None:
    reader = StreamReader()
    assert reader.feed(b'data: {"choices":[{"delta":{"content":"Yes"}}]}\n') == [TextDelta("Yes")]


def test_drops_what_no_database_takes() -> None:
    data = b'data: {"choices":[{"delta":{"content":"a\\u0000b\\ud800c"}}]}\n\n' + DONE
    assert read(data).text == "abc"


SPLIT = [b'{"choices":[{"delta":{"content":"%b"}}]}' % one for one in (b"a \\ud83d", b"\\ude00 b")]


@pytest.mark.parametrize(
    "data",
    [
        b"".join(b"data: " + one + b"\n\n" for one in SPLIT) + DONE,
        b"data: " + SPLIT[0] + b"\n\n" + event({"id": "x"}) + b"data: " + SPLIT[1] + b"\n\n" + DONE,
        b"\n".join(SPLIT) + b"\n[DONE]\n",
    ],
    ids=["in two events", "with one between", "in two lines"],
)
def test_joins_a_sign_that_was_split(data: bytes) -> None:
    for size in (0, 1, 5):
        assert read(data, size=size).text == "a \N{GRINNING FACE} b"


def test_drops_the_half_of_a_sign() -> None:
    first, second = (b"data: " + one + b"\n\n" for one in SPLIT)
    assert read(first + DONE).text == "a "
    assert read(second + first + DONE).text == " ba "


@pytest.mark.parametrize("start", [b"data: ", b"", b": ", b"{"])
def test_a_line_without_end_is_refused(start: bytes) -> None:
    data = start + b"x" * (lines.LONGEST + 1)
    assert read(data, size=100_000).error == "too_long"


def test_an_event_without_end_is_refused() -> None:
    line = b'data: {"' + b"x" * 100_000 + b"\n"
    assert read(line * (lines.LONGEST // len(line) + 1), size=100_000).error == "too_long"
