"""Senders with their templates, and Meta's webhook events, as they came."""

import secrets
from datetime import timedelta
from typing import ClassVar

from django.db import models

from channels_layer.fields import SealedTextField
from channels_layer.ids import new_id
from channels_layer.models import Leased
from conversations.sources.whatsapp import KIND

WINDOW = timedelta(hours=24)
"""How long after a customer's message anything may be said."""
USERNAME = "whatsapp_username"
"""The attribute of contacts with the name that WhatsApp shows instead of a number."""


def new_verify_token() -> str:
    """Return a token for Meta's *verify token* field."""
    return secrets.token_urlsafe(24)


class Sender(models.Model):
    """One phone number of the business, with Meta's rating and restrictions."""

    class Quality(models.TextChoices):
        """Meta's rating, polled; a missing answer changes nothing."""

        UNKNOWN = "unknown", "Not rated"
        GREEN = "green", "High"
        YELLOW = "yellow", "Medium"
        RED = "red", "Low"

    class Restriction(models.TextChoices):
        """What restricts the sender."""

        ACCOUNT = "account", "By Meta: nothing may be sent"
        TEMPLATES = "templates", "By Meta: nobody may be written to first"
        CREDENTIALS = "credentials", "The token or the number is not accepted"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source = models.OneToOneField(
        "conversations.Source",
        on_delete=models.CASCADE,
        related_name="sender",
        limit_choices_to={"kind": KIND},
    )
    phone_number_id = models.CharField(max_length=40, unique=True)
    business_account_id = models.CharField(max_length=40, blank=True, help_text="The WABA's id.")
    display_number = models.CharField(max_length=32, blank=True, help_text="As customers see it.")
    verified_name = models.CharField(max_length=200, blank=True)
    access_token = SealedTextField(blank=True)
    app_secret = SealedTextField(help_text="Signs what Meta's servers send.")
    verify_token = models.CharField(max_length=100, default=new_verify_token)

    quality = models.CharField(max_length=8, choices=Quality, default=Quality.UNKNOWN)
    messaging_limit = models.CharField(
        max_length=40, blank=True, help_text="Meta's tier, such as TIER_2K; empty: not known."
    )
    restriction = models.CharField(
        max_length=300, blank=True, help_text="Why nothing is sent now; empty: sending goes on."
    )
    restriction_kind = models.CharField(max_length=16, choices=Restriction, blank=True)
    restricted_at = models.DateTimeField(null=True, blank=True)
    restriction_ends_at = models.DateTimeField(
        null=True, blank=True, help_text="When it ends by itself, where Meta tells."
    )
    heeded = models.JSONField(
        default=dict, blank=True, help_text="Of when the newest word is, by the webhook's field."
    )
    checked_at = models.DateTimeField(null=True, blank=True)
    check_error = models.CharField(max_length=300, blank=True)
    templates_synced_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.verified_name or self.display_number or self.phone_number_id

    @property
    def is_paused(self) -> bool:
        """Whether no message at all leaves now."""
        return bool(self.restriction) and self.restriction_kind != self.Restriction.TEMPLATES


class Template(models.Model):
    """An approved text of a sender; the only message that may be sent after the window."""

    APPROVED: ClassVar[str] = "APPROVED"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sender = models.ForeignKey(Sender, on_delete=models.CASCADE, related_name="templates")
    meta_id = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=512)
    language = models.CharField(max_length=16)
    category = models.CharField(max_length=32, blank=True)
    status = models.CharField(max_length=32, help_text="Meta's word, such as APPROVED.")
    reason = models.CharField(max_length=300, blank=True, help_text="Why Meta refused it.")
    quality = models.CharField(max_length=16, blank=True)
    parameter_format = models.CharField(max_length=16, default="POSITIONAL")
    components = models.JSONField(default=list, help_text="As Meta describes them.")
    heeded = models.JSONField(
        default=dict, blank=True, help_text="Of when the newest word is, by the webhook's field."
    )
    synced_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sender", "name", "language"], name="template_unique_per_sender"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"

    @property
    def is_approved(self) -> bool:
        """Whether Meta lets it be sent."""
        return self.status == self.APPROVED


class LimitTier(models.Model):
    """The number of people who may be written to first in 24 hours, by quality."""

    name = models.CharField(max_length=40, unique=True, help_text="Such as New sender or High.")
    meta_tier = models.CharField(
        max_length=40, blank=True, help_text="Meta's word for it, such as TIER_250."
    )
    quality = models.CharField(
        max_length=8,
        choices=Sender.Quality,
        blank=True,
        help_text="The rating for which it counts while Meta's own word is not known.",
    )
    daily_limit = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: no limit.")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["order"]

    def __str__(self) -> str:
        return self.name


