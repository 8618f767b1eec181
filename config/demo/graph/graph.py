"""The Graph API itself: what is answered under ``/v26.0/…``."""

import asyncio
from hashlib import sha256
from secrets import token_urlsafe
from time import time

import orjson

from config.demo.graph.failures import Failure
from config.demo.graph.faults import Chosen, Faults
from config.demo.graph.messages import Messages
from config.demo.graph.world import URL_SECONDS, File, Json, Number, World
from config.demo.loopback import multipart
from config.demo.loopback.exchange import Exchange, Times

LARGEST_FILE = 100 * 1024 * 1024
PAGE = 25
FOR_EVER = 3600
_INVALID = 100
_GATEWAY = b"<html><body><h1>503 Service Unavailable</h1></body></html>"


class Graph:
    """Answers the requests of a business."""

    def __init__(self, world: World, messages: Messages, faults: Faults) -> None:
        """Answer out of ``world``, with what ``faults`` chooses in between."""
        self._world = world
        self._messages = messages
        self._faults = faults

    async def answer(self, exchange: Exchange[Times], path: list[str]) -> None:
        """Answer a request for ``path``, without its version."""
        body = exchange.body.decode("utf-8", "replace")
        sender = path[0] if path else ""
        chosen = self._faults.choose(
            path="/".join(path), body=body if path[1:] != ["media"] else "", sender=sender
        )
        try:
            if await _broke_before(exchange, chosen):
                return
            result = self._answered(exchange, path, chosen)
        except Failure as failure:
            self._note(exchange, path, failure.status)
            after = {"retry_after": "1"} if "429" in chosen else {}
            await exchange.json(failure.body, failure.status, **after)
            return
        self._note(exchange, path, 200)
        await _break_after(exchange, chosen)
        await exchange.json(result)

    async def download(self, exchange: Exchange[Times], key: str) -> None:
        """Answer with the bytes behind an address that ``GET /{media_id}`` returned lately."""
        chosen = self._faults.choose(path="download", body="", sender="")
        media_id, until = self._world.addresses.get(key, ("", 0.0))
        file = self._world.files.get(media_id)
        try:
            if await _broke_before(exchange, chosen):
                return
            self._world.check_token(exchange.header("authorization"))
        except Failure as failure:
            await exchange.json(failure.body, failure.status)
            return
        if file is None or until < time():
            await exchange.json(Failure(_INVALID, "The address has expired.").body, 404)
            return
        await exchange.give(file.data, file.mime_type)

    def _answered(self, exchange: Exchange[Times], path: list[str], chosen: Chosen) -> Json:
        method, token = exchange.scope["method"], exchange.header("authorization")
        match (method, *path):
            case ("POST", phone_id, "messages"):
                number = self._world.number(phone_id)
                self._world.check_token(token, number)
                return self._messages.send(number, _read(exchange.body), chosen)
            case ("POST", phone_id, "media"):
                self._world.check_token(token, self._world.number(phone_id))
                return self._upload(exchange)
            case (_, account, "message_templates"):
                number = self._world.account(account)
                self._world.check_token(token, number)
                return _templates(exchange, number)
            case ("GET" | "DELETE", object_id):
                self._world.check_token(token)
                return self._object(exchange, object_id)
        raise Failure(_INVALID, f"Unknown path components: /{'/'.join(path)}")

    def _object(self, exchange: Exchange[Times], object_id: str) -> Json:
        """Answer with a number or the address of a file; DELETE forgets the file."""
        if object_id in self._world.numbers:
            return _number(self._world.numbers[object_id], exchange.query("fields"))
        file = self._world.files.get(object_id)
        if file is None:
            raise Failure(_INVALID, f"Object with ID '{object_id}' does not exist.")
        if exchange.scope["method"] == "DELETE":
            del self._world.files[object_id]
            return {"success": True}
        key = token_urlsafe(24)
        self._world.addresses[key] = (object_id, time() + URL_SECONDS)
        return {
            "messaging_product": "whatsapp",
            "url": f"http://{exchange.header('host')}/download/{key}",
            "mime_type": file.mime_type,
            "sha256": file.sha256,
            "file_size": len(file.data),
            "id": file.id,
        }

    def _upload(self, exchange: Exchange[Times]) -> Json:
        fields = multipart.parts(exchange.header("content-type"), exchange.body)
        if "file" not in fields or "messaging_product" not in fields:
            raise Failure(_INVALID, "The parameters file and messaging_product are required.")
        part = fields["file"]
        kind = fields["type"].data.decode() if "type" in fields else part.content_type
        return {"id": store(self._world, part.data, kind, part.filename).id}

    def _note(self, exchange: Exchange[Times], path: list[str], status: int) -> None:
        is_json = exchange.header("content-type").startswith("application/json")
        self._world.requests.append(
            {
                "at": time(),
                "method": exchange.scope["method"],
                "path": "/".join(path),
                "status": status,
                "body": _readable(exchange.body) if is_json else None,
            }
        )


