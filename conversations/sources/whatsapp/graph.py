"""Meta's Graph API: one client per sender, bound to the server of the settings."""

from functools import lru_cache

import httpx
from django.conf import settings
from pywa.client import WhatsApp

from conversations.sources.whatsapp.models import Sender

VERSION = "26.0"
TIMEOUTS = httpx.Timeout(20.0, connect=5.0, pool=5.0)
"""Seconds: for each read and write, to connect, and to get a connection of the pool."""
MOST_CLIENTS = 64


def client_for(sender: Sender) -> WhatsApp:
    """Return the sender's client; threads may share it, and connections are kept open.

    A server that cannot be reached or does not respond raises ``httpx.RequestError``, one that
    refuses ``pywa.errors.WhatsAppError``. Never call it in a transaction.
    """
    return _client(
        sender.phone_number_id,
        sender.business_account_id,
        sender.access_token,
        settings.WHATSAPP_GRAPH_URL,
    )


@lru_cache(maxsize=MOST_CLIENTS)
def _client(phone_id: str, account: str, token: str, server: str) -> WhatsApp:
    session = httpx.Client(timeout=TIMEOUTS)
    client = WhatsApp(
        phone_id=phone_id,
        waba_id=account or None,
        # Without a token pywa refuses to make requests; Meta's refusal is the clearer one.
        token=token or "none",
        session=session,
        api_version=VERSION,
        server=None,
    )
    session.base_url = f"{server.rstrip('/')}/v{VERSION}"
    return client
