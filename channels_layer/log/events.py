"""The event log: what happened in a topic, in order, without gaps."""

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any

import orjson
from django.conf import settings
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.utils.module_loading import import_string
from rest_framework.serializers import Serializer

from channels_layer import prepared, times
from channels_layer.models import Encoded, Event, TopicHead
from channels_layer.registry import Registry
from channels_layer.transport import broadcast
from channels_layer.transport.broadcast import MAX_FRAME_BYTES, Frames

logger = logging.getLogger(__name__)

Data = dict[str, Any]
Join = Callable[[Data, Data], Data | None]

LONGEST_BUNDLE = 16_000
"""Characters that a frame of several says: each may have four bytes, and a frame has 64 KiB."""


class Kind(StrEnum):
    """The class of an event: what a client may rely on (CONTRACT 5)."""

    DURABLE = "durable"
    SUMMARY = "summary"
    STREAM = "stream"
    EPHEMERAL = "ephemeral"


def as_it_is(data: Data) -> Data:
    """Return ``data``, for an audience that sees all of it."""
    return data


@dataclass(frozen=True)
class Representation:
    """What another audience sees of an event: ``object`` describes what ``build(data)`` returns."""

    object: type[Serializer[Any]]
    build: Callable[[Data], Data | None] = as_it_is


@dataclass(frozen=True)
class EventType:
    """A type of event on the topics of one prefix; ``object`` describes its data as it is sent.

    ``visitor`` is what a visitor sees; without it, or when it builds None, a visitor gets a
    ``hidden`` frame (durable) or none at all. ``present(data)`` is applied whenever the event is
    sent or replayed, to sign URLs; it returns other data, and must not change what it gets.
    ``join(first, second)`` returns the data of one event that says what two neighbours of a topic
    say, or None; who is behind is sent that one. Durable events have none.
    """

    name: str
    object: type[Serializer[Any]]
    kind: Kind
    topic: str
    summary: str
    visitor: Representation | None = None
    present: Callable[[Data], Data] | None = None
    join: Join | None = None


class UnknownEventError(LookupError):
    """An event was sent that nobody registered for that topic and in that way."""

    def __init__(self, topic: str, name: str, wanted: str = "registered") -> None:
        """Name the type and the topic in the message."""
        super().__init__(f"The event {name!r} of {topic!r} is not {wanted}.")


@dataclass(frozen=True)
class Occurrence:
    """One event as it is sent: where, what, when, and its ``seq`` when it is durable."""

    topic: str
    type: str
    data: Data
    at: datetime
    seq: int | None = None


_types: Registry[tuple[str, str], EventType] = Registry("event")

_WITHOUT_SEQ = re.compile(r'\{"v":1,"type":"([^"\\]+)","topic":"([^"\\]+)","at":')
"""How a frame begins that has none."""


def register(*types: EventType) -> None:
    """Make event types known; the same name may exist once per topic prefix."""
    for type_ in types:
        _types.register((type_.topic, type_.name), type_)


def catalogue() -> list[EventType]:
    """List all registered types by topic and name; the docs are generated from this."""
    return [_types[key] for key in sorted(_types)]


def type_of(topic: str, name: str) -> EventType:
    """Return a registered type, or raise ``UnknownEventError``."""
    try:
        return _types[topic.partition(":")[0], name]
    except KeyError:
        raise UnknownEventError(topic, name) from None


def publish(*, topic: str, type: str, data: Mapping[str, Any], at: datetime) -> int:
    """Log a durable event in the transaction of the change, and send it after the commit.

    Return its ``seq``. The topic's head stays locked until the commit, so the order of ``seq`` is
    the order of commits, without gaps. The data must be JSON; UUIDs and times become strings.
    """
    if type_of(topic, type).kind != Kind.DURABLE:
        raise UnknownEventError(topic, type, "durable: announce it")
    if not connection.in_atomic_block:
        message = "Publish inside the transaction of the change."
        raise TransactionManagementError(message)
    stored = encoded(data)
    seq = _raise_head(topic)
    prepared.insert(Event(topic=topic, seq=seq, type=type, data=stored, at=at))
    _send_after_commit(Occurrence(topic, type, stored, at, seq))
    return seq


