"""The application: the demo model's routes, over ASGI."""

from collections.abc import Awaitable, Callable

import orjson

from config.demo.loopback import multipart
from config.demo.loopback.exchange import Message, Receive, Send
from config.demo.model import tokens, vectors, voice
from config.demo.model.completions import Completions
from config.demo.model.exchange import Exchange
from config.demo.model.log import Log

MODELS = ["demo", "demo-utility", "demo-vision", "demo-transcription", "demo-speech"]


class DemoModel:
    """An OpenAI-compatible server in one process, without network and without chance."""

    def __init__(self, rate: float = 30.0) -> None:
        """Write ``rate`` tokens a second; 0 is as fast as possible."""
        self.log = Log()
        self._completions = Completions(rate, self.log)
        self._routes: dict[tuple[str, str], Callable[[Exchange], Awaitable[None]]] = {
            ("POST", "/v1/chat/completions"): self._completions.answer,
            ("GET", "/v1/models"): _models,
            ("POST", "/v1/audio/transcriptions"): _transcriptions,
            ("POST", "/v1/audio/speech"): _speech,
            ("POST", "/v1/embeddings"): _embeddings,
        }

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path, method = scope["path"], scope["method"]
        if path == "/_log":
            await self._show_log(Exchange(scope, receive, send, Log().open(path)))
            return
        exchange = Exchange(scope, receive, send, self.log.open(path))
        route = self._routes.get((method, path), _nothing)
        await exchange.follow(route)

    async def _show_log(self, exchange: Exchange) -> None:
        if exchange.scope["method"] == "DELETE":
            self.log.clear()
        await exchange.json(self.log.dump())


async def _models(exchange: Exchange) -> None:
    models = [{"id": name, "object": "model", "owned_by": "parley"} for name in MODELS]
    await exchange.json({"object": "list", "data": models})


async def _transcriptions(exchange: Exchange) -> None:
    fields = multipart.parts(exchange.header("content-type"), exchange.body)
    if "file" not in fields:
        await exchange.error(400, "The field file is missing.")
        return
    audio = fields["file"].data
    usage = {"type": "duration", "seconds": voice.seconds_of(audio)}
    await exchange.json({"text": voice.transcribe(audio), "usage": usage})


async def _speech(exchange: Exchange) -> None:
    body = orjson.loads(exchange.body)
    await exchange.start("audio/wav")
    await exchange.finish(voice.speak(str(body.get("input", ""))))


async def _embeddings(exchange: Exchange) -> None:
    body = orjson.loads(exchange.body)
    texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
    in_base64 = body.get("encoding_format") == "base64"
    found = [vectors.embed(str(text)) for text in texts]
    data = [
        {
            "object": "embedding",
            "index": index,
            "embedding": vectors.encode(vector) if in_base64 else vector,
        }
        for index, vector in enumerate(found)
    ]
    count = sum(tokens.count(str(text)) for text in texts)
    usage = {"prompt_tokens": count, "total_tokens": count}
    await exchange.json({"object": "list", "data": data, "model": body["model"], "usage": usage})


async def _nothing(exchange: Exchange) -> None:
    await exchange.error(404, "There is nothing here.")
