"""Quality of a sender at Meta: its rating, its limit, and its restrictions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx
from django.db import transaction
from django.utils.translation import gettext_noop as _
from pywa.errors import WhatsAppError

from channels_layer.work import jobs
from conversations.services import deliveries
from conversations.sources.whatsapp import errors, graph
from conversations.sources.whatsapp.models import Sender
from conversations.sources.whatsapp.parser.values import moment
from conversations.sources.whatsapp.services import notices

FIELDS = (
    "verified_name",
    "display_phone_number",
    "quality_rating",
    "whatsapp_business_manager_messaging_limit",
    "messaging_limit_tier",
    "health_status",
)
LIMITS = ("whatsapp_business_manager_messaging_limit", "messaging_limit_tier")
WEBHOOK_LIMITS = ("max_daily_conversations_per_business", "current_limit")
RATINGS = {"GREEN", "YELLOW", "RED"}
BLOCKED = "BLOCKED"
AVAILABLE = "AVAILABLE"
LIMITED = "LIMITED"
BANNED = {"DISABLE", "DISABLED"}
ENDINGS = {"ACCOUNT_DELETED", "ACCOUNT_OFFBOARDED", "PARTNER_REMOVED", "PARTNER_APP_UNINSTALLED"}

RATED = ("phone_number_quality_update", "business_capability_update")
ACCOUNT = "account_update"
NAMED = "phone_number_name_update"

Kind = Sender.Restriction
WEAKEST_FIRST = ("", Kind.TEMPLATES, Kind.CREDENTIALS, Kind.ACCOUNT)
STANDING = ("restriction", "restriction_kind", "restricted_at", "restriction_ends_at", "heeded")
BLOCKED_TEXT = _("Meta does not let this number send. See the WhatsApp Manager.")
BANNED_TEXT = _("Meta has disabled this account. See the WhatsApp Manager.")
OUTREACH_TEXT = _("Meta does not let this account write to customers first, for a while.")
ENDED_TEXT = _("This account is no longer connected at Meta. Connect it again.")
SENTENCES = (BLOCKED_TEXT, BANNED_TEXT, OUTREACH_TEXT, ENDED_TEXT)
"""What is stored, to be read in the reader's language."""


def check(*, sender: Sender, at: datetime) -> Sender:
    """Fetch rating, limit and health from Meta and save them; missing values stay unchanged.

    Never call it in a transaction. A failure is saved in ``check_error``.
    """
    try:
        response: Any = graph.client_for(sender).api.get_business_phone_number(
            sender.phone_number_id, fields=FIELDS
        )
    except WhatsAppError as error:
        return _refused(sender, error, at=at)
    except (httpx.HTTPError, ValueError, TypeError, KeyError, AttributeError):
        return _noted(sender, {"check_error": errors.UNREACHABLE}, at=at)
    shown = response if isinstance(response, dict) else {}
    changes = {**_rating(shown), **_limit(shown, LIMITS), **_names(shown)}
    sender = _noted(sender, {**changes, "check_error": ""}, at=at)
    _heed_health(sender, shown.get("health_status"), at=at)
    return sender


def check_all() -> None:
    """Check every sender, each in a job of its own."""
    for key in Sender.objects.order_by("id").values_list("pk", flat=True):
        jobs.enqueue("conversations.check_sender", sender=key)


@transaction.atomic
def restrict(
    *, sender: Sender, kind: str, reason: str, ends_at: datetime | None = None, at: datetime
) -> None:
    """Restrict a sender: nothing leaves until it is lifted, and what waits stays queued.

    A weaker restriction does not replace a stronger one. ``ends_at``: when it ends at Meta.
    """
    _lock(sender)
    if WEAKEST_FIRST.index(kind) < WEAKEST_FIRST.index(sender.restriction_kind):
        return
    sender.restriction, sender.restriction_kind = reason[:300], kind
    sender.restricted_at = sender.restricted_at or at
    sender.restriction_ends_at = ends_at
    sender.heeded = notices.noted(sender.heeded, ACCOUNT, at)
    sender.save(update_fields=STANDING)


@transaction.atomic
def lift(*, sender: Sender, at: datetime) -> None:
    """Lift the restriction of a sender, and send what waited."""
    _lock(sender)
    was_restricted = bool(sender.restriction)
    sender.restriction, sender.restriction_kind = "", ""
    sender.restricted_at, sender.restriction_ends_at = None, None
    sender.heeded = notices.noted(sender.heeded, ACCOUNT, at)
    sender.save(update_fields=STANDING)
    if was_restricted:
        deliveries.resume(source_id=sender.source_id, at=at)


def heed_error(*, sender: Sender, code: int, at: datetime) -> None:
    """Restrict the sender where Meta's error ``code`` means that nothing can be sent."""
    if code in errors.RESTRICTING:
        kind = Kind.CREDENTIALS if code in errors.CREDENTIALS else Kind.ACCOUNT
        restrict(sender=sender, kind=kind, reason=errors.words(code), at=at)


