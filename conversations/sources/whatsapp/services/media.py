"""Media: fetching customers' files from addresses that Meta issues for five minutes."""

import asyncio
import logging
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import httpx
import httpx2
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from pywa.errors import WhatsAppError

from channels_layer import outgoing
from channels_layer.errors import DomainError, TooFastError
from channels_layer.prepared import Prepared, Slot
from channels_layer.work import leases
from channels_layer.work.jobs import Hint, enqueue
from conversations.models import Attachment, Conversation
from conversations.services import attachments
from conversations.services.attachments import Upload
from conversations.sources.whatsapp import errors, graph
from conversations.sources.whatsapp.models import MediaFetch

logger = logging.getLogger(__name__)

TASK = "conversations.fetch_media"
KEPT = timedelta(days=7)
"""How long Meta keeps a file that a customer sent."""
PAUSES = (2.0, 10.0, 60.0, 300.0, 1800.0)
"""Seconds before each further attempt; after the last one only a person can retry."""
LONGEST = 120.0
"""Seconds that one download may take."""
MOST_REDIRECTS = 3
MOST = 200
META = ("graph.facebook.com", "lookaside.fbsbx.com", ".fbsbx.com", ".whatsapp.net", ".fbcdn.net")
"""Hosts, and endings of hosts, from which Meta serves files; requested by HTTPS alone."""
NO_OBJECT = 100
HEX, IN_BASE64 = 64, 44

GONE = _("WhatsApp no longer has this file. Ask the customer to send it again.")
GIVEN_UP = _("Fetching it was tried several times without success.")
UNREACHED = _("WhatsApp could not be reached.")
DAMAGED = _("The file arrived damaged.")
STRANGE = _("WhatsApp named an address that is not its own; it was not opened.")
TOO_LARGE = _("The file is too large: at most {limit} MB are taken.")
NOT_SERVED = _("WhatsApp did not hand out the file (HTTP {status}).")
TOO_SLOW = _("The download took too long.")
SENTENCES = (GONE, GIVEN_UP, UNREACHED, DAMAGED, STRANGE, TOO_SLOW, TOO_LARGE, NOT_SERVED)
"""What is stored, to be read in the reader's language."""


class MediaGoneError(DomainError):
    """Meta no longer keeps the file."""

    code = "gone"
    detail = gettext_lazy(GONE)


class _PassingError(Exception):
    """The fetch failed and may succeed later; the message says why, in plain words."""


class _FailedError(Exception):
    """The fetch failed and is not repeated by itself; the message says why, in plain words."""


class _FinalError(_FailedError):
    """The fetch failed, and would whoever tried again."""


def fetch(*, fetch_id: UUID, clock: Callable[[], datetime]) -> None:
    """Fetch one file, if it is queued and no other worker has it."""
    row = take(fetch_id=fetch_id)
    if row is None:
        return
    pause = PAUSES[min(row.attempts, len(PAUSES)) - 1]
    with leases.Held(MediaFetch, row.pk, fence=row.fence, retry_in=pause):
        if row.attachment.status == Attachment.Status.READY:
            # A worker died between storing the file and recording that.
            _finish(row, MediaFetch.State.DONE)
        else:
            _try(row, clock)


def take(*, fetch_id: UUID) -> MediaFetch | None:
    """Claim the fetch of a file, if it is queued and no other worker has it."""
    rows = MediaFetch.objects.select_related("sender", "attachment")
    queued = Q(state=MediaFetch.State.QUEUED)
    return leases.claimed(rows, fetch_id, seconds=leases.HELD_SECONDS, where=queued)


def again(*, attachment: Attachment, at: datetime) -> None:
    """Queue the fetch of a file that did not arrive once more, its conversation locked.

    :raises MediaGoneError: where Meta keeps it no longer.
    """
    row = MediaFetch.objects.filter(attachment=attachment).first()
    if row is None or row.created_at + KEPT <= at:
        raise MediaGoneError
    MediaFetch.objects.filter(pk=row.pk).update(
        state=MediaFetch.State.QUEUED, attempts=0, next_at=at
    )
    enqueue(TASK, fetch=row.pk)


def _due() -> QuerySet[MediaFetch, UUID]:
    at = Slot(MediaFetch, "next_at", name="at")
    free = Q(lease_until__isnull=True, next_at__lte=at) | Q(lease_until__lt=at)
    rows = MediaFetch.objects.filter(free, state=MediaFetch.State.QUEUED).order_by("created_at")
    return rows.values_list("pk", flat=True)[:MOST]


_DUE = Prepared(_due)


def due(at: datetime) -> Iterable[Hint]:
    """Yield the fetches that wait for a worker."""
    for key in _DUE.rows(at=at):
        yield TASK, {"fetch": str(key)}


def _try(row: MediaFetch, clock: Callable[[], datetime]) -> None:
    try:
        _bring_in(row, clock)
    except TooFastError:
        _put_off(row, attachments.NOT_STORED, at=clock())
    except _FailedError as error:
        _give_up(row, str(error), at=clock(), is_final=isinstance(error, _FinalError))
    except DomainError as error:
        _give_up(row, str(error), at=clock(), is_final=True)
    except (_PassingError, OSError) as error:
        reason = str(error) if isinstance(error, _PassingError) else attachments.NOT_STORED
        logger.warning("Media %s was not fetched: %r", row.media_id, error)
        _put_off(row, reason, at=clock())


