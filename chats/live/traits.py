"""What models refused, as the engine asks for it: kept in the database, cached for some seconds."""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from django.db import DatabaseError, InterfaceError

from channels_layer.work.threads import DatabaseThreads
from chats.engine.traits import Trait, Traits
from chats.services import traits as services

logger = logging.getLogger(__name__)

FRESH_SECONDS = 5.0
"""How long one process may not know of what another has learnt, or an administrator forgotten."""


class StoredTraits:
    """What is remembered of the models of one server."""

    def __init__(self, url: str, database: DatabaseThreads, clock: Callable[[], datetime]) -> None:
        """Read and write through ``database``, off the event loop."""
        self._url = url
        self._database = database
        self._clock = clock
        self._cache: dict[str, tuple[float, Traits]] = {}
        self._reading: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def known(self, model: str) -> Traits:
        """Return what was learnt of ``model``; without the database, what this process knows.

        Of many answers that begin at once one reads it.
        """
        if (fresh := self._fresh(model)) is not None:
            return fresh
        async with self._reading[model]:
            if (fresh := self._fresh(model)) is not None:
                return fresh
            return await self._read(model)

    async def learn(self, model: str, traits: Sequence[Trait]) -> None:
        """Remember ``traits`` of ``model``, in any case as long as they are fresh."""
        for trait in traits:
            what = " ".join(filter(None, (trait.kind, trait.subject, trait.value)))
            logger.warning("%s is asked otherwise, %s: %s", model, what, trait.words)
        self._cache[model] = (time.monotonic(), (await self.known(model)).extended(traits))
        work = partial(services.learn, url=self._url, model=model, traits=traits, at=self._clock())
        try:
            await self._database.run(work)
        except (DatabaseError, InterfaceError) as error:
            logger.warning("What %s refused could not be kept: %s", model, error)

    async def forget(self, model: str, kinds: Sequence[str]) -> None:
        """Forget the traits of ``kinds`` of ``model``, in this process at once."""
        logger.warning("%s is asked as before, without: %s", model, ", ".join(kinds))
        self._cache[model] = (time.monotonic(), (await self.known(model)).without(kinds))
        work = partial(services.forget, url=self._url, model=model, kinds=kinds)
        try:
            await self._database.run(work)
        except (DatabaseError, InterfaceError) as error:
            logger.warning("What %s showed could not be forgotten: %s", model, error)

    def _fresh(self, model: str) -> Traits | None:
        read_at, traits = self._cache.get(model, (0.0, Traits()))
        is_fresh = read_at and time.monotonic() - read_at < FRESH_SECONDS
        return traits if is_fresh else None

    async def _read(self, model: str) -> Traits:
        _, traits = self._cache.get(model, (0.0, Traits()))
        work = partial(services.known, url=self._url, model=model)
        try:
            traits = Traits(await self._database.run_once(work))
        except (DatabaseError, InterfaceError) as error:
            logger.warning("What %s refused could not be read: %s", model, error)
            return traits
        self._cache[model] = (time.monotonic(), traits)
        return traits
