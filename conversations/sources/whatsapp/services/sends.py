"""Sends: one delivery to Meta, and the status reports that follow."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

import httpx
from django.utils.translation import gettext_noop as _
from pywa.client import WhatsApp
from pywa.errors import WhatsAppError

from channels_layer.work import jobs
from conversations.models import Attachment, Conversation, Delivery, Identity
from conversations.services import deliveries
from conversations.sources.whatsapp import errors, graph, selectors, templating
from conversations.sources.whatsapp.errors import Judgement
from conversations.sources.whatsapp.models import Inbound, Sender
from conversations.sources.whatsapp.parser.shapes import Status
from conversations.sources.whatsapp.services import groups, outgoing_files, quality
from conversations.transports import ReportEffect, SendResult, SendStatus, StatusReport

Json = dict[str, Any]

CODE = re.compile(r"[0-9]{1,9}")
FAULTS = (
    WhatsAppError,
    httpx.HTTPError,
    httpx.InvalidURL,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)
STALE_TEMPLATE = frozenset({"132000", "132001", "132012", "132015", "132016"})
FILE_GONE = _("The file is not there any more. Attach it again.")
SENTENCES = (FILE_GONE,)
"""What is stored, to be read in the reader's language."""
TEMPLATE_GONE = errors.PLAIN[132001]
WINDOW_CLOSED = 131047
NEEDS_NUMBER = "131062"
"""Meta's error for a user id where it takes phone numbers alone, as for sign-in codes."""


class _RefusedError(Exception):
    """The delivery cannot be sent, and nothing has left."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.result = SendResult(status=SendStatus.FAILED, error_code=code, error=text)


def send(delivery: Delivery, *, begin: Callable[[], bool], at: datetime) -> SendResult | None:
    """Send one claimed delivery; ``begin`` is called right before the request that sends it.

    A message after the window is not even tried; a file is uploaded first, which may be repeated
    without harm.
    """
    conversation = delivery.conversation
    sender = selectors.sender_of(conversation)
    if delivery.content["type"] != "template" and conversation.is_window_closed(at):
        text = errors.words(WINDOW_CLOSED)
        return SendResult(status=SendStatus.FAILED, error_code=str(WINDOW_CLOSED), error=text)
    client = graph.client_for(sender)
    try:
        kind, body = _prepared(client, sender, delivery)
    except _RefusedError as refusal:
        return refusal.result
    except FAULTS as error:
        return _result(sender, errors.judged_upload(error), at=at)
    request = {"typ": kind, "msg": body, **_replying(delivery)}
    return _send(client, sender, delivery, request, begin=begin, at=at)


def record_status(*, sender: Sender, status: Status, at: datetime) -> bool:
    """Record Meta's status of a message; false: no delivery of it is known (yet)."""
    has_failed = status.state == Delivery.State.FAILED
    code = int(status.error_code) if CODE.fullmatch(status.error_code) else 0
    report = StatusReport(
        state=status.state,
        provider_id=status.id,
        tracker=status.tracker,
        error_code=status.error_code,
        error=errors.words_of_status(code, status.error) if has_failed else "",
    )
    effect = deliveries.record_report(source_id=sender.source_id, report=report, at=at)
    if has_failed and code and effect == ReportEffect.CHANGED:
        quality.heed_error(sender=sender, code=code, at=at)
    return effect != ReportEffect.UNKNOWN


def _send(
    client: WhatsApp,
    sender: Sender,
    delivery: Delivery,
    request: Json,
    *,
    begin: Callable[[], bool],
    at: datetime,
) -> SendResult | None:
    addresses = _addresses(delivery.conversation)
    if not begin():
        return None
    result = _request(client, sender, delivery, request | addresses[0], at=at)
    if result.error_code == NEEDS_NUMBER and len(addresses) > 1:  # surely nothing was sent
        return _request(client, sender, delivery, request | addresses[1], at=at)
    return result


def _request(
    client: WhatsApp, sender: Sender, delivery: Delivery, request: Json, *, at: datetime
) -> SendResult:
    try:
        response: Any = client.api.send_message(
            sender=sender.phone_number_id,
            biz_opaque_callback_data=delivery.tracker,
            **request,
        )
        return SendResult(status=SendStatus.SENT, provider_id=str(response["messages"][0]["id"]))
    except FAULTS as error:
        return _result(sender, errors.judged(error), at=at)


