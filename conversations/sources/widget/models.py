"""Widgets, and the tokens by which a visitor's browser is known again."""

import secrets
from datetime import datetime, timedelta
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from channels_layer import formats
from channels_layer.access.actors import Visitor
from channels_layer.fields import SealedTextField
from channels_layer.ids import new_id
from conversations.models import Identity
from conversations.sources.widget import KIND, colours, origins, prechat, texts

USUAL_REOPENING = timedelta(hours=24)
LONGEST_REOPENING = timedelta(days=365)
"""How long after its end a conversation goes on: if nothing else is set, and at most."""


def new_key() -> str:
    """Return a public key: 20 hex digits, part of every address of the widget."""
    return secrets.token_hex(10)


def new_secret() -> str:
    """Return a secret of 256 bits, with which the embedding site signs identities."""
    return secrets.token_hex(32)


class Widget(models.Model):
    """One chat on a customer's site: its appearance, its form, the origins that may embed it."""

    class Position(models.TextChoices):
        """The corner of the page it sits in."""

        RIGHT = "right", _("Bottom right")
        LEFT = "left", _("Bottom left")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source = models.OneToOneField(
        "conversations.Source",
        verbose_name=_("source"),
        on_delete=models.CASCADE,
        related_name="widget",
        limit_choices_to={"kind": KIND},
    )
    key = models.CharField(_("key"), max_length=40, unique=True, default=new_key, editable=False)
    secret = SealedTextField(_("secret"), default=new_secret, editable=False)
    allowed_origins = models.JSONField(
        _("allowed origins"),
        default=list,
        blank=True,
        validators=[origins.validate_origins],
        help_text=_("Who may embed it, besides ourselves."),
    )
    brand = models.CharField(
        _("brand"), max_length=80, blank=True, help_text=_("Whose assistant it is.")
    )
    prechat_fields = models.JSONField(
        _("form before the first message"),
        default=list,
        blank=True,
        validators=[prechat.validate_fields],
        help_text=_("What the visitor is asked before the first message."),
    )
    accent = models.CharField(
        _("accent"), max_length=7, default="#11649f", validators=[colours.validate_accent]
    )
    position = models.CharField(
        _("position"), max_length=8, choices=Position, default=Position.RIGHT
    )
    texts = models.JSONField(
        _("texts"),
        default=dict,
        blank=True,
        validators=[texts.validate_texts],
        help_text=_("What the widget says in place of its usual words."),
    )
    require_identity = models.BooleanField(
        _("require identity"),
        default=False,
        help_text=_("Talk only to visitors whose identity the site has signed."),
    )
    reopen_after = models.DurationField(
        _("reopen after"),
        default=USUAL_REOPENING,
        validators=[MinValueValidator(timedelta()), MaxValueValidator(LONGEST_REOPENING)],
        help_text=_("A message to a conversation that ended longer ago begins a new one."),
    )
    keep_page_query = models.BooleanField(
        _("keep the query of pages"),
        default=False,
        help_text=_(
            "Store the address of the page whole, with what may be a secret in path, ? and #."
        ),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("widget")
        verbose_name_plural = _("widgets")

    def __str__(self) -> str:
        return self.brand or self.key

    @property
    def shown_accent(self) -> str:
        """The accent, darkened where white text on it could not be read."""
        return colours.write(colours.readable(colours.parse(self.accent)))

    @property
    def words(self) -> dict[str, str]:
        """The configurable texts, the widget's own before the usual ones."""
        usual = texts.usual(assistant=self.source.assistant, brand=self.brand)
        return usual | {name: str(text) for name, text in self.texts.items() if text}

    @property
    def form(self) -> list[dict[str, Any]]:
        """The fields of the form before the first message, with the contact's attribute of each."""
        return [{**field, "fills": prechat.fills(field)} for field in self.prechat_fields]


class VisitorTokenQuerySet(models.QuerySet["VisitorToken"]):
    """Named filters over tokens."""

    def valid(self, *, at: datetime) -> Self:
        """Keep tokens that open a session; an anonymous one does not where identity is required."""
        proven = Identity.objects.filter(
            contact=models.OuterRef("contact"),
            source=models.OuterRef("widget__source"),
            is_verified=True,
        )
        return self.filter(
            models.Q(widget__require_identity=False) | models.Exists(proven),
            revoked_at=None,
            expires_at__gt=at,
            widget__source__is_active=True,
        )


class VisitorToken(models.Model):
    """One browser's right to continue as one contact at one widget; only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    widget = models.ForeignKey(
        Widget, verbose_name=_("widget"), on_delete=models.CASCADE, related_name="tokens"
    )
    contact = models.ForeignKey(
        "conversations.Contact",
        verbose_name=_("contact"),
        on_delete=models.CASCADE,
        related_name="visitor_tokens",
    )
    digest = models.CharField(_("digest"), max_length=64, unique=True, editable=False)
    address = models.CharField(
        _("address"),
        max_length=32,
        blank=True,
        help_text=_("Keyed hash of the network address it was given to."),
    )
    created_at = models.DateTimeField(_("created at"))
    last_seen_at = models.DateTimeField(_("last seen at"))
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    opened_until = models.DateTimeField(
        _("opened until"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Until when its sessions count against their rate."),
    )

    objects = VisitorTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("visitor token")
        verbose_name_plural = _("visitor tokens")
        indexes = [
            models.Index(fields=["widget", "created_at"], name="visitor_token_by_widget"),
            models.Index(fields=["address", "created_at"], name="visitor_token_by_address"),
        ]

    def __str__(self) -> str:
        return f"{self.contact}, {formats.full_moment(self.created_at)}"

    @property
    def actor(self) -> Visitor:
        """The actor of this token."""
        return Visitor(
            contact_id=self.contact_id,
            source_id=self.widget.source_id,
            name=self.contact.label,
        )
