"""Topics: what a socket may follow, who may, and what is sent besides the log."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from re import compile as pattern
from typing import Any

from channels_layer.access.actors import Actor
from channels_layer.registry import Registry

Frame = dict[str, Any]
MayFollow = Callable[[Actor, str], bool]
Snapshot = Callable[[Actor, str], Iterable[Frame]]
Recent = Callable[[datetime], Iterable[Frame]]

_TOPIC = pattern(r"([a-z][a-z_]{0,30})(?::([A-Za-z0-9-]{1,64}))?")


@dataclass(frozen=True)
class TopicKind:
    """A family of topics with one prefix.

    ``may_follow(actor, id)`` decides; ``id`` is empty for a topic without one, such as ``inbox``.
    ``recent(since)`` returns a summary topic's frames for rows changed since then. Both may read
    the database; they run in the hub's executor.
    """

    prefix: str
    durable: bool
    may_follow: MayFollow
    recent: Recent | None = None


_kinds: Registry[str, TopicKind] = Registry("topic")
_snapshots: Registry[tuple[str, str], Snapshot] = Registry("snapshot of a topic")


def register(kind: TopicKind) -> None:
    """Register ``kind``; there is one per prefix."""
    _kinds.register(kind.prefix, kind)


def register_snapshot(prefix: str, name: str, snapshot: Snapshot) -> None:
    """Send the frames that ``snapshot(actor, id)`` returns after the replay of such a topic.

    The frames are ``{"type", "data"}``, such as a run's text so far. It may read the database; it
    runs in the hub's executor.
    """
    _snapshots.register((prefix, name), snapshot)


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


def snapshot(actor: Actor, topic: str) -> list[Frame]:
    """Return the frames of all snapshots of ``topic`` for ``actor``."""
    prefix, identifier = split(topic) or ("", "")
    taken = (take(actor, identifier) for (of, _), take in _snapshots.items() if of == prefix)
    return list(chain.from_iterable(taken))
