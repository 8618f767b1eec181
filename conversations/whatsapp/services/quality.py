"""What Meta thinks of a sender: its rating, its limit, and whether it may send at all."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx
from pywa.errors import WhatsAppError

from channels_layer import jobs
from conversations.services import deliveries
from conversations.whatsapp import errors, graph
from conversations.whatsapp.models import Sender

FIELDS = (
    "verified_name",
    "display_phone_number",
    "quality_rating",
    "whatsapp_business_manager_messaging_limit",
    "messaging_limit_tier",
    "health_status",
)
LIMITS = ("whatsapp_business_manager_messaging_limit", "messaging_limit_tier")
TOLD_LIMITS = ("max_daily_conversations_per_business", "current_limit")
RATINGS = {"GREEN", "YELLOW", "RED"}
BLOCKED = "BLOCKED"
FREE = {"AVAILABLE", "LIMITED"}
BANNED = {"DISABLE", "DISABLED"}
ENDINGS = {"ACCOUNT_DELETED", "ACCOUNT_OFFBOARDED", "PARTNER_REMOVED", "PARTNER_APP_UNINSTALLED"}

Kind = Sender.Restriction
BLOCKED_TEXT = "Meta does not let this number send. See the WhatsApp Manager."
BANNED_TEXT = "Meta has disabled this account. See the WhatsApp Manager."
OUTREACH_TEXT = "Meta does not let this account write to customers first, for a while."
ENDED_TEXT = "This account is no longer connected at Meta. Connect it again."


def check(*, sender: Sender, at: datetime) -> Sender:
    """Ask Meta for rating, limit and health, and note them; what it leaves out is unchanged.

    Never call it in a transaction. A failure stands in ``check_error``.
    """
    try:
        told: Any = graph.client_for(sender).api.get_business_phone_number(
            sender.phone_number_id, fields=FIELDS
        )
    except WhatsAppError as error:
        return _refused(sender, error, at=at)
    except (httpx.HTTPError, ValueError, TypeError, KeyError, AttributeError):
        return _noted(sender, {"check_error": errors.UNREACHABLE}, at=at)
    shown = told if isinstance(told, dict) else {}
    changes = {**_rating(shown), **_limit(shown, LIMITS), **_names(shown)}
    sender = _noted(sender, {**changes, "check_error": ""}, at=at)
    _heed_health(sender, shown.get("health_status"), at=at)
    return sender


def check_all() -> None:
    """Ask for every sender, each in a job of its own."""
    for key in Sender.objects.order_by("id").values_list("pk", flat=True):
        jobs.enqueue("conversations.check_sender", sender=key)


def restrict(*, sender: Sender, kind: str, reason: str, at: datetime) -> None:
    """Let nothing leave until it is lifted; what waits stays queued."""
    first = sender.restricted_at or at
    sender.restriction, sender.restriction_kind = reason[:300], kind
    sender.restricted_at = first
    sender.save(update_fields=["restriction", "restriction_kind", "restricted_at"])


def lift(*, sender: Sender, at: datetime) -> None:
    """Let what waited leave, and everything else."""
    if not sender.restriction:
        return
    sender.restriction, sender.restriction_kind, sender.restricted_at = "", "", None
    sender.save(update_fields=["restriction", "restriction_kind", "restricted_at"])
    deliveries.resume(source_id=sender.source_id, at=at)


def heed_error(*, sender: Sender, code: int, at: datetime) -> None:
    """Stop sending where Meta's error ``code`` says that nothing goes through."""
    if code in errors.RESTRICTING:
        kind = Kind.CREDENTIALS if code in errors.CREDENTIALS else Kind.ACCOUNT
        restrict(sender=sender, kind=kind, reason=errors.words(code), at=at)


def apply_webhook(*, sender: Sender, field: str, value: Mapping[str, Any], at: datetime) -> bool:
    """Note what Meta tells of the account; false: it is nothing that is noted here.

    ``field`` is the webhook's: phone_number_quality_update, business_capability_update,
    account_update, account_alerts, phone_number_name_update.
    """
    match field:
        case "phone_number_quality_update" | "business_capability_update":
            _save(sender, {**_rating(value), **_limit(value, TOLD_LIMITS)})
        case "account_update":
            _heed_account(sender, value, at=at)
        case _:
            return False
    return True


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


def _heed_restrictions(sender: Sender, told: Any, *, at: datetime) -> None:
    """Tell the restrictions of sending from those of other things, such as adding numbers."""
    rows = told if isinstance(told, list) else [told]
    kinds = {str(row.get("restriction_type", "")) for row in rows if isinstance(row, dict)}
    if any("CUSTOMER_INITIATED" in kind for kind in kinds):
        restrict(sender=sender, kind=Kind.ACCOUNT, reason=errors.words(368), at=at)
    elif any("BIZ_INITIATED" in kind for kind in kinds):
        restrict(sender=sender, kind=Kind.TEMPLATES, reason=OUTREACH_TEXT, at=at)


def _heed_health(sender: Sender, told: Any, *, at: datetime) -> None:
    """Lift a restriction when Meta says that the number may send, or note that it may not."""
    state = str(told.get("can_send_message", "")) if isinstance(told, dict) else ""
    if state == BLOCKED:
        restrict(sender=sender, kind=Kind.ACCOUNT, reason=_why_blocked(told), at=at)
    elif state in FREE or sender.restriction_kind == Kind.CREDENTIALS:
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


def _save(sender: Sender, changes: dict[str, str]) -> None:
    for name, value in changes.items():
        setattr(sender, name, value)
    if changes:
        sender.save(update_fields=list(changes))


def _rating(told: Mapping[str, Any]) -> dict[str, str]:
    rating = str(told.get("quality_rating") or told.get("current_quality_rating") or "").upper()
    return {"quality": rating.lower()} if rating in RATINGS else {}


def _limit(told: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    for name in names:
        if (word := told.get(name)) and str(word) != "NOT_SET":
            return {"messaging_limit": str(word)[:40]}
    return {}


def _names(told: Mapping[str, Any]) -> dict[str, str]:
    names = {"verified_name": "verified_name", "display_phone_number": "display_number"}
    return {ours: str(told[theirs]) for theirs, ours in names.items() if told.get(theirs)}
