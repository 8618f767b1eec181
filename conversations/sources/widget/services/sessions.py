"""Sessions of visitors: beginning, continuing, identifying, forgetting."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from channels_layer.errors import DomainError
from channels_layer.transport import broadcast
from conversations.models import Contact, Conversation, Identity
from conversations.services import contacts
from conversations.services.contacts import Details
from conversations.sources.widget import KIND, identity, selectors
from conversations.sources.widget.identity import Claim, IdentityRequiredError
from conversations.sources.widget.models import VisitorToken, Widget
from conversations.sources.widget.services import rates

BEGINNING = "visitor_"
LIFETIME = timedelta(days=180)
TOUCHED_EVERY = timedelta(minutes=5)
KEPT_SILENT = timedelta(days=1)


class TokenRefusedError(DomainError):
    """The token is unknown here, has expired or was revoked."""

    code = "token_refused"
    status = 401
    detail = _("This token opens nothing here.")


@dataclass(frozen=True, kw_only=True)
class SessionRequest:
    """A request for a session: a former token, the site's claim, the hashed network address."""

    secret: str = ""
    claim: Claim = field(default_factory=Claim)
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """An open session: its token, and the token's secret, which is stored nowhere."""

    token: VisitorToken
    secret: str


@transaction.atomic
def open(*, widget: Widget, request: SessionRequest, at: datetime) -> Opened:  # noqa: A001 - the visitor's word
    """Continue the token's session, or begin one; a proven identity leads to its own contact.

    Raises ``TokenRefusedError``, ``IdentityRefusedError``, ``IdentityRequiredError`` and, when too
    many begin at once, ``TooFastError``.
    """
    token = _known(widget, request, at=at)
    if identity.is_proven(request.claim, secret=widget.secret):
        return _identified(widget, request, token, at=at)
    if widget.require_identity:
        raise IdentityRequiredError
    if token is None:
        rates.refuse_sessions(widget=widget, address=request.address, at=at)
        external_id = f"visitor-{secrets.token_hex(8)}"
        contact = contacts.anonymous(source=widget.source, external_id=external_id, at=at)
        token, secret = _issue(widget, contact, request, at=at)
    else:
        secret = request.secret
    _describe(token.contact, request.claim, at=at)
    if request.secret:
        rates.count_session(token=token, at=at)
        touch(token=token, at=at)
    return Opened(token=token, secret=secret)


def touch(*, token: VisitorToken, at: datetime) -> None:
    """Record that the token was used; at most once in five minutes."""
    if at - token.last_seen_at < TOUCHED_EVERY:
        return
    token.last_seen_at = at
    token.expires_at = at + LIFETIME
    VisitorToken.objects.filter(pk=token.pk).update(last_seen_at=at, expires_at=token.expires_at)


def forget(*, token: VisitorToken, at: datetime) -> None:
    """Revoke the token, also at open sockets: its holder is a stranger from now on."""
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    transaction.on_commit(partial(broadcast.revoke, f"contact:{token.contact_id}"), robust=True)


def follow_merge(*, former: Contact, contact: Contact, **_signal: Any) -> None:
    """Move the tokens of a merged contact; receives ``contact_merged``."""
    VisitorToken.objects.filter(contact=former).update(contact=contact)


def purge(*, at: datetime) -> int:
    """Delete tokens that open no session any more, and contacts who never wrote.

    The hashed addresses of conversations that no rate counts any more are emptied.
    """
    gone, _ = VisitorToken.objects.filter(Q(expires_at__lte=at) | Q(revoked_at__lte=at)).delete()
    Contact.objects.filter(
        identities__source__kind=KIND,
        conversations=None,
        visitor_tokens=None,
        blocked_at=None,
        created_at__lt=at - KEPT_SILENT,
    ).exclude(identities__is_verified=True).delete()
    Conversation.objects.filter(created_at__lt=at - KEPT_SILENT).exclude(address="").update(
        address=""
    )
    return gone


def _known(widget: Widget, request: SessionRequest, *, at: datetime) -> VisitorToken | None:
    if not request.secret:
        return None
    token = selectors.token_for(request.secret, widget=widget, at=at)
    if token is None:
        raise TokenRefusedError
    return token


def _identified(
    widget: Widget, request: SessionRequest, token: VisitorToken | None, *, at: datetime
) -> Opened:
    claim = request.claim
    details = Details(
        external_id=claim.external_id, name=claim.name, email=claim.email, is_verified=True
    )
    _lock(widget, token, external_id=claim.external_id)
    contact = contacts.identified(source=widget.source, details=details, at=at)
    if token is not None and token.contact_id == contact.pk:
        rates.count_session(token=token, at=at)
        touch(token=token, at=at)
        return Opened(token=token, secret=request.secret)
    rates.refuse_tokens(contact=contact, at=at)
    if token is not None:
        forget(token=token, at=at)
        _bring_along(token.contact, contact, external_id=claim.external_id, at=at)
    issued, secret = _issue(widget, contact, request, at=at)
    return Opened(token=issued, secret=secret)


def _lock(widget: Widget, token: VisitorToken | None, *, external_id: str) -> None:
    """Lock the visitor, the identity's contact and both's conversations, before any is written."""
    if token is None:
        return
    named = Identity.objects.filter(source=widget.source, external_id=external_id)
    wanted = Q(pk=token.contact_id) | Q(pk__in=named.values("contact"))
    rows = Contact.objects.select_for_update(no_key=True).filter(wanted).order_by("pk")
    locked = [contact.pk for contact in rows]
    if len(locked) > 1:
        contacts.lock_conversations(locked)


def _bring_along(stranger: Contact, contact: Contact, *, external_id: str, at: datetime) -> None:
    """Move what the visitor left before signing in to the contact of the identity.

    The stranger is no more then. Another person's contact, and whatever a block holds, stays.
    """
    pair = sorted([stranger.pk, contact.pk])
    locked = list(Contact.objects.select_for_update(no_key=True).filter(pk__in=pair).order_by("pk"))
    is_known = stranger.identities.filter(is_verified=True).exists()
    if is_known or any(one.is_blocked for one in locked):
        return
    stranger.identities.all().delete()
    stranger.conversations.update(external_id=external_id)
    contacts.merge(former=stranger, into=contact, at=at)


def _issue(
    widget: Widget, contact: Contact, request: SessionRequest, *, at: datetime
) -> tuple[VisitorToken, str]:
    secret = BEGINNING + secrets.token_urlsafe(32)
    token = VisitorToken.objects.create(
        widget=widget,
        contact=contact,
        digest=selectors.digest_of(secret),
        address=request.address,
        created_at=at,
        last_seen_at=at,
        expires_at=at + LIFETIME,
    )
    return token, secret


def _describe(contact: Contact, claim: Claim, *, at: datetime) -> None:
    """Fill the contact's unknown name and email from an unproven claim."""
    contacts.fill(contact=contact, details=Details(name=claim.name, email=claim.email), at=at)
    contact.refresh_from_db()
