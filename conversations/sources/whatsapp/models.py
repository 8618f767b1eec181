"""Senders with their templates, and Meta's webhook events, as they came."""

import secrets
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from channels_layer import formats
from channels_layer.fields import SealedTextField
from channels_layer.ids import new_id
from channels_layer.models import Leased
from conversations.sources.whatsapp import KIND

USERNAME = "whatsapp_username"
"""The attribute of contacts with the name that WhatsApp shows instead of a number."""


def new_verify_token() -> str:
    """Return a token for Meta's *verify token* field."""
    return secrets.token_urlsafe(24)


class Sender(models.Model):
    """One phone number of the business, with Meta's rating and restrictions."""

    class Quality(models.TextChoices):
        """Meta's rating, polled; a missing answer changes nothing."""

        UNKNOWN = "unknown", _("Not rated")
        GREEN = "green", _("High")
        YELLOW = "yellow", _("Medium")
        RED = "red", _("Low")

    class Restriction(models.TextChoices):
        """What restricts the sender."""

        ACCOUNT = "account", _("By Meta: nothing may be sent")
        TEMPLATES = "templates", _("By Meta: nobody may be written to first")
        CREDENTIALS = "credentials", _("The token or the number is not accepted")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source = models.OneToOneField(
        "conversations.Source",
        verbose_name=_("source"),
        on_delete=models.CASCADE,
        related_name="sender",
        limit_choices_to={"kind": KIND},
    )
    phone_number_id = models.CharField(_("phone number id"), max_length=40, unique=True)
    business_account_id = models.CharField(
        _("business account id"), max_length=40, blank=True, help_text=_("The WABA's id.")
    )
    display_number = models.CharField(
        _("display number"), max_length=32, blank=True, help_text=_("As customers see it.")
    )
    verified_name = models.CharField(_("verified name"), max_length=200, blank=True)
    access_token = SealedTextField(_("access token"), blank=True)
    app_secret = SealedTextField(_("app secret"), help_text=_("Signs what Meta's servers send."))
    verify_token = SealedTextField(_("verify token"), default=new_verify_token)

    quality = models.CharField(_("quality"), max_length=8, choices=Quality, default=Quality.UNKNOWN)
    messaging_limit = models.CharField(
        _("messaging limit"),
        max_length=40,
        blank=True,
        help_text=_("Meta's tier, such as TIER_2K; empty: not known."),
    )
    restriction = models.CharField(
        _("restriction"),
        max_length=300,
        blank=True,
        help_text=_("Why nothing is sent now; empty: sending goes on."),
    )
    restriction_kind = models.CharField(
        _("restriction kind"), max_length=16, choices=Restriction, blank=True
    )
    restricted_at = models.DateTimeField(_("restricted at"), null=True, blank=True)
    restriction_ends_at = models.DateTimeField(
        _("restriction ends at"),
        null=True,
        blank=True,
        help_text=_("When it ends by itself, where Meta names a time."),
    )
    heeded = models.JSONField(
        _("heeded"),
        default=dict,
        blank=True,
        help_text=_("Of when the newest word is, by the webhook's field."),
    )
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    check_error = models.CharField(_("check error"), max_length=300, blank=True)
    templates_synced_at = models.DateTimeField(_("templates synced at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("WhatsApp number")
        verbose_name_plural = _("WhatsApp numbers")

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
    sender = models.ForeignKey(
        Sender, verbose_name=_("sender"), on_delete=models.CASCADE, related_name="templates"
    )
    meta_id = models.CharField(_("meta id"), max_length=40, blank=True)
    name = models.CharField(_("name"), max_length=512)
    language = models.CharField(_("language"), max_length=16)
    category = models.CharField(_("category"), max_length=32, blank=True)
    status = models.CharField(
        _("status"), max_length=32, help_text=_("Meta's word, such as APPROVED.")
    )
    reason = models.CharField(
        _("reason"), max_length=300, blank=True, help_text=_("Why Meta refused it.")
    )
    quality = models.CharField(_("quality"), max_length=16, blank=True)
    parameter_format = models.CharField(_("parameter format"), max_length=16, default="POSITIONAL")
    components = models.JSONField(
        _("components"), default=list, help_text=_("As Meta describes them.")
    )
    heeded = models.JSONField(
        _("heeded"),
        default=dict,
        blank=True,
        help_text=_("Of when the newest word is, by the webhook's field."),
    )
    synced_at = models.DateTimeField(_("synced at"))

    class Meta:
        verbose_name = _("WhatsApp template")
        verbose_name_plural = _("WhatsApp templates")
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

    name = models.CharField(
        _("name"), max_length=40, unique=True, help_text=_("Such as New sender or High.")
    )
    meta_tier = models.CharField(
        _("meta tier"),
        max_length=40,
        blank=True,
        help_text=_("Meta's word for it, such as TIER_250."),
    )
    quality = models.CharField(
        _("quality"),
        max_length=8,
        choices=Sender.Quality,
        blank=True,
        help_text=_("The rating for which it counts while Meta's own word is not known."),
    )
    daily_limit = models.PositiveIntegerField(
        _("daily limit"), null=True, blank=True, help_text=_("Empty: no limit.")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("WhatsApp limit")
        verbose_name_plural = _("WhatsApp limits")
        ordering: ClassVar = ["order"]

    def __str__(self) -> str:
        return self.name


class BusinessInitiatedContact(models.Model):
    """A person whom a sender wrote to first, outside the window; counts for 24 hours."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sender = models.ForeignKey(
        Sender,
        verbose_name=_("sender"),
        on_delete=models.CASCADE,
        related_name="business_initiated_contacts",
    )
    external_id = models.CharField(
        _("external id"), max_length=200, help_text=_("The identity that was written to.")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        db_table = "whatsapp_outreach"
        verbose_name = _("business-initiated contact")
        verbose_name_plural = _("business-initiated contacts")
        constraints = [
            models.UniqueConstraint(fields=["sender", "external_id"], name="outreach_once"),
        ]
        indexes = [models.Index(fields=["sender", "at"], name="outreach_at")]

    def __str__(self) -> str:
        return f"{self.external_id}, {formats.full_moment(self.at)}"


class WebhookEvents(models.QuerySet["WebhookEvent"]):
    """Named filters over webhook events."""

    def with_messages(self) -> "WebhookEvents":
        """Keep events with messages of customers or colleagues, by their text."""
        told = models.Q(body__contains='"messages":') | models.Q(body__contains='_echoes":')
        return self.filter(told | models.Q(body__contains='"calls":'))

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

        QUEUED = "queued", _("Queued")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sender = models.ForeignKey(
        Sender, verbose_name=_("sender"), on_delete=models.CASCADE, related_name="events"
    )
    digest = models.CharField(
        _("digest"), max_length=64, help_text=_("SHA-256 of the body; the same comes once.")
    )
    body = models.TextField(
        _("body"), blank=True, help_text=_("Emptied after 30 days; the digest stays.")
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.QUEUED)
    error = models.TextField(_("error"), blank=True)
    about = models.CharField(
        _("about"), max_length=200, blank=True, help_text=_("What is in it, in Meta's words.")
    )
    received_at = models.DateTimeField(_("received at"))
    begun_at = models.DateTimeField(
        _("begun at"),
        null=True,
        blank=True,
        help_text=_("When it was first worked; how long to try counts from it."),
    )

    objects = WebhookEvents.as_manager()

    class Meta:
        verbose_name = _("webhook event")
        verbose_name_plural = _("webhook events")
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
        return f"{self.get_state_display()}, {formats.full_moment(self.received_at)}"


class Inbound(models.Model):
    """One message of a customer, by Meta's id; it makes every replay harmless, for ever."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sender = models.ForeignKey(
        Sender, verbose_name=_("sender"), on_delete=models.CASCADE, related_name="inbound"
    )
    wamid = models.CharField(_("wamid"), max_length=200)
    kind = models.CharField(
        _("kind"), max_length=20, help_text=_("Meta's type, such as text or reaction.")
    )
    identity = models.ForeignKey(
        "conversations.Identity",
        verbose_name=_("identity"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
    )
    message = models.ForeignKey(
        "conversations.Message",
        verbose_name=_("message"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="whatsapp",
        help_text=_("What it became; nothing for a reaction."),
    )
    refers_to = models.CharField(
        _("refers to"),
        max_length=200,
        blank=True,
        help_text=_("Meta's id of what it answers, reacts to, edits or deletes."),
    )
    participant = models.CharField(
        _("participant"),
        max_length=200,
        blank=True,
        help_text=_("Who of several wrote: one of a group, or a colleague outside Parley."),
    )
    sent_at = models.DateTimeField(
        _("sent at"), help_text=_("When the customer sent it, by Meta's clock.")
    )
    received_at = models.DateTimeField(_("received at"))

    class Meta:
        verbose_name = _("inbound entry")
        verbose_name_plural = _("inbound entries")
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

        QUEUED = "queued", _("Queued")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sender = models.ForeignKey(Sender, verbose_name=_("sender"), on_delete=models.CASCADE)
    attachment = models.OneToOneField(
        "conversations.Attachment",
        verbose_name=_("attachment"),
        on_delete=models.CASCADE,
        related_name="whatsapp_media",
    )
    media_id = models.CharField(_("media id"), max_length=100)
    sha256 = models.CharField(
        _("sha256"), max_length=100, blank=True, help_text=_("As Meta sent it.")
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.QUEUED)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("media fetch")
        verbose_name_plural = _("media fetches")
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=models.Q(state="queued"),
                name="media_fetch_queued",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.media_id}: {self.get_state_display()}"
