"""The phone: what its page shows, and what the customer does on it, under ``/phone/…``.

Each POST takes and gives JSON but for ``file``, which is a form. ``sender`` is a phone number id,
``person`` a customer's id; without them it is the first one.
"""

import random
from mimetypes import guess_type
from pathlib import Path
from secrets import token_hex
from time import time

import orjson

from config.demo.graph import inbound, table, view
from config.demo.graph.courier import Courier
from config.demo.graph.failures import Failure
from config.demo.graph.graph import store
from config.demo.graph.messages import MEDIA, Messages
from config.demo.graph.world import Chat, Item, Json, Number, World, new_wamid
from config.demo.loopback import multipart
from config.demo.loopback.exchange import Exchange, Times

PAGE = Path(__file__).with_name("phone")
SAMPLES = Path(__file__).with_name("samples")
LONGEST_WAIT = 25.0
HOUR = 3600
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "media-src 'self' blob:; connect-src 'self'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
BURST = (
    {"type": "image", "image": {"file": "sample:lamp.jpg"}},
    {"type": "image", "image": {"file": "sample:box.jpg"}},
    {"type": "audio", "audio": {"file": "sample:voice.ogg"}},
)
ROW_FILES = {
    "$photo": "lamp.jpg",
    "$voice": "voice.ogg",
    "$sticker": "sticker.webp",
    "$invoice": "invoice.pdf",
}
TYPES = {".ogg": "audio/ogg; codecs=opus", ".js": "text/javascript", ".webp": "image/webp"}


