"""Chat completions: ``POST /v1/chat/completions``, with its scripts for faults."""

import asyncio
from collections.abc import AsyncIterator
from itertools import chain, repeat
from time import monotonic

import orjson

from config.demo.loopback.exchange import DropConnectionError
from config.demo.model import brain, wire
from config.demo.model import prompt as prompts
from config.demo.model.exchange import Exchange
from config.demo.model.log import Log
from config.demo.model.prompt import Prompt
from config.demo.model.wire import Json, Writer

FOR_EVER = 3600.0
_REFUSALS = {"429": "Too many requests.", "500": "Something broke.", "503": "Overloaded."}


class Completions:
    """Answers requests for chat completions at ``rate`` tokens a second (0: at once)."""

    def __init__(self, rate: float, log: Log) -> None:
        """Remember the ``rate``; ``log`` counts repeated requests."""
        self.rate = rate
        self._log = log

    async def answer(self, exchange: Exchange) -> None:
        """Answer one request."""
        try:
            body: Json = orjson.loads(exchange.body)
            prompt = prompts.read(body)
        except (ValueError, KeyError, TypeError) as error:
            await exchange.error(400, f"Malformed request: {error}")
            return
        exchange.entry.model = prompt.model
        exchange.entry.body = body
        await _stall(prompt, "stall-headers")
        if await self._refused(exchange, prompt):
            return
        most = body.get("max_completion_tokens", body.get("max_tokens"))
        writer = Writer(prompt, brain.think(prompt), most)
        if body.get("stream"):
            usage = (body.get("stream_options") or {}).get("include_usage")
            await self._stream(exchange, prompt, writer, usage=bool(usage))
        else:
            await self._whole(exchange, prompt, writer)

    async def _refused(self, exchange: Exchange, prompt: Prompt) -> bool:
        for status, text in _REFUSALS.items():
            if status not in prompt.markers:
                continue
            key = f"{status} {prompt.model} {prompt.question}"
            if self._log.times(key) <= prompt.markers.number(status, FOR_EVER):
                after = {"retry_after": "1", "retry_after_ms": "200"} if status == "429" else {}
                await exchange.error(int(status), text, **after)
                return True
        return False

    async def _whole(self, exchange: Exchange, prompt: Prompt, writer: Writer) -> None:
        await _stall(prompt, "stall-first")
        if rate := self._rate(prompt):
            await asyncio.sleep(len(writer.deltas()) / rate)
        if "bad-json" in prompt.markers:
            await exchange.start("application/json")
            await exchange.finish(b'{"choices": [{"mess')
            return
        exchange.entry.usage = writer.usage()
        await exchange.json(writer.completion())

    async def _stream(
        self, exchange: Exchange, prompt: Prompt, writer: Writer, *, usage: bool
    ) -> None:
        await exchange.start("text/event-stream", cache_control="no-cache")
        await _stall(prompt, "stall-first")
        await exchange.write(wire.event(writer.chunk({"role": "assistant", "content": ""})))
        async for delta in self._paced(prompt, writer):
            if await _faulty(exchange, prompt):
                return
            await exchange.write(wire.event(writer.chunk(delta)))
            exchange.entry.tokens += 1
        await exchange.write(wire.event(writer.chunk({}, writer.finish)))
        if usage and "no-usage" not in prompt.markers:
            exchange.entry.usage = writer.usage()
            await exchange.write(wire.event(writer.usage_chunk()))
        await exchange.finish(wire.DONE)

    async def _paced(self, prompt: Prompt, writer: Writer) -> AsyncIterator[Json]:
        """Yield the deltas, each when its time has come."""
        deltas = writer.deltas()
        endless = chain.from_iterable(repeat(deltas)) if "endless" in prompt.markers else deltas
        rate = self._rate(prompt)
        start = monotonic()
        for number, delta in enumerate(endless, 1):
            if rate and (wait := start + number / rate - monotonic()) > 0:
                await asyncio.sleep(wait)
            elif number % 64 == 0:
                await asyncio.sleep(0)
            yield delta

    def _rate(self, prompt: Prompt) -> float:
        if "slow" in prompt.markers:
            return prompt.markers.number("slow", 3)
        return prompt.markers.number("rate", self.rate)


async def _stall(prompt: Prompt, name: str) -> None:
    if name in prompt.markers:
        await asyncio.sleep(prompt.markers.number(name, FOR_EVER))


async def _faulty(exchange: Exchange, prompt: Prompt) -> bool:
    """Do the fault that is due after the tokens sent so far; whether the stream has ended."""
    marks, sent = prompt.markers, exchange.entry.tokens
    if "stall-mid" in marks and sent == marks.number("stall-mid", 10):
        await asyncio.sleep(FOR_EVER)
    if "drop" in marks and sent == marks.number("drop", 10):
        raise DropConnectionError
    if "cut" in marks and sent == marks.number("cut", 10):
        await exchange.finish()
        return True
    if "bad-json" in marks and sent == marks.number("bad-json", 5):
        await exchange.finish(b'data: {"choices": [{"del\n\n' + wire.DONE)
        return True
    if "error" in marks and sent == marks.number("error", 5):
        await exchange.finish(wire.event({"error": {"message": "The model broke.", "code": 500}}))
        return True
    return False