def announce(
    *,
    topic: str,
    type: str,
    data: Mapping[str, Any],
    at: datetime | None = None,
) -> None:
    """Send a summary or ephemeral event after the commit; it is not logged and may be lost.

    Without ``at`` it bears the time of sending.
    """
    if type_of(topic, type).kind == Kind.DURABLE:
        raise UnknownEventError(topic, type, "announced: publish it")
    _send_after_commit(Occurrence(topic, type, encoded(data), at or times.now()))


def encode(
    *,
    topic: str,
    type: str,
    data: Data,
    at: datetime,
    seq: int | None = None,
) -> Frames:
    """Write the event once per audience, ready to be sent."""
    return frames_of(Occurrence(topic, type, data, at, seq))


def encoded(data: Mapping[str, Any]) -> Encoded:
    """Write ``data`` as JSON, once: it is stored and sent so; UUIDs and times become strings.

    :raises TypeError: it holds what JSON cannot say.
    """
    text = orjson.dumps(dict(data), option=orjson.OPT_UTC_Z)
    plain = Encoded(orjson.loads(text))
    plain.text = text
    return plain


def frames_of(occurrence: Occurrence) -> Frames:
    """Write the event once per audience, ready to be sent; what passes 64 KiB has no text."""
    staff, visitor = shape(occurrence, "staff"), shape(occurrence, "visitor")
    text = text_of(staff)
    frames = Frames(staff=text, visitor=text if visitor == staff else text_of(visitor))
    if (staff and not frames.staff) or (visitor and not frames.visitor):
        # Strangers can write so much, so this is no fault; who follows fetches the snapshot.
        logger.info("%s of %s fits no frame", occurrence.type, occurrence.topic)
    return frames


def shape(occurrence: Occurrence, audience: str) -> Data | None:
    """Shape the frame for ``audience``: staff or visitor; nothing when it gets no such frame."""
    spec = type_of(occurrence.topic, occurrence.type)
    shown = _shown(spec, occurrence.data, audience)
    topic, seq = occurrence.topic, occurrence.seq
    if shown is None:
        return None if seq is None else {"type": "hidden", "topic": topic, "seq": seq}
    frame: Data = {"v": 1, "type": occurrence.type, "topic": topic}
    if seq is not None:
        frame["seq"] = seq
    frame["at"] = times.iso(occurrence.at)
    presented = spec.present(shown) if spec.present else shown
    if settings.EVENT_CHECK:
        import_string(settings.EVENT_CHECK)(spec, audience, presented)
    frame["data"] = presented.fragment if isinstance(presented, Encoded) else presented
    return frame


def replay(topic: str, *, after: int, limit: int, audience: str) -> list[tuple[int, Data]] | None:
    """Read up to ``limit`` events after ``after``, with their ``seq``, shaped for ``audience``.

    Return None when events between are no longer kept: the follower has to start afresh.
    """
    rows = _kept(topic, after, limit)
    return None if rows is None else [(row.seq, _shaped(row, audience)) for row in rows]


def since(topic: str, after: int, limit: int) -> list[tuple[int, Frames]] | None:
    """Read the events after ``after`` as ready frames; nothing when some are no longer kept."""
    rows = _kept(topic, after, limit)
    if rows is None:
        return None
    return [
        (row.seq, Frames(text_of(_shaped(row, "staff")), text_of(_shaped(row, "visitor"))))
        for row in rows
    ]


def bundled(texts: Iterable[str]) -> list[str]:
    """Write neighbouring frames of a topic without a ``seq`` as few as may be, in their order.

    What becomes one, as its type says, has the latest's time. Each is read once at most, and each
    result is written once.
    """
    found: list[str] = []
    for sort, neighbours in groupby(texts, _sort_of):
        found += _folded(_join_of(sort), neighbours)
    return found


