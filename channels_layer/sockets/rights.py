"""Rights: looked at again and again, once for all sockets that come with the same credential."""

import asyncio
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from channels_layer.access.actors import Actor
from channels_layer.work.threads import DatabaseThreads

AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Rights:
    """Who comes with a credential, if anybody may, and which of the asked topics he may not follow.

    ``is_forbidden`` is for somebody without any rights.
    """

    actor: Actor | None
    lost: frozenset[str] = frozenset()
    is_forbidden: bool = False


class Holder(Protocol):
    """A socket whose rights may end."""

    actor: Actor | None
    follows: Mapping[str, object]
    """What it follows, by topic."""

    @property
    def credential(self) -> Hashable:
        """What its rights depend on: those of sockets with an equal one are the same."""

    def rights(self, topics: Iterable[str]) -> Rights:
        """Read the rights, and which of ``topics`` may be followed; runs in a thread."""

    def renew(self, rights: Rights) -> None:
        """End what is no longer allowed."""


async def recheck(holders: Iterable[Holder], database: DatabaseThreads) -> None:
    """Check the rights of ``holders`` again."""
    alike: dict[Hashable, list[Holder]] = {}
    for holder in holders:
        if holder.actor is not None:
            alike.setdefault(holder.credential, []).append(holder)
    waiting = list(alike.values())
    while waiting:
        now, waiting = waiting[:AT_ONCE], waiting[AT_ONCE:]
        await asyncio.gather(*(_recheck(some, database) for some in now), return_exceptions=True)


async def _recheck(alike: list[Holder], database: DatabaseThreads) -> None:
    followed = {topic for holder in alike for topic in holder.follows}
    rights = await database.run(alike[0].rights, followed)
    for holder in alike:
        holder.renew(rights)
