"""Output streams: a run's text on its way to the followers, in small bundles."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

from channels_layer.log import events
from channels_layer.transport import stream
from chats.events import CHUNK, STATUS
from chats.models import Run
from chats.objects.run import chunk, snapshot

LAST_WAIT = 2.0
"""Seconds that the end of a run waits for its last text to be sent."""


class OutputStream:
    """Sends one run's text: the first token at once, what follows at the pace of ``pause``.

    ``length`` counts the code points written, ``first_at`` is the time of the first one;
    ``was_taken_back`` says whether some of what was sent was.
    """

    def __init__(
        self, run: Run, *, clock: Callable[[], datetime], pause: Callable[[], float]
    ) -> None:
        """Begin with what the run has shown; ``pause`` returns the seconds between two bundles."""
        self.first_at: datetime | None = run.first_token_at
        self._run = run
        self._clock = clock
        self._pause = pause
        self.length = self._sent = len(run.text)
        self._shown = [run.text]
        self._waiting: list[str] = []
        self._state = ""
        self._is_cut = False
        self.was_taken_back = False
        self._wake = asyncio.Event()

    @property
    def shown(self) -> str:
        """What was sent so far."""
        self._shown = ["".join(self._shown)]
        return self._shown[0]

    @property
    def text(self) -> str:
        """What was written so far, sent or not."""
        return self.shown + "".join(self._waiting)

    def write(self, text: str) -> None:
        """Append ``text`` to all that was written before."""
        if not text:
            return
        if self.first_at is None:
            self.first_at = self._clock()
        self._waiting.append(text)
        self.length += len(text)
        self._wake.set()

    def cut(self, length: int) -> None:
        """Take back what lies behind ``length`` code points, sent or not."""
        kept = self.text[:length]
        self._is_cut = self._is_cut or self._sent > length
        self.was_taken_back = self.was_taken_back or self._sent > length
        self._shown, self._waiting = [kept], []
        self._sent = self.length = len(kept)
        self._wake.set()

    def state(self, state: str) -> None:
        """Show what the run is doing."""
        self._state = state
        self._wake.set()

    async def begin_with(self, text: str) -> None:
        """Show ``text`` in place of the text of an earlier attempt."""
        await self._show_anew(text)
        self._shown = [text]
        self._sent = self.length = len(text)

    async def go_on(self) -> None:
        """Send what waits, for ever."""
        while True:
            await self._wake.wait()
            await self._flush()
            if pause := self._pause():
                await asyncio.sleep(pause)

    async def close(self) -> None:
        """Send the rest, if that is possible at all."""
        async with asyncio.timeout(LAST_WAIT):
            await self._flush()

    async def _flush(self) -> None:
        self._wake.clear()
        if state := self._state:
            self._state = ""
            await self._send(self._sent, "", STATUS, {"run": str(self._run.pk), "state": state})
        if self._is_cut:
            self._is_cut = False
            await self._show_anew(self.shown)
        if self._waiting:
            text = "".join(self._waiting)
            self._waiting.clear()
            offset = self._sent
            self._shown.append(text)
            self._sent += len(text)
            for start, piece in stream.pieces(text):
                data = chunk(self._run, offset=offset + start, text=piece)
                await self._send(offset + start, piece, CHUNK, data)

    async def _show_anew(self, text: str) -> None:
        for data in snapshot(self._run, attempt=self._run.attempt, text=text):
            await self._send(data["offset"], data["text"], CHUNK, data)

    async def _send(self, offset: int, text: str, kind: str, data: dict[str, Any]) -> None:
        run = self._run
        frames = events.encode(topic=run.topic, type=kind, data=data, at=self._clock())
        await stream.append(
            run=run.pk,
            attempt=run.attempt,
            offset=offset,
            text=text,
            topic=run.topic,
            frames=frames,
        )
