"""Templates: fetching them from Meta, following their state, checking and filling in one."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import httpx
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pywa.errors import WhatsAppError

from channels_layer import sentences
from channels_layer.errors import RefusedError
from channels_layer.work import jobs
from conversations.sources.whatsapp import errors, graph, selectors, templating
from conversations.sources.whatsapp.models import Sender, Template
from conversations.sources.whatsapp.services import notices

PAGE_SIZE = 100
MOST_PAGES = 100
LONGEST_VALUE = 1024
MOST_SPACES = 4
FIELDS = (
    "id",
    "name",
    "language",
    "status",
    "category",
    "components",
    "parameter_format",
    "quality_score",
    "rejected_reason",
)
GONE = "DELETED"
EVENTS = {
    "REINSTATED": "APPROVED",
    "UNARCHIVED": "APPROVED",
    "UNPAUSED": "APPROVED",
    "FLAGGED": "",
    "PENDING_DELETION": "PENDING_DELETION",
}
"""States that events of a template lead to; other events are its state, empty: unchanged."""


class TemplateNotApprovedError(RefusedError):
    """Meta has not approved a template of this name and language, or not any more."""

    code = "template_not_approved"
    detail = _("There is no approved template of this name and language.")

    def __init__(self) -> None:
        """Name the field."""
        super().__init__(fields={"template": [str(self.detail)]})


class TemplateParametersError(RefusedError):
    """The template's parameters are wrong."""

    code = "template_parameters"
    detail = _("The template is not filled in rightly.")


class NotSyncedError(RefusedError):
    """Meta did not return the templates."""

    code = "not_synced"


