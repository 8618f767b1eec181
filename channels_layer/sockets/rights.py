"""Rights: looked at again and again, once for all sockets that come with the same credential."""

import asyncio
import logging
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from channels_layer.access.actors import Actor
from channels_layer.work.threads import DatabaseThreads

logger = logging.getLogger(__name__)

AT_ONCE = 50
"""Credentials that are read beside one another."""
TOPICS = 200
"""Topics in one call, so that who follows thousands leaves others their turns."""


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
    turns = asyncio.Semaphore(AT_ONCE)
    ends = await asyncio.gather(
        *(_recheck(some, database, turns) for some in alike.values()), return_exceptions=True
    )
    if failures := [end for end in ends if isinstance(end, Exception)]:
        # One for all: where the database is away, each of them fails.
        number = len(failures)
        logger.error("The rights of %d credentials cannot be read", number, exc_info=failures[0])


async def _recheck(
    alike: list[Holder], database: DatabaseThreads, turns: asyncio.Semaphore
) -> None:
    async with turns:
        followed = list({topic for holder in alike for topic in holder.follows})
        for start in range(0, max(len(followed), 1), TOPICS):
            topics = followed[start : start + TOPICS]
            rights = await database.run(alike[0].rights, topics)
            for holder in alike:
                holder.renew(rights)
            if rights.actor is None:
                return
