"""What the drill of the webhook delivers: events of every kind, each four times, some spoilt."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.conversations.sources.whatsapp import payloads
from tests.conversations.sources.whatsapp.conftest import signature

TIMES = 4
CUSTOMERS = 50
KINDS = {"text": 64, "image": 8, "hologram": 8, "reaction": 10, "status": 10}
"""Of a hundred events; Parley knows no holograms. Reactions are Victor's."""
STATES = ("sent", "delivered", "read")


@dataclass(frozen=True)
class Delivery:
    """One call of the webhook, and whether it is as Meta sends it, spoilt on its way, or forged."""

    body: bytes
    signature: str
    kind: str


class Plan:
    """All deliveries of a drill with ``events`` events; the same for every process."""

    def __init__(self, phone_number_id: str, events: int) -> None:
        self._random = Random(events)  # noqa: S311 - the same plan in every process
        self._line = {"phone_number_id": phone_number_id}
        self._prefix = phone_number_id
        shares = [kind for kind, share in KINDS.items() for _ in range(share)]
        self.kinds = [shares[number % 100] for number in range(events)]

    def wamid(self, number: int) -> str:
        """Meta's id of an event."""
        return f"wamid.{self._prefix}.{number}"

    def ours(self, number: int) -> str:
        """Meta's id of the message of ours that an event is about."""
        return f"wamid.{self._prefix}.ours.{number}"

    def of_kind(self, *kinds: str) -> list[int]:
        """Return the events of some kinds."""
        return [number for number, kind in enumerate(self.kinds) if kind in kinds]

    def deliveries(self) -> list[Delivery]:
        """Return every event four times, shuffled; one of the four may be forged, one spoilt."""
        found = [one for number in range(len(self.kinds)) for one in self._four(number)]
        self._random.shuffle(found)
        return found

    def _four(self, number: int) -> Iterator[Delivery]:
        """Yield two equal webhooks and two in other bytes, as when Meta joins two events."""
        event = self._event(number)
        for time in range(TIMES):
            payload = {**event, "sent": time // 2}
            body = json.dumps(payload).encode()
            spoilt = self._random.random()
            if time == 0 and spoilt < 0.4:
                yield Delivery(body, signature(body, "forged"), "forged")
            elif time == 2 and spoilt < 0.2:
                cut = body[: self._random.randrange(1, len(body))]
                yield Delivery(cut, signature(cut), "cut")
            else:
                yield Delivery(body, signature(body), "whole")

    def _event(self, number: int) -> payloads.Json:
        kind = self.kinds[number]
        if kind == "status":
            state = STATES[number % len(STATES)]
            fields: dict[str, Any] = {"statuses": [payloads.status(self.ours(number), state)]}
            return payloads.envelope(payloads.value(messages=None, metadata=self._line, **fields))
        card = payloads.contact() if kind == "reaction" else self._card(number)
        fields = {"from": card.get("wa_id"), "from_user_id": card.get("user_id")}
        part = self._part(kind, number)
        message = payloads.message(kind, wamid=self.wamid(number), **fields, **part)
        return payloads.envelope(payloads.value(message, contacts=[card], metadata=self._line))

    def _part(self, kind: str, number: int) -> payloads.Json:
        match kind:
            case "text":
                return {"text": {"body": f"Question {number}"}}
            case "image":
                return {"image": {"id": f"media-{number}", "caption": f"Photo {number}"}}
            case "reaction":
                return {"reaction": {"message_id": self.ours(number), "emoji": "👍"}}
            case _:
                return {kind: {"depth": number}}

    def _card(self, number: int) -> payloads.Json:
        """Return a customer with a number, a user id, or both, in Meta's form."""
        customer = number % CUSTOMERS
        card: payloads.Json = {"profile": {"name": f"Customer {customer}"}}
        if customer % 3 != 0:
            card["wa_id"] = f"4670{customer:04}"
        if customer % 3 != 1:
            card["user_id"] = f"SE.{customer}"
        return card