def _bring_in(row: MediaFetch, clock: Callable[[], datetime]) -> None:
    if row.attempts > len(PAUSES) + 1:
        raise _FailedError(GIVEN_UP)
    if row.created_at + KEPT <= clock():
        raise _FinalError(GONE)
    response = _address(row)
    data = _downloaded(str(response.get("url", "")), row.sender.access_token)
    _compare(data, row.sha256, str(response.get("sha256", "")))
    upload = Upload(name=row.attachment.name, data=data)
    attachments.arrived(attachment=row.attachment, upload=upload, at=clock())
    _finish(row, MediaFetch.State.DONE)


def _address(row: MediaFetch) -> dict[str, Any]:
    """Fetch the file's present address from Meta."""
    try:
        response: Any = graph.client_for(row.sender).api.get_media_url(row.media_id)
    except WhatsAppError as error:
        if error.code == NO_OBJECT:
            raise _FinalError(GONE) from error
        raise _PassingError(errors.words(error.code, error.details or error.message)) from error
    except (httpx.HTTPError, ValueError) as error:
        raise _PassingError(UNREACHED) from error
    if not isinstance(response, dict):
        raise _PassingError(UNREACHED)
    size = response.get("file_size")
    if isinstance(size, int) and size > settings.WHATSAPP_MEDIA_MAX_BYTES:
        raise _FinalError(_too_large())
    return response


def _downloaded(url: str, token: str, network: outgoing.Network = outgoing.NETWORK) -> bytes:
    """Return the bytes behind ``url``; every host on the way is Meta's or the settings' own."""
    try:
        return asyncio.run(_received(url, token, network))
    except outgoing.OutgoingRefusedError as error:
        if error.code == "too_large":
            raise _FinalError(_too_large()) from error
        if error.may_have_arrived:
            raise _PassingError(UNREACHED) from error
        raise _FailedError(STRANGE) from error
    except outgoing.OutgoingFailedError as error:
        raise _PassingError(TOO_SLOW if error.code == "too_slow" else UNREACHED) from error
    except httpx2.HTTPError as error:
        raise _PassingError(UNREACHED) from error
    except TimeoutError as error:
        raise _PassingError(TOO_SLOW) from error


async def _received(url: str, token: str, network: outgoing.Network) -> bytes:
    """Download from ``url``, or from where it leads; the token is for the first server alone."""
    own = httpx2.URL(settings.WHATSAPP_GRAPH_URL)
    place = (own.host, own.port or (443 if own.scheme == "https" else 80))
    network = replace(network, allowed=network.allowed | {place})
    most = settings.WHATSAPP_MEDIA_MAX_BYTES
    first = goal = _allowed(url)
    async with asyncio.timeout(LONGEST), network.client(seconds=LONGEST, most_bytes=most) as client:
        for _ in range(MOST_REDIRECTS + 1):
            headers = {"Authorization": f"Bearer {token}"} if _place(goal) == _place(first) else {}
            try:
                async with client.stream("GET", goal, headers=headers) as response:
                    return await _read(response)
            except outgoing.OutgoingRedirectError as redirect:
                goal = _allowed(redirect.location)
    raise _PassingError(STRANGE)


async def _read(response: httpx2.Response) -> bytes:
    if response.status_code != httpx2.codes.OK:
        raise _PassingError(NOT_SERVED.format(status=response.status_code))
    pieces = []
    async for piece in response.aiter_bytes():
        leases.may_go_on()
        pieces.append(piece)
    return b"".join(pieces)


def _allowed(url: str) -> httpx2.URL:
    """Return ``url`` where it leads to Meta by HTTPS, or to the Graph server of the settings."""
    try:
        parsed = httpx2.URL(url)
    except httpx2.InvalidURL:
        raise _FailedError(STRANGE) from None
    host = parsed.host
    is_own = _place(parsed) == _place(httpx2.URL(settings.WHATSAPP_GRAPH_URL))
    is_named = host in META or host.endswith(tuple(one for one in META if one[0] == "."))
    is_metas = parsed.scheme == "https" and parsed.port is None and is_named
    if not (is_own or is_metas) or parsed.userinfo:
        raise _FailedError(STRANGE)
    return parsed


def _place(url: httpx2.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _compare(data: bytes, *digests: str) -> None:
    """Compare the bytes with Meta's digests: SHA-256 in hex or Base64."""
    digest = sha256(data)
    own = {HEX: digest.hexdigest(), IN_BASE64: b64encode(digest.digest()).decode()}
    for one in digests:
        said = one.lower() if len(one) == HEX else one
        if len(said) in own and said != own[len(said)]:
            raise _PassingError(DAMAGED)


def _too_large() -> str:
    limit = settings.WHATSAPP_MEDIA_MAX_BYTES / 1024 / 1024
    return TOO_LARGE.format(limit=f"{limit:g}")


def _finish(row: MediaFetch, state: MediaFetch.State) -> bool:
    return leases.finish(MediaFetch, row.pk, fence=row.fence, state=state)


def _put_off(row: MediaFetch, error: str, *, at: datetime) -> None:
    if row.attempts > len(PAUSES):
        _give_up(row, error, at=at, is_final=False)
        return
    pause = PAUSES[row.attempts - 1]
    leases.release(MediaFetch, row.pk, fence=row.fence, retry_in=pause)


@transaction.atomic
def _give_up(row: MediaFetch, error: str, *, at: datetime, is_final: bool) -> None:
    # The conversation is locked before the row, as wherever a person asks to try again.
    if key := row.attachment.conversation_id:
        list(Conversation.objects.select_for_update(of=("self",), no_key=True).filter(pk=key))
    if _finish(row, MediaFetch.State.FAILED):
        attachments.lost(attachment=row.attachment, error=error, at=at, is_final=is_final)