def sync(*, sender: Sender, at: datetime) -> int:
    """Store all templates as Meta has them; return their number.

    Never call it in a transaction.

    :raises NotSyncedError: with Meta's reason; nothing was changed.
    """
    try:
        rows = list(_fetched(sender))
    except WhatsAppError as error:
        text = errors.words(error.code, error.details or error.message)
        raise NotSyncedError(sentences.translated(text)) from error
    except (httpx.HTTPError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotSyncedError(sentences.translated(errors.UNREACHABLE)) from error
    _take_over(sender, rows, at=at)
    return len(rows)


def sync_all() -> None:
    """Fetch the templates of every sender, each in a job of its own."""
    for key in Sender.objects.order_by("id").values_list("pk", flat=True):
        jobs.enqueue("conversations.sync_templates", sender=key)


def checked(*, sender: Sender, template: Mapping[str, Any]) -> Template:
    """Return the template to send.

    :raises TemplateNotApprovedError: it is unknown, paused, refused or not approved yet.
    :raises TemplateParametersError: a parameter is missing, or an unknown one is given.
    """
    found = selectors.template_of(sender, name=template["name"], language=template["language"])
    if found is None or not found.is_approved:
        raise TemplateNotApprovedError
    wanted = {slot.name for slot in templating.slots_of(found.components)}
    given: Mapping[str, str] = template.get("parameters") or {}
    is_missing, is_unknown = _("“%(name)s” is missing."), _("“%(name)s” is none of its parameters.")
    problems = [is_missing % {"name": name} for name in sorted(wanted - _filled(given))]
    problems += [is_unknown % {"name": name} for name in sorted(set(given) - wanted)]
    problems += [flaw for name in sorted(wanted) if (flaw := _flaw(given, name))]
    if problems:
        raise TemplateParametersError(fields={"template.parameters": problems})
    return found


def apply_webhook(*, sender: Sender, field: str, value: Mapping[str, Any], at: datetime) -> bool:
    """Apply a webhook about a template; false: its field is not for this service.

    ``field`` is the webhook's: message_template_status_update, message_template_quality_update,
    template_category_update, message_template_components_update; ``at`` is Meta's time. A notice
    older than what is known changes nothing.
    """
    changes = _changes(field, value)
    if changes is None:
        return False
    with transaction.atomic():
        rows = list(_named(sender, value).select_for_update(no_key=True))
        for row in rows:
            _change(row, field, changes, at=at)
    if not changes or not rows:
        # A template that is not known yet, or whose text changed: fetch them all.
        jobs.enqueue("conversations.sync_templates", sender=sender.pk)
    return True


def _change(row: Template, field: str, changes: Mapping[str, str], *, at: datetime) -> None:
    """Apply a notice of ``at``, unless a newer one or Meta's list has overtaken it."""
    is_older = at < row.synced_at.replace(microsecond=0)
    if is_older or notices.is_overtaken(row.heeded, field, at):
        return
    for name, value in changes.items():
        setattr(row, name, value)
    row.heeded = notices.noted(row.heeded, field, at)
    row.save(update_fields=[*changes, "heeded"])


def _changes(field: str, value: Mapping[str, Any]) -> dict[str, str] | None:
    match field:
        case "message_template_status_update":
            event = str(value.get("event", ""))
            status = EVENTS.get(event, event)
            reason = str(value.get("reason") or "")
            shown = "" if reason.upper() == "NONE" else reason[:300]
            return {"status": status[:32], "reason": shown} if status else {}
        case "message_template_quality_update":
            return {"quality": str(value.get("new_quality_score", ""))[:16]}
        case "template_category_update":
            return {"category": str(value.get("new_category", ""))[:32]}
        case "message_template_components_update":
            return {}
    return None


def _named(sender: Sender, value: Mapping[str, Any]) -> QuerySet[Template]:
    rows = Template.objects.filter(sender=sender)
    name, language = value.get("message_template_name"), value.get("message_template_language")
    if name and language:
        return rows.filter(name=name, language=language)
    return rows.filter(meta_id=str(value.get("message_template_id") or "-"))


def _fetched(sender: Sender) -> Iterator[dict[str, Any]]:
    api = graph.client_for(sender).api
    after = ""
    for _page in range(MOST_PAGES):
        pagination = {"limit": PAGE_SIZE} | ({"after": after} if after else {})
        response = api.get_templates(
            sender.business_account_id, fields=FIELDS, pagination=pagination
        )
        yield from (row for row in response["data"] if row.get("name") and row.get("language"))
        paging = response.get("paging") or {}
        after = str((paging.get("cursors") or {}).get("after") or "")
        if not paging.get("next") or not after:
            return


@transaction.atomic
def _take_over(sender: Sender, rows: list[dict[str, Any]], *, at: datetime) -> None:
    for row in rows:
        Template.objects.update_or_create(
            sender=sender, name=row["name"], language=row["language"], defaults=_values(row, at=at)
        )
    # A template that Meta has no more cannot be sent; its row stays for the messages made of it.
    Template.objects.filter(sender=sender).exclude(synced_at=at).update(status=GONE)
    Sender.objects.filter(pk=sender.pk).update(templates_synced_at=at)


def _values(row: Mapping[str, Any], *, at: datetime) -> dict[str, Any]:
    quality = row.get("quality_score")
    reason = str(row.get("rejected_reason") or "")
    return {
        "meta_id": str(row.get("id", ""))[:40],
        "category": str(row.get("category", ""))[:32],
        "status": str(row.get("status", ""))[:32],
        "reason": "" if reason.upper() == "NONE" else reason[:300],
        "quality": str(quality.get("score", "") if isinstance(quality, dict) else "")[:16],
        "parameter_format": str(row.get("parameter_format") or "POSITIONAL")[:16],
        "components": row.get("components") or [],
        "synced_at": at,
    }


def _filled(given: Mapping[str, str]) -> set[str]:
    return {name for name, value in given.items() if value.strip()}


def _flaw(given: Mapping[str, str], name: str) -> str:
    """Return the flaw that Meta would not accept in a value."""
    value = given.get(name, "")
    if len(value) > LONGEST_VALUE:
        return gettext("“%(name)s”: at most %(most)d characters.") % {
            "name": name,
            "most": LONGEST_VALUE,
        }
    if any(mark in value for mark in "\n\r\t") or " " * (MOST_SPACES + 1) in value:
        return gettext("“%(name)s”: no line breaks, tabs or long gaps.") % {"name": name}
    return ""
