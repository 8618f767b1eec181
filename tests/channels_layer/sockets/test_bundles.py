"""Bundles: neighbours of a stream become one frame where they wait; nothing else changes."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels_layer.log import events
from channels_layer.log.events import EventType, Kind, Representation
from channels_layer.log.topics import TopicKind
from channels_layer.sockets.ready import Arrived, Batch, Bundle, ReadyFrame, bundled
from channels_layer.sockets.rooms import Follow, Room
from channels_layer.sockets.send_queue import PIECES, Backlog
from channels_layer.transport.broadcast import MAX_FRAME_BYTES, Frames
from tests.channels_layer.sockets.test_rooms import Client, deliver
from tests.event_objects import Said
from tests.factories import NOON
from tests.registries import restored

NOTE = TopicKind("note", durable=True, may_follow=lambda *_: True)


def glued(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any] | None:
    """Join two words, but for a full stop."""
    return {"text": first["text"] + second["text"]} if "." not in first["text"] else None


@pytest.fixture(autouse=True)
def board() -> Iterator[None]:
    """Have words that can be joined, and others that cannot."""
    sees = Representation(Said)
    with restored(events._types):
        events.register(
            EventType("word", Said, Kind.STREAM, "note", "A word.", visitor=sees, join=glued),
            EventType("wave", Said, Kind.EPHEMERAL, "note", "A wave.", visitor=sees),
            EventType("said", Said, Kind.DURABLE, "note", "Words."),
        )
        yield


def frames(type_: str, text: str, *, topic: str = "note:1", seq: int | None = None) -> Frames:
    return events.encode(topic=topic, type=type_, data={"text": text}, at=NOON, seq=seq)


def word(text: str, *, topic: str = "note:1") -> ReadyFrame:
    return ReadyFrame(frames("word", text, topic=topic).staff or "", topic)


def said(frame: ReadyFrame | str) -> str:
    loaded = orjson.loads(frame.text if isinstance(frame, ReadyFrame) else frame)
    return str(loaded["data"]["text"] if "data" in loaded else loaded["type"])


def spoken(backlog: Backlog) -> list[str]:
    return [said(frame) for frame in backlog.take(10**6)]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note how many characters of JSON are read, each time."""
    lengths: list[int] = []
    loads = orjson.loads

    def noting(text: str) -> Any:
        lengths.append(len(text))
        return loads(text)

    monkeypatch.setattr(orjson, "loads", noting)
    return lengths


def test_neighbours_become_one() -> None:
    [both] = bundled([word("a"), word("b")])
    assert orjson.loads(both.text) == orjson.loads(word("ab").text)


def test_is_made_once_for_all_who_are_sent_it() -> None:
    batch = Batch("note:1", [Arrived(None, frames("word", text), 0.0) for text in "abc"])
    assert batch.bundle("staff") is batch.bundle("staff")


def test_each_of_a_bundle_is_read_once(read: list[int]) -> None:
    [both] = bundled([word("ab")] * 1000)
    assert len(read) == 1000
    assert max(read) == len(word("ab").text)
    assert said(both) == "ab" * 1000


def test_what_stays_alone_is_not_read(read: list[int]) -> None:
    wave = ReadyFrame(frames("wave", "a").staff or "", "note:1")
    alone = [word("a"), wave, word("b"), wave, wave, word("c", topic="note:2")]
    assert bundled(alone) == alone
    assert read == []


@pytest.mark.parametrize("letter", ["a", "\n", "💡"])
def test_a_bundle_never_passes_what_a_frame_may_have(letter: str) -> None:
    came = [word(letter * 300) for _ in range(200)]
    become = bundled(came)
    assert len(become) == 4
    assert max(len(frame.text.encode()) for frame in become) <= MAX_FRAME_BYTES
    assert "".join(map(said, become)) == letter * 60_000