class Phone:
    """Plays the customer, and sets what Meta decides."""

    def __init__(self, world: World, courier: Courier, messages: Messages) -> None:
        """Act in ``world``; send webhooks with ``courier``; ``messages`` has the business's own."""
        self._world = world
        self._courier = courier
        self._messages = messages
        self._acts = {
            "person": self._meet,
            "say": self._say,
            "burst": self._burst,
            "react": self._react,
            "receipts": self._receipts,
            "habits": self._habits,
            "number": self._number,
            "template": self._template,
            "row": self._row,
        }

    async def answer(self, exchange: Exchange[Times], path: list[str]) -> None:
        """Answer a request for ``path``, without its ``phone``."""
        name = path[0] if path else ""
        if exchange.scope["method"] == "POST":
            await self._act(exchange, name)
        elif name == "state":
            wait = min(float(exchange.query("wait") or 0), LONGEST_WAIT)
            await self._world.news(int(exchange.query("since") or -1), within=wait)
            await exchange.json(view.state(self._world, self._courier))
        elif name == "table":
            rows = [{"name": row.name, "field": row.field, "did": row.did} for row in table.ROWS]
            await exchange.json({"rows": rows})
        elif name == "file" and path[-1] in self._world.files:
            file = self._world.files[path[-1]]
            await exchange.give(file.data, file.mime_type, 200, **_safe())
        else:
            await _static(exchange, name)

    async def _act(self, exchange: Exchange[Times], name: str) -> None:
        """Act for the page or a test; refuse pages of other origins."""
        origin = exchange.header("origin")
        if origin not in {"", f"http://{exchange.header('host')}"}:
            await exchange.json({"detail": "Only the phone's own page may do that."}, 403)
            return
        try:
            if name == "file":
                result = self._upload(exchange)
            elif name == "verify":
                result = {"is_verified": await self._courier.verify(self._chosen({}).sender)}
            else:
                result = self._acts[name](orjson.loads(exchange.body))
        except (Failure, KeyError, TypeError, ValueError) as error:
            detail = error.details if isinstance(error, Failure) else repr(error)
            await exchange.json({"detail": detail}, 400)
            return
        self._world.changed()
        await exchange.json(result)

    def _meet(self, body: Json) -> Json:
        """``{name?, phone?}``: a new contact; an empty ``phone`` keeps the number secret."""
        name = str(body.get("name") or _invented_name(len(self._world.people)))
        made_up = f"4670174{random.randrange(10**4):04d}"  # noqa: S311  (only has to differ)
        phone = "".join(filter(str.isdigit, str(body.get("phone", made_up))))
        person = self._world.meet(name=name, phone=phone)
        return {"id": person.id, "name": person.name, "phone": phone, "user_id": person.user_id}

    def _say(self, body: Json) -> Json:
        """``{message, reply_to?, hours_ago?}``: ``message`` is in Meta's form.

        A medium names its bytes by ``file``, an id that ``file`` gave or ``sample:<name>``.
        """
        chat = self._chat(body)
        item = self._item(dict(body["message"]), hours_ago=float(body.get("hours_ago", 0)))
        item.reply_to = str(body.get("reply_to", ""))
        return {"id": self._send(chat, item).id}

    def _burst(self, body: Json) -> Json:
        """``{messages?}``: several at once; two photos and a voice note by default."""
        chat = self._chat(body)
        said = [self._item(dict(raw)) for raw in body.get("messages", BURST)]
        return {"ids": [self._send(chat, item).id for item in said]}

    def _send(self, chat: Chat, item: Item) -> Item:
        chat.items.append(item)
        self._courier.send(chat.number.sender, "messages", inbound.message(chat, item))
        return item

    def _item(self, message: Json, *, hours_ago: float = 0) -> Item:
        kind = str(message["type"])
        content = message.get(kind) or {}
        if kind in MEDIA:
            content = self._medium(kind, dict(content))
        return Item(
            id=str(message.get("id") or new_wamid()),
            is_mine=True,
            kind=kind,
            content=content,
            at=time() - hours_ago * HOUR,
            status="sent",
        )

    def _medium(self, kind: str, content: Json) -> Json:
        """Put a file's id, type and digest into the place of its name here."""
        name = str(content.pop("file", "sample:lamp.jpg"))
        if name.startswith("sample:"):
            path = SAMPLES / Path(name.removeprefix("sample:")).name
            file = store(self._world, path.read_bytes(), _type_of(path.name), path.name)
        else:
            file = self._world.files[name]
        content |= {"id": file.id, "mime_type": file.mime_type, "sha256": file.sha256}
        if kind == "audio":
            content.setdefault("voice", True)
        if kind == "document":
            content.setdefault("filename", file.name)
        return content

    def _react(self, body: Json) -> Json:
        """``{item, emoji}``: an empty ``emoji`` takes the reaction back."""
        chat = self._chat(body)
        item = chat.item(str(body["item"]))
        emoji = str(body.get("emoji", ""))
        item.reactions["customer"] = emoji
        content = {"message_id": item.id, **({"emoji": emoji} if emoji else {})}
        reaction = Item(id=new_wamid(), is_mine=True, kind="reaction", content=content, at=time())
        self._courier.send(chat.number.sender, "messages", inbound.message(chat, reaction))
        return {"id": reaction.id}

    def _receipts(self, body: Json) -> Json:
        """``{delivered?, read?}``: what happens by itself; ``{item?, status}`` does it now."""
        for name in ("delivered", "read"):
            if name in body:
                self._world.receipts[name] = bool(body[name])
        if "status" in body:
            chat = self._chat(body)
            code = int(body.get("code", 0))
            failure = Failure(code, "Refused by the phone.") if code else None
            for item in list(chat.items):
                if not item.is_mine and body.get("item", item.id) == item.id:
                    self._messages.advance(chat, item, str(body["status"]), failure)
        return {"receipts": self._world.receipts}

    def _habits(self, body: Json) -> Json:
        """``{copies?, is_shuffling?, is_holding?}``: how webhooks travel."""
        habits = self._courier.habits
        habits.copies = max(1, int(body.get("copies", habits.copies)))
        habits.is_shuffling = bool(body.get("is_shuffling", habits.is_shuffling))
        habits.is_holding = bool(body.get("is_holding", habits.is_holding))
        return {"copies": habits.copies}

    def _number(self, body: Json) -> Json:
        """``{quality_rating?, messaging_limit?, is_restricted?}``: what Meta thinks of a number."""
        number = self._chosen(body)
        number.quality_rating = str(body.get("quality_rating", number.quality_rating))
        if "messaging_limit" in body:
            number.messaging_limit = str(body["messaging_limit"])
            value = {"max_daily_conversations_per_business": number.messaging_limit}
            self._courier.send(number.sender, "business_capability_update", value)
        if "is_restricted" in body:
            number.is_restricted = bool(body["is_restricted"])
            value = view.restriction(number)
            self._courier.send(number.sender, "account_update", value)
        return {"quality_rating": number.quality_rating}

    def _template(self, body: Json) -> Json:
        """``{name, language?, status, reason?}``: what Meta decides of a template."""
        number = self._chosen(body)
        status = str(body["status"])
        language = body.get("language", "en_US")
        for template in number.templates:
            if (template["name"], template["language"]) == (body["name"], language):
                template["status"] = status
                value = {
                    "event": status,
                    "message_template_id": int(template["id"]),
                    "message_template_name": template["name"],
                    "message_template_language": language,
                    "reason": str(body.get("reason", "NONE")),
                }
                self._courier.send(number.sender, "message_template_status_update", value)
        return {"status": status}

    def _row(self, body: Json) -> Json:
        """``{row}``: what the row of this name says happens, as Meta would send it."""
        chat, row = self._chat(body), table.BY_NAME[str(body["row"])]
        files = {name: self._sample(sample) for name, sample in ROW_FILES.items()}
        value = table.made(row, chat, files)
        for part in ("messages", "message_echoes"):
            if row.model in {table.SAME, table.COLLEAGUE}:
                chat.items += [_bubble(one, part) for one in value.get(part, [])]
        self._courier.send(chat.number.sender, row.field, value)
        return {"row": row.name}

    def _sample(self, name: str) -> str:
        return store(self._world, (SAMPLES / name).read_bytes(), _type_of(name), name).id

    def _upload(self, exchange: Exchange[Times]) -> Json:
        part = multipart.parts(exchange.header("content-type"), exchange.body)["file"]
        name = Path(part.filename or "file").name
        guessed = part.content_type if "/" in part.content_type else _type_of(name)
        kind = _type_of(name) if guessed == "application/octet-stream" else guessed
        return {"file": store(self._world, part.data, kind, name).id, "mime_type": kind}

    def _chat(self, body: Json) -> Chat:
        people = self._world.people
        person = people[str(body.get("person") or next(iter(people)))]
        return self._world.chat(self._chosen(body), person)

    def _chosen(self, body: Json) -> Number:
        numbers = self._world.numbers
        if not numbers:
            raise Failure(100, "No sender is known yet.")
        return self._world.number(str(body.get("sender") or next(iter(numbers))))


