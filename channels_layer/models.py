"""What the durable core stores: heads, events, API keys, first answers, calendar leases."""

import json
from functools import cached_property
from typing import Any, ClassVar

import orjson
from django.db import models
from django.utils.translation import gettext_lazy as _

from channels_layer.ids import new_id


class Encoded(dict[str, Any]):
    """The data of an event, with the JSON text that says the same."""

    text: bytes

    @cached_property
    def fragment(self) -> orjson.Fragment:
        """The text, to be put into a frame without being written again."""
        return orjson.Fragment(self.text)


class StoredEncoder(json.JSONEncoder):
    """Writes into the database, too, what was written already."""

    def encode(self, o: Any) -> str:
        """Return the text of ``Encoded`` data."""
        return o.text.decode() if isinstance(o, Encoded) else super().encode(o)


class Leased(models.Model):
    """A row that one worker at a time works on; ``leases`` writes these, by database clock."""

    fence = models.BigIntegerField(
        _("fence"), default=0, help_text=_("Raised by every claim; fences off zombies")
    )
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(
        _("next at"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("When the sweeper hints at the row again"),
    )

    class Meta:
        abstract = True


class TopicHead(models.Model):
    """The highest ``seq`` of a durable topic; its row is the lock that orders the topic."""

    topic = models.CharField(_("topic"), primary_key=True, max_length=100)
    head = models.BigIntegerField(_("head"), default=0)

    class Meta:
        verbose_name = _("topic head")
        verbose_name_plural = _("topic heads")

    def __str__(self) -> str:
        """Show the topic and its head."""
        return f"{self.topic} at {self.head}"


class Event(models.Model):
    """One thing that happened in a durable topic; never changed afterwards."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    topic = models.CharField(_("topic"), max_length=100)
    seq = models.BigIntegerField(_("seq"))
    type = models.CharField(_("type"), max_length=64)
    data = models.JSONField(_("data"), encoder=StoredEncoder)
    at = models.DateTimeField(_("at"), db_index=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["topic", "seq"], name="event_one_seq_per_topic"),
        ]

    def __str__(self) -> str:
        """Show what happened, and its place in the topic."""
        return f"{self.type} {self.seq}"


class ApiKey(models.Model):
    """The right of another system to use the API; only the hash of its secret is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=100)
    prefix = models.CharField(
        _("prefix"), max_length=16, help_text=_("How the key begins, to tell keys apart")
    )
    digest = models.CharField(_("digest"), max_length=64, unique=True, editable=False)
    scopes = models.JSONField(_("scopes"), default=list)
    created_at = models.DateTimeField(_("created at"))
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")

    def __str__(self) -> str:
        """Show the name and the beginning."""
        return f"{self.name} ({self.prefix}…)"


class IdempotencyRecord(models.Model):
    """The first answer to a POST that carried an ``Idempotency-Key``, kept for a day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    actor = models.CharField(_("actor"), max_length=100)
    key = models.CharField(_("key"), max_length=255)
    fingerprint = models.CharField(
        _("fingerprint"), max_length=64, help_text=_("SHA-256 of method, path and body")
    )
    status = models.PositiveSmallIntegerField(_("status"), default=0)
    content_type = models.CharField(_("content type"), max_length=100, blank=True)
    body = models.TextField(_("body"), blank=True)
    created_at = models.DateTimeField(_("created at"), db_index=True)

    class Meta:
        verbose_name = _("idempotency record")
        verbose_name_plural = _("idempotency records")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["actor", "key"], name="idempotency_one_key_per_actor"),
        ]

    def __str__(self) -> str:
        """Show whose and which."""
        return f"{self.actor} {self.key}"


class CalendarLease(Leased):
    """Which worker runs a job of the calendar; there is one row per job."""

    name = models.CharField(_("name"), primary_key=True, max_length=100)

    class Meta:
        verbose_name = _("calendar lease")
        verbose_name_plural = _("calendar leases")

    def __str__(self) -> str:
        """Show the job's name."""
        return self.name
