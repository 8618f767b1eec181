"""The event log: publish, announce, replay."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import orjson
import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError

from channels_layer.log import events
from channels_layer.log.events import EventType, Kind, UnknownEventError
from channels_layer.models import Event, TopicHead
from channels_layer.transport import broadcast
from channels_layer.transport.outbound import Item
from tests.channel_layers import recorded
from tests.channels_layer.board import NOTE, Board, say_now
from tests.event_objects import File, Said
from tests.factories import NOON

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("board")]

Json = dict[str, Any]
Sent = list[tuple[str, int | None, Json, Json | None]]


@pytest.fixture
def sent(board: Board) -> Iterator[Callable[[], Sent]]:
    """Yield what says what left this process."""
    with recorded() as record:
        yield lambda: [_shown(group, item) for group, item in record.items]


def _shown(group: str, item: Item) -> tuple[str, int | None, Json, Json | None]:
    seq, frames = broadcast.unpack(item)
    visitor = orjson.loads(frames.visitor) if frames.visitor else None
    return group, seq, orjson.loads(frames.staff or "{}"), visitor


def test_seq_rises_by_one_per_topic(db: None) -> None:
    assert [say_now("a"), say_now("b"), say_now("c", topic="note:2"), say_now("d")] == [1, 2, 1, 3]
    assert events.heads(["note:1", "note:2", "note:3"]) == {"note:1": 3, "note:2": 1, "note:3": 0}


@pytest.mark.usefixtures("transactional_db")
def test_refuses_to_publish_outside_of_a_transaction() -> None:
    with pytest.raises(TransactionManagementError):
        events.publish(topic=NOTE, type="said", data={}, at=NOON)


@pytest.mark.parametrize("call", [events.publish, events.announce])
def test_refuses_unknown_types(call: Callable[..., object], db: None) -> None:
    with pytest.raises(UnknownEventError):
        call(topic=NOTE, type="sung", data={}, at=NOON)
    with pytest.raises(UnknownEventError):
        call(topic="elsewhere:1", type="said", data={}, at=NOON)


def test_each_kind_has_its_verb(db: None) -> None:
    with pytest.raises(UnknownEventError):
        events.publish(topic=NOTE, type="waving", data={}, at=NOON)
    with pytest.raises(UnknownEventError):
        events.announce(topic=NOTE, type="said", data={}, at=NOON)


def test_a_name_is_registered_once_per_topic() -> None:
    again = EventType("said", Said, Kind.DURABLE, "note", "Again.")
    with pytest.raises(ValueError, match="registered already"):
        events.register(again)
    events.register(EventType("said", Said, Kind.DURABLE, "board", "Elsewhere."))
    assert "said" in {type_.name for type_ in events.catalogue() if type_.topic == "board"}


@pytest.mark.usefixtures("transactional_db")
def test_is_sent_after_the_commit(sent: Callable[[], Sent]) -> None:
    with transaction.atomic():
        events.publish(topic=NOTE, type="said", data={"text": "hi"}, at=NOON)
        assert sent() == []
    frame = {
        "v": 1,
        "type": "said",
        "topic": NOTE,
        "seq": 1,
        "at": "2026-11-20T12:00:00.000Z",
        "data": {"text": "hi"},
    }
    assert sent() == [("topic.note.1", 1, frame, frame)]


@pytest.mark.usefixtures("transactional_db")
def test_a_rolled_back_event_never_was(sent: Callable[[], Sent]) -> None:
    def fail() -> None:
        with transaction.atomic():
            events.publish(topic=NOTE, type="said", data={"text": "no"}, at=NOON)
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert (sent(), Event.objects.count(), TopicHead.objects.count()) == ([], 0, 0)
    assert say_now("yes") == 1


@pytest.mark.usefixtures("transactional_db")
def test_a_visitor_gets_a_hidden_frame_instead(sent: Callable[[], Sent]) -> None:
    say_now("psst", type_="whispered")
    events.announce(topic=NOTE, type="waving", data={"who": "alice"}, at=NOON)

    first, second = sent()
    assert first[3] == {"type": "hidden", "topic": NOTE, "seq": 1}
    assert second[3] is None
    assert "seq" not in second[2]


def test_data_is_stored_as_it_is_sent(db: None) -> None:
    berlin = timezone(timedelta(hours=1))
    data = {"id": UUID(int=7), "at": datetime(2026, 11, 20, 13, tzinfo=berlin), "text": "é\u2028"}
    with transaction.atomic():
        events.publish(topic=NOTE, type="said", data=data, at=NOON)
    assert Event.objects.get().data == {
        "id": "00000000-0000-0000-0000-000000000007",
        "at": "2026-11-20T13:00:00+01:00",
        "text": "é\u2028",
    }


@pytest.mark.parametrize("data", [{"x": object()}, {"x": "\ud800"}, {1: "x"}])
def test_refuses_what_is_no_json(data: dict[str, Any], db: None) -> None:
    with pytest.raises(TypeError), transaction.atomic():
        events.publish(topic=NOTE, type="said", data=data, at=NOON)


def test_signs_when_sent_and_when_replayed(db: None) -> None:
    def sign(data: dict[str, Any]) -> dict[str, Any]:
        return data | {"url": f"{data['url']}?signed"}

    events.register(EventType("file", File, Kind.DURABLE, "note", "A file.", present=sign))
    with transaction.atomic():
        events.publish(topic=NOTE, type="file", data={"url": "/f"}, at=NOON)

    assert Event.objects.get().data == {"url": "/f"}
    rows = events.replay(NOTE, after=0, limit=10, audience="staff")
    assert rows is not None
    assert rows[0][1]["data"] == {"url": "/f?signed"}


def test_replays_in_order_for_an_audience(db: None) -> None:
    say_now("a", "b")
    say_now("c", type_="whispered")

    staff = events.replay(NOTE, after=1, limit=10, audience="staff")
    visitor = events.replay(NOTE, after=1, limit=10, audience="visitor")

    assert staff is not None
    assert [(seq, frame["data"]["text"]) for seq, frame in staff] == [(2, "b"), (3, "c")]
    assert visitor is not None
    assert [frame["type"] for _, frame in visitor] == ["said", "hidden"]
    assert events.replay(NOTE, after=3, limit=10, audience="staff") == []


def test_cannot_replay_what_is_no_longer_kept(db: None) -> None:
    say_now("a", "b", "c")
    Event.objects.filter(seq=1).delete()

    assert events.replay(NOTE, after=0, limit=10, audience="staff") is None
    assert len(events.replay(NOTE, after=1, limit=10, audience="staff") or []) == 2

    Event.objects.all().delete()
    assert events.replay(NOTE, after=1, limit=10, audience="staff") is None
    assert events.replay(NOTE, after=3, limit=10, audience="staff") == []
    assert say_now("d") == 4


def test_what_is_committed_during_a_read_is_not_taken_for_lost(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = events.head

    def head(topic: str) -> int:
        monkeypatch.setattr(events, "head", original)
        return say_now("just now")

    monkeypatch.setattr(events, "head", head)
    rows = events.replay(NOTE, after=0, limit=10, audience="staff")
    assert rows is not None
    assert [seq for seq, _ in rows] == [1]


def test_an_unregistered_stored_type_leaves_no_gap(db: None) -> None:
    TopicHead.objects.create(topic=NOTE, head=1)
    Event.objects.create(topic=NOTE, seq=1, type="ancient", data={}, at=NOON)

    hidden = {"type": "hidden", "topic": NOTE, "seq": 1}
    assert events.replay(NOTE, after=0, limit=10, audience="staff") == [(1, hidden)]


def test_packs_frames_for_the_way() -> None:
    for staff, visitor in [("é{}", None), ("é", "é"), ("ab", "€"), (None, None), (None, "x")]:
        frames = broadcast.Frames(staff=staff, visitor=visitor)
        assert broadcast.unpack(broadcast.pack(frames, 7)) == (7, frames)
    assert broadcast.unpack(broadcast.pack(broadcast.Frames("x"), None))[0] is None


def test_times_are_utc(db: None) -> None:
    berlin = timezone(timedelta(hours=1))
    frames = events.encode(
        topic=NOTE, type="said", data={"text": ""}, at=datetime(2026, 1, 1, tzinfo=berlin), seq=1
    )
    assert orjson.loads(frames.staff or "")["at"] == "2025-12-31T23:00:00.000Z"
    assert datetime(2026, 1, 1, tzinfo=UTC) > NOON - timedelta(days=3650)


def test_what_fits_no_frame_is_no_error_and_named_once(
    db: None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")

    frames = events.encode(topic=NOTE, type="said", data={"text": "😀" * 17_000}, at=NOON, seq=1)

    assert frames.staff is None
    assert [(line.levelname, line.getMessage()) for line in caplog.records] == [
        ("INFO", f"said of {NOTE} fits no frame")
    ]
