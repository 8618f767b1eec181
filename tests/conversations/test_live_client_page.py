"""The socket client in a browser: live.js and stream.js against a server that misbehaves."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.conversations.socket_script import TOPIC, Script
from tests.servers import waiting

pytestmark = pytest.mark.browser

TYPES = ["message.created", "chunk"]
START = """
async ({ url, options, after, types }) => {
  const { Live } = await import("/static/ui/live.js");
  window.received = [];
  window.states = [];
  window.live = new Live({ url, ...options });
  live.addEventListener("state", ({ detail }) => states.push(detail.state));
  window.follower = live.follow("conversation:1", {
    after,
    on: Object.fromEntries(types.map((type) => [type, (_, seq) => received.push(seq ?? type)])),
    onReset: async (frame) => { received.push(`reset ${frame.head}`); return frame.head; },
    onGone: () => received.push("gone"),
  });
  live.open();
}
"""


def _start(page: Page, script: Script, *, after: int | None = None, **options: Any) -> None:
    settings = {"url": script.url, "options": options, "after": after, "types": TYPES}
    page.evaluate(START, settings)


def _received(page: Page, number: int) -> list[Any]:
    page.wait_for_function("number => received.length >= number", arg=number)
    received: list[Any] = page.evaluate("received")
    return received


def _listened_to(page: Page) -> list[str]:
    """Return the names of the events that the window has listeners for."""
    devtools = page.context.new_cdp_session(page)
    window = devtools.send("Runtime.evaluate", {"expression": "window"})["result"]["objectId"]
    found = devtools.send("DOMDebugger.getEventListeners", {"objectId": window})
    return [listener["type"] for listener in found["listeners"]]


def test_says_hello_then_follows_from_what_it_has_read(blank: Page, script: Script) -> None:
    _start(blank, script, after=7)
    follow = script.greet(head=9)
    assert script.received[0] == {"type": "hello", "v": 1}
    assert follow["topic"] == TOPIC
    assert follow["after"] == 7
    script.event(8)
    script.event(9)
    assert _received(blank, 2) == [8, 9]


def test_gives_every_event_once_and_in_order(blank: Page, script: Script) -> None:
    _start(blank, script, after=0)
    script.greet(head=2)
    for seq in (1, 2, 1, 2, 3, 3):
        script.event(seq)
    script.event(4)
    assert _received(blank, 4) == [1, 2, 3, 4]


def test_hidden_events_count_but_are_not_given(blank: Page, script: Script) -> None:
    _start(blank, script, after=0)
    script.greet()
    script.event(1)
    script.event(2, type="hidden")
    script.event(3)
    assert _received(blank, 2) == [1, 3]
    assert [frame["type"] for frame in script.received].count("follow") == 1


@pytest.mark.parametrize("type_", ["message.pinned", "toString", "constructor"])
def test_events_of_other_types_count_but_are_not_for_the_reader(
    blank: Page, script: Script, type_: str
) -> None:
    _start(blank, script, after=0)
    script.greet()
    script.event(1)
    script.event(2, type=type_)
    script.event(3)
    assert _received(blank, 2) == [1, 3]
    assert [frame["type"] for frame in script.received].count("follow") == 1


def test_asks_again_after_a_gap(blank: Page, script: Script) -> None:
    _start(blank, script, after=0)
    script.greet()
    script.event(1)
    script.event(4)
    assert script.wait_for("follow", 2)["after"] == 1
    script.send(type="following", topic=TOPIC, head=4)
    for seq in (2, 3, 4):
        script.event(seq)
    assert _received(blank, 4) == [1, 2, 3, 4]


def test_a_heartbeat_shows_that_the_last_event_was_lost(blank: Page, script: Script) -> None:
    _start(blank, script, after=0)
    script.greet()
    script.event(1)
    script.send(type="heads", heads={TOPIC: 2})
    assert script.wait_for("follow", 2)["after"] == 1


def test_begins_at_the_head_when_nothing_was_read(blank: Page, script: Script) -> None:
    _start(blank, script)
    assert "after" not in script.greet(head=5)
    script.event(5)
    script.event(6)
    assert _received(blank, 1) == [6]


def test_comes_back_by_itself_from_where_it_was(blank: Page, script: Script) -> None:
    _start(blank, script, after=0)
    script.greet()
    script.event(1)
    _received(blank, 1)
    script.sockets[-1].close(1012)
    assert script.greet(2, head=2)["after"] == 1
    script.event(2)
    assert _received(blank, 2) == [1, 2]
    assert blank.evaluate("states")[-1] == "live"
    assert "lost" in blank.evaluate("states")


def test_a_reset_fetches_the_snapshot_and_goes_on(blank: Page, script: Script) -> None:
    _start(blank, script, after=1)
    script.greet(head=90)
    script.send(type="reset", topic=TOPIC, head=90)
    assert script.wait_for("follow", 2)["after"] == 90
    script.send(type="following", topic=TOPIC, head=90)
    script.event(91)
    assert _received(blank, 2) == ["reset 90", 91]


def test_a_log_that_went_back_is_read_afresh(blank: Page, script: Script) -> None:
    _start(blank, script, after=106)
    script.greet(head=6)
    assert script.wait_for("follow", 2)["after"] == 6
    script.send(type="following", topic=TOPIC, head=6)
    script.event(7)
    assert _received(blank, 2) == ["reset 6", 7]


def test_a_reader_learns_that_its_topic_is_gone(script: Script, blank: Page) -> None:
    _start(blank, script, after=0)
    script.greet()

    script.send(type="error", topic="conversation:2", code="forbidden", detail="")
    script.event(1)
    script.send(type="error", topic=TOPIC, code="forbidden", detail="")
    script.send(type="error", ref=f"follow {TOPIC}", code="not_found", detail="")

    assert _received(blank, 3) == [1, "gone", "gone"]


def test_a_topic_that_cannot_be_followed_now_is_followed_later(script: Script, blank: Page) -> None:
    _start(blank, script, after=0)
    script.wait_for("hello")
    script.send(type="welcome", v=1, heartbeat=15)
    ref = script.wait_for("follow")["ref"]

    for number in (2, 3):
        script.send(type="error", ref=ref, code="unavailable", detail="", retry_after=0.2)
        script.wait_for("follow", number)
    script.send(type="following", topic=TOPIC, head=0)
    script.event(1)

    assert _received(blank, 1) == [1]


def test_a_token_goes_into_the_first_frame_alone(blank: Page, script: Script) -> None:
    given = "known-to-nobody-else"
    _start(blank, script, after=0, token=given)
    assert script.wait_for("hello")["token"] == given
    request = script.sockets[0].request
    assert request is not None
    assert given not in request.path


def test_a_refusal_ends_the_attempts(blank: Page, script: Script) -> None:
    _start(blank, script, after=0)
    script.wait_for("hello")
    script.sockets[-1].close(4401)
    blank.wait_for_function("states.at(-1) === 'refused'")
    waiting.stays(lambda: len(script.sockets) == 1, during=0.8, page=blank)


def test_a_lost_network_is_noticed_before_the_silence(blank: Page, script: Script) -> None:
    _start(blank, script, after=0)
    script.greet()
    script.event(1)
    assert _received(blank, 1) == [1]
    blank.evaluate("dispatchEvent(new Event('offline'))")
    script.wait_for("ping")
    blank.wait_for_function("states.includes('lost')", timeout=10_000)
    script.greet(2, head=1)


def test_a_closed_client_listens_to_the_page_no_more(blank: Page, script: Script) -> None:
    _start(blank, script)
    script.wait_for("hello")
    assert "online" in _listened_to(blank)
    blank.evaluate("live.close()")
    assert "online" not in _listened_to(blank)
    blank.evaluate("live.open()")
    assert "online" in _listened_to(blank)


def test_reading_is_told_once_there_is_a_socket(blank: Page, script: Script) -> None:
    _start(blank, script, after=0)
    blank.evaluate("live.read('1', 4); live.read('1', 3); live.viewing('1')")
    script.greet()
    assert script.wait_for("read") == {"type": "read", "conversation": "1", "position": 4}
    assert script.wait_for("viewing")["conversation"] == "1"


def test_typing_is_told_at_most_every_three_seconds(blank: Page, script: Script) -> None:
    _start(blank, script, after=0)
    script.greet()
    blank.wait_for_function("states.at(-1) === 'live'")
    blank.evaluate("for (let i = 0; i < 9; i++) live.typing('1'); live.send({ type: 'ping' })")
    script.wait_for("ping")
    assert [frame["type"] for frame in script.received].count("typing") == 1


def test_unfollowing_is_told_when_the_last_one_leaves(blank: Page, script: Script) -> None:
    _start(blank, script, after=0)
    script.greet()
    blank.wait_for_function("states.at(-1) === 'live'")
    blank.evaluate("window.second = live.follow('conversation:1', {}); live.unfollow(follower)")
    blank.evaluate("live.send({ type: 'ping' })")
    script.wait_for("ping")
    assert not [frame for frame in script.received if frame["type"] == "unfollow"]
    blank.evaluate("live.unfollow(second)")
    assert script.wait_for("unfollow")["topic"] == TOPIC


def test_whoever_leaves_and_returns_before_the_answer_follows_again(
    blank: Page, script: Script
) -> None:
    _start(blank, script, after=0)
    script.wait_for("hello")
    script.send(type="welcome", v=1, heartbeat=15)
    script.wait_for("follow")
    blank.evaluate("live.unfollow(follower)")
    blank.evaluate("live.follow('conversation:1', {})")
    script.wait_for("follow", 2)
    assert [frame["type"] for frame in script.received][-2:] == ["unfollow", "follow"]


CHUNKS = [
    ("appends", [(1, 0, "Hel", False), (1, 3, "lo", False)], "Hello", "appended"),
    ("ignores what it has", [(1, 0, "Hello", False), (1, 1, "ell", False)], "Hello", "ignored"),
    ("counts code points", [(1, 0, "👋🏽", False), (1, 2, "!", False)], "👋🏽!", "appended"),
    ("sees a gap", [(1, 0, "He", False), (1, 5, "x", False)], "He", "gap"),
    ("sees an overlap", [(1, 0, "Hel", False), (1, 2, "lo", False)], "Hel", "gap"),
    ("starts anew", [(1, 0, "old", False), (2, 0, "new", False)], "new", "replaced"),
    ("asks when a new one is late", [(1, 0, "old", False), (2, 3, "x", False)], "", "gap"),
    ("leaves out an older one", [(2, 0, "new", False), (1, 3, "old", False)], "new", "ignored"),
    ("takes a snapshot", [(1, 0, "Hello you", False), (1, 0, "Hi", True)], "Hi", "replaced"),
]


@pytest.mark.parametrize(("name", "chunks", "text", "outcome"), CHUNKS, ids=[c[0] for c in CHUNKS])
def test_a_stream(
    blank: Page, name: str, chunks: list[tuple[int, int, str, bool]], text: str, outcome: str
) -> None:
    given = [
        {"attempt": attempt, "offset": offset, "text": part, "snapshot": snapshot}
        for attempt, offset, part, snapshot in chunks
    ]
    found = blank.evaluate(
        """async (given) => {
          const { applyChunk, startStream } = await import("/static/ui/stream.js");
          const state = startStream();
          const outcomes = given.map((data) => applyChunk(state, data));
          return { text: state.text, length: state.length, outcome: outcomes.at(-1) };
        }""",
        given,
    )
    assert found == {"text": text, "length": len(text), "outcome": outcome}


BLOCKS = [
    ("a paragraph is not", "One", ""),
    ("a blank line ends it", "One\n\nTw", "One\n\n"),
    ("code is, line by line", "One\n\n```python\na = 1\nb =", "One\n\n```python\na = 1\n"),
    ("code stays when it ends", "```\na\n\nb\n```", "```\na\n\nb\n```"),
    ("code stays when words follow", "```\na\n\nb\n```\nTwo", "```\na\n\nb\n```"),
    ("a table is not", "One\n\n| a |\n| - |\n| b |\n", "One\n\n"),
    ("a table after code neither", "```\na\n```\n| a |\n| -", "```\na\n```"),
    ("a paragraph before a list is", "One\n\n-", "One\n\n"),
    ("a list under words is not", "One\n- a\n\n- b", ""),
    ("a list is not before another block", "- a\n\n- b\n\n  c\n\n1", ""),
    ("a list ends with another block", "- a\n\n- b\n\nc", "- a\n\n- b\n\n"),
    ("code in a list is not", "- a\n  ```\n  b\n  ```\n- c", ""),
    ("a blank line in code ends nothing", "- a\n  ```\n\nb", ""),
    ("a second code begins", "```\na\n```\n```\nb", "```\na\n```\n```\n"),
]


@pytest.mark.parametrize(("name", "text", "finished"), BLOCKS, ids=[case[0] for case in BLOCKS])
def test_what_is_finished_while_it_streams(
    blank: Page, name: str, text: str, finished: str
) -> None:
    end = blank.evaluate(
        """async (text) => {
          const { finishedEnd } = await import("/static/conversations/blocks.js");
          return finishedEnd(text);
        }""",
        text,
    )
    assert text[:end] == finished
