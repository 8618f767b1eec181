"""Receipts: showing a customer that a message was read and an answer is written; best effort."""

import logging
from datetime import datetime
from uuid import UUID

import httpx
from django.core.cache import cache
from pywa.errors import WhatsAppError

from conversations.models import AuthorKind, Conversation
from conversations.sources.whatsapp import graph
from conversations.sources.whatsapp.models import Inbound, Sender
from conversations.sources.whatsapp.services import groups

logger = logging.getLogger(__name__)

TYPING_SECONDS = 20
"""The customer sees it for 25 s: repeated before that, not with every key."""
READ_SECONDS = 24 * 3600
FAULTS = (WhatsAppError, httpx.HTTPError, ValueError, TypeError, KeyError, AttributeError)


def show(*, conversation_id: UUID, is_typing: bool, at: datetime) -> bool:
    """Mark the customer's newest message as read, and show typing; false: not needed.

    Never call it in a transaction. A failure is logged and nothing else: it is only a courtesy.
    """
    conversation = Conversation.objects.filter(pk=conversation_id).first()
    newest = _newest(conversation_id)
    if conversation is None or newest is None or not conversation.is_window_open(at):
        return False
    if is_typing and groups.group_of(conversation):
        return False
    what, seconds = ("typing", TYPING_SECONDS) if is_typing else ("read", READ_SECONDS)
    sender = Sender.objects.get(pk=newest.sender_id)
    if sender.is_paused or not cache.add(f"whatsapp:{what}:{newest.wamid}", 1, timeout=seconds):
        return False
    client = graph.client_for(sender)
    try:
        if is_typing:
            client.indicate_typing(newest.wamid)
        else:
            client.mark_message_as_read(newest.wamid)
    except FAULTS as error:
        logger.info("WhatsApp did not take that %s is %s: %r", newest.wamid, what, error)
    return True


def _newest(conversation_id: UUID) -> Inbound | None:
    said = Inbound.objects.filter(message__conversation_id=conversation_id)
    rows = said.filter(message__author_kind=AuthorKind.CUSTOMER)
    return rows.order_by("-message__position").first()