def store(world: World, data: bytes, mime_type: str, name: str) -> File:
    """Store a file; return it with the id of a medium."""
    digest = sha256(data).hexdigest()
    number = 10**14 + len(world.files) + int(digest[:8], 16)
    file = File(id=str(number), data=data, mime_type=mime_type, sha256=digest, name=name)
    world.files[file.id] = file
    return file


def _number(number: Number, fields: str) -> Json:
    """Return the requested fields of a number."""
    sender = number.sender
    known: Json = {
        "id": sender.phone_number_id,
        "verified_name": sender.verified_name,
        "display_phone_number": sender.display_number,
        "quality_rating": number.quality_rating,
        "whatsapp_business_manager_messaging_limit": number.messaging_limit,
        "throughput": {"level": "STANDARD"},
        "status": "RESTRICTED" if number.is_restricted else "CONNECTED",
        "health_status": {
            "can_send_message": "BLOCKED" if number.is_restricted else "AVAILABLE",
            "entities": [],
        },
        "name_status": "APPROVED",
        "code_verification_status": "VERIFIED",
        "platform_type": "CLOUD_API",
    }
    wanted = {"id", *(fields.split(",") if fields else ("verified_name", "display_phone_number"))}
    return {name: value for name, value in known.items() if name in wanted}


def _templates(exchange: Exchange[Times], number: Number) -> Json:
    """List, create or delete templates of a business."""
    method = exchange.scope["method"]
    if method == "POST":
        raw = _read(exchange.body)
        created = {
            "parameter_format": "POSITIONAL",
            **raw,
            "id": f"9{len(number.templates):014d}",
            "status": "PENDING",
        }
        number.templates.append(created)
        return {"id": created["id"], "status": "PENDING", "category": created.get("category")}
    if method == "DELETE":
        name = exchange.query("name")
        number.templates = [one for one in number.templates if one["name"] != name]
        return {"success": True}
    start = int(exchange.query("after") or 0)
    size = int(exchange.query("limit") or PAGE)
    page = number.templates[start : start + size]
    paging: Json = {"cursors": {"before": str(start), "after": str(start + len(page))}}
    if start + size < len(number.templates):
        host, account = exchange.header("host"), number.sender.business_account_id
        query = f"limit={size}&after={start + size}"
        paging["next"] = f"http://{host}/v26.0/{account}/message_templates?{query}"
    total = len(number.templates)
    summary = {
        "total_count": total,
        "message_template_count": total,
        "message_template_limit": 250,
        "are_translations_complete": True,
    }
    return {"data": page, "paging": paging, "summary": summary}


async def _broke_before(exchange: Exchange[Times], chosen: Chosen) -> bool:
    """Apply the faults that strike before a message is taken; return True if that ended it."""
    if "hang-before" in chosen:
        await asyncio.sleep(FOR_EVER)
    if "cut-before" in chosen:
        await exchange.cut()
    if "503" in chosen:
        await exchange.give(_GATEWAY, "text/html", 503)
        return True
    if chosen.failure:
        raise chosen.failure
    return False


async def _break_after(exchange: Exchange[Times], chosen: Chosen) -> None:
    """Apply the faults that strike after a message was taken."""
    if "hang" in chosen:
        await asyncio.sleep(FOR_EVER)
    if "cut" in chosen:
        await exchange.cut()
    if "slow" in chosen:
        await asyncio.sleep(chosen.number("slow", 2))


def _read(body: bytes) -> Json:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Failure(_INVALID, "The body is no JSON.") from None
    if not isinstance(found, dict):
        raise Failure(_INVALID, "The body is no object.")
    return found


def _readable(body: bytes) -> Json | None:
    try:
        return _read(body)
    except Failure:
        return None
