"""Senders: which numbers the demo Graph knows, where their webhooks go and what signs them."""

import hmac
from dataclasses import dataclass, fields
from hashlib import sha256
from typing import Any, Self
from uuid import NAMESPACE_URL, UUID, uuid5


@dataclass(frozen=True, kw_only=True)
class Sender:
    """One number of a business, as Parley and Meta both know it."""

    sender_id: str
    phone_number_id: str
    app_secret: str
    webhook: str
    business_account_id: str = "1"
    verify_token: str = ""
    access_token: str = ""
    display_number: str = "+46 8 123 456 78"
    verified_name: str = "Nordhem"

    @classmethod
    def read(cls, raw: dict[str, Any]) -> Self:
        """Read it from JSON; what is unknown is left out, what is missing raises ``TypeError``."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: str(value) for name, value in raw.items() if name in known})


def demo(secret_key: str, url: str) -> Sender:
    """Return the demo's sender: the same for the same ``secret_key``, and not to be guessed.

    ``url`` is where Parley is reached, with or without a slash at the end.
    """
    sender_id = demo_id(secret_key)
    return Sender(
        sender_id=str(sender_id),
        phone_number_id=_number(secret_key, "phone number"),
        business_account_id=_number(secret_key, "business account"),
        app_secret=_derived(secret_key, "app secret")[:32],
        verify_token=_derived(secret_key, "verify token")[:32],
        access_token=f"demo-{_derived(secret_key, 'access token')[:40]}",
        webhook=webhook_of(url, sender_id),
    )


def demo_id(secret_key: str) -> UUID:
    """Return the id of the demo's sender."""
    return uuid5(NAMESPACE_URL, _derived(secret_key, "sender"))


def webhook_of(url: str, sender_id: UUID | str) -> str:
    """Return the address of a sender's webhooks when Parley is reached at ``url``."""
    return f"{url.rstrip('/')}/webhooks/whatsapp/{sender_id}"


def _derived(secret_key: str, what: str) -> str:
    return hmac.new(secret_key.encode(), f"demo graph {what}".encode(), sha256).hexdigest()


def _number(secret_key: str, what: str) -> str:
    return f"1{int(_derived(secret_key, what)[:16], 16) % 10**14:014d}"