def test_what_grows_too_large_as_it_is_written_stays_as_it_came() -> None:
    came = [word(letter * 4000) for letter in "\x05\x06\x07"]
    assert bundled(came) == came


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (word, lambda text: word(text, topic="note:2")),
        (lambda text: word(text + "."), word),
        (lambda text: ReadyFrame(frames("wave", text).staff or "", "note:1"), word),
        (word, lambda text: ReadyFrame(frames("wave", text).staff or "", "note:1")),
        (lambda text: ReadyFrame(text, "note:1"), word),
        (lambda text: word(text * 40_000), lambda text: word(text * 40_000)),
    ],
)
def test_what_does_not_belong_together_stays_apart(first: Any, second: Any) -> None:
    both = [first("a"), second("b")]
    assert bundled(both) == both


def test_a_backlog_joins_what_waits_per_topic() -> None:
    backlog = Backlog()
    for text in "abc":
        backlog.add(word(text))
        backlog.add(word(text.upper(), topic="note:2"))
    assert spoken(backlog) == ["abc", "ABC"]
    assert (len(backlog), backlog.size) == (0, 0)


def test_a_backlog_is_too_large_only_when_nothing_more_can_be_joined() -> None:
    backlog = Backlog()
    for text in "abcd":
        backlog.add(word(text))
        backlog.add(word(text.upper(), topic="note:2"))
    assert not backlog.exceeds(3, 10**6)
    assert len(backlog) == 2
    assert backlog.size == len(word("abcd").text) + len(word("ABCD", topic="note:2").text)
    assert backlog.exceeds(2, 10**6)
    assert backlog.exceeds(3, backlog.size)
    backlog.add(word("e"))
    assert spoken(backlog) == ["abcde", "ABCD"]


def test_a_long_wait_costs_the_same_for_each(read: list[int]) -> None:
    backlog, came = Backlog(), [word(f"{number:09},") for number in range(2000)]
    read.clear()
    for number, frame in enumerate(came):
        backlog.add(frame)
        assert len(backlog) <= PIECES + number // 1600
    assert backlog.size < 2000 * 10 + PIECES * len(came[0].text)
    become = backlog.take(10**6)
    assert len(read) <= 2000 * PIECES / (PIECES - 1)
    assert max(read) < events.LONGEST_BUNDLE + len(came[0].text)
    assert [len(said(frame)) for frame in become] == [16_000, 4_000]
    assert "".join(map(said, become)) == "".join(map(said, came))


def test_a_backlog_keeps_the_order_of_what_becomes_several() -> None:
    backlog, expected = Backlog(), []
    for number in range(100):
        wave = ReadyFrame(frames("wave", str(number)).staff or "", "note:1")
        backlog.add(wave)
        expected.append(str(number))
    backlog.add(ReadyFrame('{"type":"end"}'))
    backlog.add(word("a"))
    taken = []
    while len(backlog):
        taken += [said(frame) for frame in backlog.take(1000)]
    assert taken == [*expected, "end", "a"]
    assert backlog.size == 0


def test_what_has_a_seq_keeps_its_place_in_a_backlog() -> None:
    backlog = Backlog()
    for frame in (word("a"), word("b"), ReadyFrame('{"type":"end"}'), word("c"), word("d")):
        backlog.add(frame)
    assert spoken(backlog) == ["ab", "end", "cd"]


def test_what_was_taken_is_no_longer_added_to() -> None:
    backlog = Backlog()
    backlog.add(word("a"))
    assert spoken(backlog) == ["a"]
    backlog.add(word("b"))
    assert spoken(backlog) == ["b"]


def test_what_is_not_to_be_joined_stays_alone() -> None:
    backlog = Backlog()
    for text, joins in (("a", True), ("b", False), ("c", True), ("d", True)):
        backlog.add(word(text), joins=joins)
    assert spoken(backlog) == ["a", "b", "cd"]


def test_takes_a_bounded_number_of_characters_and_at_least_one_frame() -> None:
    backlog = Backlog()
    for text in ("aaaa", "bb", "cc", "dd"):
        backlog.add(ReadyFrame(text))
    taken = [[frame.text for frame in backlog.take(most)] for most in (0, 4, 100)]
    assert taken == [["aaaa"], ["bb", "cc"], ["dd"]]


