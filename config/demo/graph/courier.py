"""The courier: carries signed webhooks to Parley, and tries again while Parley is away."""

import asyncio
import hmac
import random
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from time import time
from typing import TYPE_CHECKING, Any

import orjson

from config.demo.graph.senders import Sender

if TYPE_CHECKING:
    from config.demo.graph.line import Line

Json = dict[str, Any]
DELAYS = (0.2, 0.5, 1, 2, 4, 8, 15, 30)
"""Seconds before each further try; the last one goes on for ever."""
KEPT = 200
SHUFFLE_SECONDS = 0.4
OK = 200


@dataclass
class Habits:
    """What Meta does to webhooks on their way."""

    copies: int = 1
    is_shuffling: bool = False
    is_holding: bool = False


class Courier:
    """One line of webhooks per sender; what fails leaves the line and comes again later."""

    def __init__(self) -> None:
        """Start with Meta's good habits."""
        self.habits = Habits()
        self.done: deque[Json] = deque(maxlen=KEPT)
        self.waiting = 0
        self._lines: dict[str, list[tuple[Sender, bytes]]] = {}
        self._walkers: dict[str, asyncio.Task[None]] = {}
        self._errands: set[asyncio.Task[None]] = set()

    def send(self, sender: Sender, field: str, value: Json) -> None:
        """Queue a webhook about ``field``; it leaves at once unless habits say otherwise."""
        change = {"field": field, "value": value}
        entry = {"id": sender.business_account_id, "time": int(time()), "changes": [change]}
        self.send_raw(
            sender, orjson.dumps({"object": "whatsapp_business_account", "entry": [entry]})
        )

    def send_raw(self, sender: Sender, body: bytes) -> None:
        """Queue ``body`` as it stands."""
        for _ in range(self.habits.copies):
            self._lines.setdefault(sender.sender_id, []).append((sender, body))
            self.waiting += 1
        walker = self._walkers.get(sender.sender_id)
        if walker is None or walker.done():
            self._walkers[sender.sender_id] = self._errand(self._walk(sender.sender_id))

    async def carry(self, sender: Sender, body: bytes, *, signature: str = "") -> int:
        """Send ``body`` once; return the status of the answer, 0 where there was none."""
        digest = hmac.new(sender.app_secret.encode(), body, sha256).hexdigest()
        headers = {
            "content-type": "application/json",
            "x-hub-signature-256": signature or f"sha256={digest}",
        }
        status = await self._line.post(sender.webhook, body, headers)
        self.done.append({"at": time(), "sender": sender.sender_id, "status": status})
        return status

    async def verify(self, sender: Sender) -> bool:
        """Check that Parley knows the verify token, as Meta does when one subscribes."""
        challenge = str(random.randrange(10**9))  # noqa: S311  (only has to differ)
        query = {
            "hub.mode": "subscribe",
            "hub.verify_token": sender.verify_token,
            "hub.challenge": challenge,
        }
        return await self._line.get(sender.webhook, query) == (OK, challenge)

    def later(self, seconds: float, errand: Coroutine[Any, Any, None]) -> None:
        """Run ``errand`` after ``seconds``."""

        async def wait() -> None:
            await asyncio.sleep(seconds)
            await errand

        self._errand(wait())

    @cached_property
    def _line(self) -> "Line":
        """Import the HTTP client with the first call: it would take half of the start's time."""
        from config.demo.graph import line  # noqa: PLC0415

        return line.Line()

    async def _walk(self, sender_id: str) -> None:
        line = self._lines[sender_id]
        while line:
            while self.habits.is_holding:  # noqa: ASYNC110  (a person's switch, not an event)
                await asyncio.sleep(0.05)
            if self.habits.is_shuffling:
                await asyncio.sleep(SHUFFLE_SECONDS)
                random.shuffle(line)
            sender, body = line.pop(0)
            if await self.carry(sender, body) == OK:
                self.waiting -= 1
            else:
                self._errand(self._try_again(sender, body))

    async def _try_again(self, sender: Sender, body: bytes) -> None:
        """Go on until it is taken, or refused for good (a wrong signature stays wrong)."""
        for delay in (*DELAYS, *[DELAYS[-1]] * 1000):
            await asyncio.sleep(delay)
            if await self.carry(sender, body) == OK:
                break
        self.waiting -= 1

    def _errand(self, errand: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)
        return task