class BusinessInitiatedContact(models.Model):
    """A person whom a sender wrote to first, outside the window; counts for 24 hours."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sender = models.ForeignKey(
        Sender, on_delete=models.CASCADE, related_name="business_initiated_contacts"
    )
    external_id = models.CharField(max_length=200, help_text="The identity that was written to.")
    at = models.DateTimeField()

    class Meta:
        db_table = "whatsapp_outreach"
        verbose_name = "business-initiated contact"
        constraints = [
            models.UniqueConstraint(fields=["sender", "external_id"], name="outreach_once"),
        ]
        indexes = [models.Index(fields=["sender", "at"], name="outreach_at")]

    def __str__(self) -> str:
        return f"{self.external_id} at {self.at:%Y-%m-%d %H:%M}"


class WebhookEvents(models.QuerySet["WebhookEvent"]):
    """Named filters over webhook events."""

    def with_messages(self) -> "WebhookEvents":
        """Keep events with customers' messages, by their text."""
        return self.filter(body__contains='"messages":')

    def failed(self) -> "WebhookEvents":
        """Keep events that are not retried any more."""
        return self.filter(state=WebhookEvent.State.FAILED)

    def in_trouble(self) -> "WebhookEvents":
        """Keep events that failed, for now or for good."""
        return self.filter(state__in=["queued", "failed"]).exclude(error="")


class WebhookEvent(Leased):
    """A call of Meta's servers as it came: stored first, answered, then worked."""

    class State(models.TextChoices):
        """How far it has come."""

        QUEUED = "queued", "Queued"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sender = models.ForeignKey(Sender, on_delete=models.CASCADE, related_name="events")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the body; the same comes once.")
    body = models.TextField(blank=True, help_text="Emptied after 30 days; the digest stays.")
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    error = models.TextField(blank=True)
    received_at = models.DateTimeField()
    begun_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was first worked; how long to try counts from it."
    )

    objects = WebhookEvents.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sender", "digest"], name="webhook_event_once"),
        ]
        indexes = [
            models.Index(
                fields=["received_at"],
                condition=models.Q(state="queued"),
                name="webhook_event_queued",
            ),
            models.Index(fields=["-received_at"], name="webhook_event_newest"),
            models.Index(
                fields=["sender"],
                condition=models.Q(state__in=["queued", "failed"]) & ~models.Q(error=""),
                name="webhook_event_in_trouble",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.received_at:%Y-%m-%d %H:%M:%S} {self.get_state_display()}"


class Inbound(models.Model):
    """One message of a customer, by Meta's id; it makes every replay harmless, for ever."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sender = models.ForeignKey(Sender, on_delete=models.CASCADE, related_name="inbound")
    wamid = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, help_text="Meta's type, such as text or reaction.")
    identity = models.ForeignKey(
        "conversations.Identity", null=True, blank=True, on_delete=models.CASCADE
    )
    message = models.ForeignKey(
        "conversations.Message",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="whatsapp",
        help_text="What it became; nothing for a reaction.",
    )
    refers_to = models.CharField(
        max_length=200,
        blank=True,
        help_text="Meta's id of what it answers, reacts to, edits or deletes.",
    )
    sent_at = models.DateTimeField(help_text="When the customer sent it, by Meta's clock.")
    received_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "inbound"
        constraints = [
            models.UniqueConstraint(fields=["sender", "wamid"], name="inbound_once"),
        ]
        indexes = [
            models.Index(fields=["message"], name="inbound_message"),
            models.Index(
                fields=["sender", "refers_to"],
                condition=~models.Q(refers_to=""),
                name="inbound_refers_to",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.wamid}"


class MediaFetch(Leased):
    """The fetch of one file; Meta keeps it 7 days, and an address for it 5 minutes."""

    class State(models.TextChoices):
        """How far it has come."""

        QUEUED = "queued", "Queued"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sender = models.ForeignKey(Sender, on_delete=models.CASCADE)
    attachment = models.OneToOneField(
        "conversations.Attachment", on_delete=models.CASCADE, related_name="whatsapp_media"
    )
    media_id = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=100, blank=True, help_text="As Meta told it.")
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "media fetches"
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=models.Q(state="queued"),
                name="media_fetch_queued",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.media_id}: {self.get_state_display()}"