def _result(sender: Sender, judgement: Judgement, *, at: datetime) -> SendResult:
    result = judgement.result
    if judgement.restricts:
        quality.heed_error(sender=sender, code=int(result.error_code), at=at)
    if result.error_code in STALE_TEMPLATE:
        jobs.enqueue("conversations.sync_templates", sender=sender.pk)
    return result


def _addresses(conversation: Conversation) -> list[Json]:
    """Return the addresses: the person's user id if one is known, then the number.

    A number may belong to another person by now, a user id never. What is said in a group goes to
    the group, and never to one of its people.
    """
    if group := groups.group_of(conversation):
        return [{"to": group, "recipient": None, "recipient_type": "group"}]
    rows = Identity.objects.filter(
        source_id=conversation.source_id, contact__conversations=conversation.pk
    )
    newest = rows.order_by("-id").values_list("external_id", flat=True)
    known = sorted(newest, key=lambda one: one != conversation.external_id)
    user_ids = [one for one in known if not one.isdecimal()]
    numbers = [one for one in known if one.isdecimal()]
    chosen = [*user_ids[:1], *numbers[:1]] or [conversation.external_id]
    return [
        {"to": one, "recipient": None, "recipient_type": "individual"}
        if one.isdecimal()
        else {"to": None, "recipient": one, "recipient_type": "individual"}
        for one in chosen
    ]


def _replying(delivery: Delivery) -> Json:
    """Return the message that the delivery quotes, if Meta knows that one."""
    replied = delivery.message.quoted
    if replied is None or delivery.part:
        return {}
    inbound = Inbound.objects.filter(message=replied).order_by("sent_at").first()
    if inbound is not None:
        return {"reply_to_message_id": inbound.wamid}
    ours = Delivery.objects.filter(message=replied).exclude(provider_id="")
    wamid = ours.order_by("part").values_list("provider_id", flat=True).first()
    return {"reply_to_message_id": wamid} if wamid else {}


def _prepared(client: WhatsApp, sender: Sender, delivery: Delivery) -> tuple[str, Json]:
    """Return type and body of the request, its file uploaded."""
    content = delivery.content
    match content["type"]:
        case "text":
            return "text", {"body": content["text"], "preview_url": "://" in content["text"]}
        case "interactive":
            return "interactive", content["interactive"]
        case "template":
            return "template", _template(client, sender, content)
    return _media(client, sender, content["attachment"], caption=content.get("caption", ""))


def _template(client: WhatsApp, sender: Sender, content: Json) -> Json:
    wanted = content["template"]
    row = selectors.template_of(sender, name=wanted["name"], language=wanted["language"])
    if row is None:
        raise _RefusedError("132001", TEMPLATE_GONE)
    media = None
    if attachment := content.get("attachment"):
        kind, body = _media(client, sender, attachment)
        media = {"type": kind, kind: body}
    components = templating.payload_of(
        row.components,
        wanted.get("parameters") or {},
        is_named=row.parameter_format == "NAMED",
        media=media,
    )
    made: Json = {"name": row.name, "language": {"code": row.language}}
    return made | ({"components": components} if components else {})


def _media(
    client: WhatsApp, sender: Sender, attachment: str, *, caption: str = ""
) -> tuple[str, Json]:
    """Upload a file; return the type it is sent as, and the body."""
    row = Attachment.objects.filter(pk=attachment).first()
    try:
        file = outgoing_files.prepared(row) if row else None
    except OSError:
        file = None
    if file is None or not file.data:
        raise _RefusedError("file_gone", FILE_GONE)
    uploaded: Any = client.api.upload_media(
        phone_id=sender.phone_number_id,
        media=file.data,
        mime_type=file.content_type,
        filename=PurePosixPath(file.name).name,
    )
    body = {"id": str(uploaded["id"])}
    if caption and file.kind != "audio":
        body["caption"] = caption
    return file.kind, body | ({"filename": file.name} if file.kind == "document" else {})