@given(st.lists(st.one_of(st.text("ab", min_size=1), st.integers(1, 3)), max_size=30))
def test_nothing_is_lost_doubled_or_out_of_order(came: list[str | int]) -> None:
    """Texts are words of a stream, numbers are durable events of as many characters."""
    backlog, expected = Backlog(), ""
    for one in came:
        is_word = isinstance(one, str)
        expected += one if isinstance(one, str) else "#" * one
        backlog.add(word(one) if isinstance(one, str) else ReadyFrame("#" * one))
        assert is_word or len(backlog)
    got = [text if text.startswith("#") else said(text) for text in texts(backlog)]
    assert "".join(got) == expected


def texts(backlog: Backlog) -> list[str]:
    return [frame.text for frame in backlog.take(10**6)]


def test_a_batch_has_for_each_audience_what_it_may_see() -> None:
    batch = Batch(
        "note:1",
        [
            Arrived(None, frames("word", "a"), 2.0),
            Arrived(None, frames("word", "b"), 1.0),
            Arrived(4, frames("said", "c", seq=4), 3.0),
            Arrived(None, Frames(staff=frames("word", "d").staff, visitor=None), 3.0),
            Arrived(None, frames("word", "e"), 3.0),
        ],
    )
    assert (batch.first, batch.last, batch.since) == (4, 4, 1.0)
    assert spoken_by(batch.bundle("staff")) == ["ab", "c", "de"]
    assert spoken_by(batch.bundle("visitor")) == ["ab", "hidden", "e"]


def spoken_by(bundle: Bundle | None) -> list[str]:
    assert bundle
    return [said(frame) for frame in bundle.frames]


def test_what_came_while_a_room_was_sending_is_one_frame() -> None:
    room = Room("note:1", NOTE, lambda _: None, lambda _: None)
    room.begin(0)
    one, other = join(room), join(room)
    deliver(room, None, frames("word", "a"))
    assert room.advance(1)
    assert sorted(map(len, (one.got, other.got))) == [0, 1]
    for text in "bc":
        deliver(room, None, frames("word", text))
    while room.advance(1):
        pass
    assert [said(text) for text in one.got] == [said(text) for text in other.got] == ["a", "bc"]


def test_who_has_just_come_gets_all_as_it_came() -> None:
    """The snapshot may end between two pieces, whenever it is their turn to be sent."""
    room = Room("note:1", NOTE, lambda _: None, lambda _: None)
    room.begin(0)
    client = Client()
    follow = Follow(client, "note:1")
    room.follows.add(follow)
    come(room, a=4.0, b=4.0)
    follow.release(5.0)
    come(room, c=5.5, d=5.5)
    come(room, e=6.0, f=9.0)
    come(room, g=9.0, h=9.0)
    assert [said(text) for text in client.got] == [*"abcdef", "gh"]


def test_what_waited_for_the_log_is_as_old_as_it_is() -> None:
    room = Room("note:1", NOTE, lambda _: None, lambda _: None)
    client = join(room, at=5.0)
    come(room, a=5.5, b=5.5)
    room.begin(0)
    assert not room.advance(5)
    assert [said(text) for text in client.got] == ["a", "b"]


def test_who_has_left_meanwhile_gets_nothing() -> None:
    room = Room("note:1", NOTE, lambda _: None, lambda _: None)
    room.begin(0)
    clients = [join(room) for _ in range(3)]
    deliver(room, None, frames("word", "a"))
    assert room.advance(1)
    for follow in room.follows:
        follow.is_over = True
    assert not room.advance(5)
    assert sum(len(client.got) for client in clients) == 1


def test_what_is_no_longer_kept_is_not_sent() -> None:
    room = Room("note:1", NOTE, lambda _: None, lambda _: None)
    room.begin(0)
    client = join(room)
    deliver(room, None, frames("word", "a"))
    room.forget()
    assert not room.advance(5)
    assert client.got == []


def join(room: Room, *, at: float = 0.0) -> Client:
    """Follow a room."""
    client = Client()
    follow = Follow(client, room.topic)
    follow.release(at)
    room.follows.add(follow)
    return client


def come(room: Room, **words: float) -> None:
    """Let words come at these times, which are sent only then."""
    for text, at in words.items():
        deliver(room, None, frames("word", text), at=at)
    while room.advance(5):
        pass