def _bubble(message: Json, part: str) -> Item:
    """Return a message of a row as the phone shows it; what a colleague wrote is the business's."""
    kind, is_echo = str(message["type"]), part == "message_echoes"
    content = message.get(kind) or {}
    return Item(
        id=str(message["id"]),
        is_mine=not is_echo,
        kind=kind,
        content=content,
        at=time(),
        status="sent",
        is_echo=is_echo,
    )


async def _static(exchange: Exchange[Times], name: str) -> None:
    """Answer with a file of the page or a sample; without a slash, redirect to the page."""
    if not exchange.scope["path"].startswith("/phone/"):
        await exchange.give(b"", "text/plain", 302, location="/phone/")
        return
    for path in (PAGE / (name or "index.html"), SAMPLES / name):
        if path.name == (name or "index.html") and path.is_file():
            kind = _type_of(path.name)
            text = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
            await exchange.give(path.read_bytes(), text, 200, cache_control="no-cache", **_safe())
            return
    await exchange.json({"detail": "There is nothing here."}, 404)


def _safe() -> dict[str, str]:
    return {
        "content_security_policy": POLICY,
        "x_content_type_options": "nosniff",
        "referrer_policy": "no-referrer",
    }


def _type_of(name: str) -> str:
    suffix = Path(name).suffix.lower()
    return TYPES.get(suffix) or guess_type(name)[0] or "application/octet-stream"


def _invented_name(number: int) -> str:
    names = ("Pekka Laine", "Noor de Wit", "Sofia Rossi", "Mateo Silva", "Ingrid Dahl")
    return names[number % len(names)] if number < 2 * len(names) else token_hex(2).upper()
