"""Messages that the business sends: ``POST /{phone_number_id}/messages``."""

import asyncio
from time import time
from typing import Any

from config.demo.graph import inbound, templates
from config.demo.graph.courier import Courier
from config.demo.graph.failures import Failure
from config.demo.graph.faults import Chosen
from config.demo.graph.world import Chat, Item, Json, Number, World, new_wamid

MEDIA = frozenset({"image", "video", "audio", "document", "sticker"})
KINDS = MEDIA | {"text", "interactive", "template", "location", "contacts", "reaction"}
LONGEST_TEXT = 4096
TYPING_SECONDS = 25
PAUSE = 0.25
"""Seconds between the statuses of a message."""
_INVALID, _WINDOW_CLOSED, _RESTRICTED = 100, 131047, 131031


class Messages:
    """Takes what a business sends, shows it on the phone and reports how far it comes."""

    def __init__(self, world: World, courier: Courier) -> None:
        """Keep messages in ``world``, and send statuses with ``courier``."""
        self._world = world
        self._courier = courier

    def send(self, number: Number, body: Json, chosen: Chosen) -> Json:
        """Take one call, or raise ``Failure``; statuses follow by themselves."""
        if body.get("messaging_product") != "whatsapp":
            raise Failure(_INVALID, "The parameter messaging_product is required.")
        if body.get("status") == "read":
            return self._mark_read(number, body)
        if number.is_restricted:
            raise Failure(_RESTRICTED, "Business Account locked")
        kind = str(body.get("type", "text"))
        if kind not in KINDS or kind not in body:
            raise Failure(_INVALID, f"Param type must be one of {', '.join(sorted(KINDS))}.")
        person = self._world.person(self._recipient(body))
        chat = self._world.chat(number, person)
        content = self._checked(number, kind, body[kind])
        item = Item(
            id=new_wamid(),
            is_mine=False,
            kind=kind,
            content=content,
            at=time(),
            reply_to=str((body.get("context") or {}).get("message_id", "")),
            tracker=str(body.get("biz_opaque_callback_data", "")),
        )
        self._take(chat, item, chosen)
        return {
            "messaging_product": "whatsapp",
            "contacts": [{"input": self._recipient(body), **_names(chat)}],
            "messages": [{"id": item.id}],
        }

    def _take(self, chat: Chat, item: Item, chosen: Chosen) -> None:
        """Count it, show it, and let its statuses go out."""
        self._world.taken += 1
        if item.tracker:
            self._world.trackers[item.tracker] += 1
        if item.kind == "reaction":
            target = chat.item(str(item.content.get("message_id", "")))
            target.reactions["business"] = str(item.content.get("emoji", ""))
        else:
            chat.items.append(item)
        chat.typing_until = 0
        self._world.changed()
        failure = chosen.failed_later
        if failure is None and not chat.is_open and item.kind != "template":
            failure = Failure(
                _WINDOW_CLOSED,
                "Message failed to send because more than 24 hours have passed since the customer "
                "last replied to this number.",
            )
        if "silent" not in chosen:
            self._courier.later(0, self._report(chat, item, chosen, failure))

    async def _report(
        self, chat: Chat, item: Item, chosen: Chosen, failure: Failure | None
    ) -> None:
        """Send the statuses of the message, as far as the phone's switches allow."""
        if failure:
            await asyncio.sleep(PAUSE)
            self.advance(chat, item, "failed", failure)
            return
        states = ["sent"]
        if "sent-only" not in chosen:
            states += [name for name in ("delivered", "read") if self._world.receipts[name]]
        if "backwards" in chosen:
            states.reverse()
        times = int(chosen.number("repeat", 3)) if "repeat" in chosen else 1
        for state in states:
            for _ in range(times):
                self._set_state(chat, item, state)
            await asyncio.sleep(PAUSE)

    def advance(self, chat: Chat, item: Item, state: str, failure: Failure | None = None) -> None:
        """Move a message of the business to ``state`` and send that status, once."""
        if item.status in {state, "failed"}:
            return
        self._set_state(chat, item, state, failure)

    def _set_state(
        self, chat: Chat, item: Item, state: str, failure: Failure | None = None
    ) -> None:
        if item.move(state):
            item.error = failure.details if failure else ""
            self._world.changed()
        value = inbound.status(chat, item, state, failure)
        self._courier.send(chat.number.sender, "messages", value)

    def _mark_read(self, number: Number, body: Json) -> Json:
        wanted = str(body.get("message_id", ""))
        chat = self._world.chat_of(number, wanted)
        for item in chat.items:
            if item.is_mine:
                item.move("read")
            if item.id == wanted:
                break
        if body.get("typing_indicator"):
            chat.typing_until = time() + TYPING_SECONDS
        self._world.changed()
        return {"success": True}

    def _recipient(self, body: Json) -> str:
        recipient = str(body.get("to") or body.get("recipient") or "").removeprefix("+")
        if not recipient:
            raise Failure(_INVALID, "The parameter to is required.")
        return recipient

    def _checked(self, number: Number, kind: str, content: Json) -> Json:
        """Return a content as the phone shows it, or refuse it as Graph does."""
        if kind == "text" and not 0 < len(str(content.get("body", ""))) <= LONGEST_TEXT:
            raise Failure(_INVALID, f"Param text['body'] must be 1 to {LONGEST_TEXT} characters.")
        if kind == "template":
            language = str((content.get("language") or {}).get("code", ""))
            template = templates.find(number.templates, str(content.get("name")), language)
            return {**content, "shown": templates.shown(template, content.get("components") or [])}
        if kind in MEDIA and "link" not in content:
            file = self._world.files.get(str(content.get("id")))
            if file is None:
                raise Failure(_INVALID, f"Media ID {content.get('id')} does not exist.")
            return {**content, "mime_type": file.mime_type}
        return content


def _names(chat: Chat) -> dict[str, Any]:
    named = {"user_id": chat.person.user_id}
    return {"wa_id": chat.person.phone, **named} if chat.person.phone else named
