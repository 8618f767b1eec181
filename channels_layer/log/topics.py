"""Topics: what a socket may follow, who may, and what is sent besides the log."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from re import compile as pattern
from typing import Any

from channels_layer.access.actors import Actor

Frame = dict[str, Any]
MayFollow = Callable[[Actor, str], bool]
Snapshot = Callable[[Actor, str], Iterable[Frame]]
Recent = Callable[[datetime], Iterable[Frame]]

_TOPIC = pattern(r"([a-z][a-z_]{0,30})(?::([A-Za-z0-9-]{1,64}))?")


@dataclass(frozen=True)
class TopicKind:
    """A family of topics with one prefix.

    ``may_follow(actor, id)`` decides; ``id`` is empty for a topic without one, such as ``inbox``.
    Snapshots return frames ``{"type", "data"}`` that are sent after the replay, such as a run's
    text so far. ``recent(since)`` returns a summary topic's frames for rows changed since then.
    All of them may read the database; they run in the hub's executor.
    """

    prefix: str
    durable: bool
    may_follow: MayFollow
    recent: Recent | None = None
    snapshots: list[Snapshot] = field(default_factory=list, compare=False)


_kinds: dict[str, TopicKind] = {}
_waiting: dict[str, list[Snapshot]] = {}


def register(kind: TopicKind) -> None:
    """Register ``kind``; a second one of the same prefix is an error."""
    if kind.prefix in _kinds:
        msg = f"The topic {kind.prefix!r} is registered already."
        raise ValueError(msg)
    kind.snapshots.extend(_waiting.pop(kind.prefix, []))
    _kinds[kind.prefix] = kind


def add_snapshot(prefix: str, snapshot: Snapshot) -> None:
    """Send the frames that ``snapshot(actor, id)`` returns after the replay of such a topic."""
    kind = _kinds.get(prefix)
    (kind.snapshots if kind else _waiting.setdefault(prefix, [])).append(snapshot)


def kinds() -> list[TopicKind]:
    """List all kinds by prefix."""
    return [_kinds[prefix] for prefix in sorted(_kinds)]


def split(topic: object) -> tuple[str, str] | None:
    """Split ``topic`` into prefix and id; return None when it is malformed."""
    match = _TOPIC.fullmatch(topic) if isinstance(topic, str) else None
    return (match[1], match[2] or "") if match else None


def kind_of(topic: object) -> TopicKind | None:
    """Return the kind of ``topic``, or None when there is none."""
    parts = split(topic)
    return _kinds.get(parts[0]) if parts else None


def may_follow(actor: Actor, topic: str) -> bool:
    """Return whether ``actor`` may follow ``topic``; false for what does not exist."""
    kind = kind_of(topic)
    parts = split(topic)
    return bool(kind and parts and kind.may_follow(actor, parts[1]))