def text_of(frame: Data | None) -> str | None:
    """Write a shaped frame as JSON; nothing for none, and for what passes 64 KiB."""
    if frame is None:
        return None
    text = orjson.dumps(frame)
    if len(text) > MAX_FRAME_BYTES:
        return None
    return text.decode()


def heads(topics: Iterable[str]) -> dict[str, int]:
    """Read the heads of ``topics``; 0 for one without events."""
    wanted = dict.fromkeys(topics, 0)
    known = TopicHead.objects.filter(topic__in=list(wanted))
    return wanted | dict(known.values_list("topic", "head"))


def head(topic: str) -> int:
    """Read the head of one topic; 0 when nothing happened yet."""
    return heads([topic])[topic]


def _sort_of(text: str) -> tuple[str, str] | None:
    """Return the topic and the type of a frame without a ``seq`` by how it begins."""
    found = _WITHOUT_SEQ.match(text)
    return (found[2], found[1]) if found else None


def _join_of(sort: tuple[str, str] | None) -> Join | None:
    topic, name = sort or ("", "")
    spec = _types.get((topic.partition(":")[0], name))
    return spec.join if spec else None


def _folded(join: Join | None, texts: Iterator[str]) -> Iterator[str]:
    if join is None:
        yield from texts
        return
    pieces = [next(texts)]
    frame: Data | None = None
    for text in texts:
        frame = orjson.loads(pieces[0]) if frame is None else frame
        later = orjson.loads(text)
        data = join(frame["data"], later["data"])
        if data is not None and _length(data) <= LONGEST_BUNDLE:
            frame = {**later, "data": data}
            pieces.append(text)
        else:
            yield from _as_one(frame, pieces)
            frame, pieces = later, [text]
    yield from pieces if frame is None else _as_one(frame, pieces)


def _as_one(frame: Data, pieces: list[str]) -> list[str]:
    """Return the text of ``frame``, or those that it is made of where it passes 64 KiB."""
    text = text_of(frame) if len(pieces) > 1 else None
    return pieces if text is None else [text]


def _length(data: Data) -> int:
    return sum(len(value) for value in data.values() if isinstance(value, str))


def _kept(topic: str, after: int, limit: int) -> list[Event] | None:
    later = Event.objects.filter(topic=topic, seq__gt=after).order_by("seq")[:limit]
    rows = list(later)
    if not rows and head(topic) > after:
        # Either they are no longer kept, or the first of them was committed just now.
        rows = list(later.all())
        if not rows:
            return None
    if not rows:
        return rows
    is_whole = rows[0].seq == after + 1 and rows[-1].seq == after + len(rows)
    return rows if is_whole else None


def _shown(spec: EventType, data: Data, audience: str) -> Data | None:
    if audience != "visitor":
        return data
    return spec.visitor.build(data) if spec.visitor else None


def _shaped(row: Event, audience: str) -> Data:
    hidden = {"type": "hidden", "topic": row.topic, "seq": row.seq}
    try:
        return shape(Occurrence(row.topic, row.type, row.data, row.at, row.seq), audience) or hidden
    except UnknownEventError:
        # A type that an older release wrote: the gap is filled, its data stays in the log.
        return hidden


def _raise_head(topic: str) -> int:
    table = connection.ops.quote_name(TopicHead._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (topic, head) VALUES (%s, 1)"  # noqa: S608 - our own table
            f" ON CONFLICT (topic) DO UPDATE SET head = {table}.head + 1 RETURNING head",
            [topic],
        )
        row = cursor.fetchone()
    return int(row[0])


def _send_after_commit(occurrence: Occurrence) -> None:
    if settings.EVENT_CHECK:
        # Here a fault is seen beside its cause, and also when nothing is committed.
        for audience in ("staff", "visitor"):
            shape(occurrence, audience)
    transaction.on_commit(lambda: _send(occurrence), robust=True)


def _send(occurrence: Occurrence) -> None:
    broadcast.send(occurrence.topic, frames_of(occurrence), seq=occurrence.seq)