@transaction.atomic
def apply_webhook(*, sender: Sender, field: str, value: Mapping[str, Any], at: datetime) -> bool:
    """Apply a webhook about the account; false: its field is not for this service.

    ``field`` is the webhook's: phone_number_quality_update, business_capability_update,
    account_update, account_alerts, phone_number_name_update; ``at`` is Meta's time. A notice
    older than the last applied changes nothing.
    """
    if field not in {*RATED, ACCOUNT, NAMED}:
        return False
    _lock(sender)
    if notices.is_overtaken(sender.heeded, field, at):
        return True
    if field == ACCOUNT:
        _heed_account(sender, value, at=at)
    else:
        heeded = notices.noted(sender.heeded, field, at)
        changes = {**_rating(value), **_limit(value, WEBHOOK_LIMITS), **_approved_name(value)}
        _save(sender, {**changes, "heeded": heeded})
    return True


def _lock(sender: Sender) -> None:
    """Lock a sender's row and refresh its restriction."""
    rows = Sender.objects.select_for_update(no_key=True)
    sender.refresh_from_db(fields=STANDING, from_queryset=rows)


def _heed_account(sender: Sender, value: Mapping[str, Any], *, at: datetime) -> None:
    event = str(value.get("event", ""))
    ban = value.get("ban_info")
    state = str(ban.get("waba_ban_state", "")) if isinstance(ban, dict) else ""
    if state == "REINSTATE" or event == "ACCOUNT_RECONNECTED":
        lift(sender=sender, at=at)
    elif state in BANNED or (event == "DISABLED_UPDATE" and not state):
        restrict(sender=sender, kind=Kind.ACCOUNT, reason=BANNED_TEXT, at=at)
    elif event in ENDINGS:
        restrict(sender=sender, kind=Kind.ACCOUNT, reason=ENDED_TEXT, at=at)
    elif event == "ACCOUNT_RESTRICTION":
        _heed_restrictions(sender, value.get("restriction_info"), at=at)


def _heed_restrictions(sender: Sender, info: Any, *, at: datetime) -> None:
    """Apply restrictions of sending, not those of other acts, such as adding numbers."""
    rows = [row for row in (info if isinstance(info, list) else [info]) if isinstance(row, dict)]
    for part, kind, reason in (
        ("CUSTOMER_INITIATED", Kind.ACCOUNT, errors.words(368)),
        ("BIZ_INITIATED", Kind.TEMPLATES, OUTREACH_TEXT),
    ):
        found = [row for row in rows if part in str(row.get("restriction_type", ""))]
        if found:
            ends_at = moment(found[0].get("expiration"))
            restrict(sender=sender, kind=kind, reason=reason, ends_at=ends_at, at=at)
            return


@transaction.atomic
def _heed_health(sender: Sender, health: Any, *, at: datetime) -> None:
    """Lift a restriction when Meta reports that the number may send, or set one that it may not.

    A number that may send to few is ``LIMITED``: that ends a restriction of writing first only
    where Meta had named that end.
    """
    _lock(sender)
    state = str(health.get("can_send_message", "")) if isinstance(health, dict) else ""
    ends_at, kind = sender.restriction_ends_at, sender.restriction_kind
    is_over = kind != Kind.TEMPLATES or (ends_at is not None and ends_at <= at)
    is_free = state == AVAILABLE or (state == LIMITED and is_over)
    if notices.is_overtaken(sender.heeded, ACCOUNT, at):
        return
    if state == BLOCKED:
        restrict(sender=sender, kind=Kind.ACCOUNT, reason=_why_blocked(health), at=at)
    elif sender.restriction and (is_free or kind == Kind.CREDENTIALS):
        lift(sender=sender, at=at)


def _why_blocked(health: Mapping[str, Any]) -> str:
    for entity in health.get("entities") or []:
        for error in entity.get("errors") or []:
            if text := str(error.get("error_description", "")):
                return f"{text} {error.get('possible_solution', '')}".strip()
    return BLOCKED_TEXT


def _refused(sender: Sender, error: WhatsAppError, *, at: datetime) -> Sender:
    text = errors.UNREACHABLE
    if errors.is_well_formed(error.raw_response):
        text = errors.words(error.code, error.details or error.message)
        heed_error(sender=sender, code=error.code, at=at)
    return _noted(sender, {"check_error": text[:300]}, at=at)


def _noted(sender: Sender, changes: dict[str, str], *, at: datetime) -> Sender:
    sender.checked_at = at
    sender.save(update_fields=["checked_at"])
    _save(sender, changes)
    return sender


def _save(sender: Sender, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        setattr(sender, name, value)
    if changes:
        sender.save(update_fields=list(changes))


def _rating(values: Mapping[str, Any]) -> dict[str, str]:
    rating = str(values.get("quality_rating") or values.get("current_quality_rating") or "").upper()
    return {"quality": rating.lower()} if rating in RATINGS else {}


def _limit(values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    for name in names:
        if (word := values.get(name)) and str(word) != "NOT_SET":
            return {"messaging_limit": str(word)[:40]}
    return {}


def _approved_name(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the display name that Meta has approved."""
    name = str(values.get("requested_verified_name") or "").strip()
    is_approved = str(values.get("decision", "")).upper() == "APPROVED"
    return {"verified_name": name[:200]} if name and is_approved else {}


def _names(values: Mapping[str, Any]) -> dict[str, str]:
    names = {"verified_name": "verified_name", "display_phone_number": "display_number"}
    return {ours: str(values[theirs]) for theirs, ours in names.items() if values.get(theirs)}
