"""What the durable core stores: heads, events, API keys, first answers, calendar leases."""

from typing import ClassVar

from django.db import models

from channels_layer.encoding import StoredEncoder
from channels_layer.ids import new_id


class Leased(models.Model):
    """A row that one worker at a time works on; ``leases`` writes these, by database clock."""

    fence = models.BigIntegerField(default=0, help_text="Raised by every claim; fences off zombies")
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(
        null=True, blank=True, db_index=True, help_text="When the sweeper hints at the row again"
    )

    class Meta:
        abstract = True


class TopicHead(models.Model):
    """The highest ``seq`` of a durable topic; its row is the lock that orders the topic."""

    topic = models.CharField(primary_key=True, max_length=100)
    head = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        """Show the topic and its head."""
        return f"{self.topic} at {self.head}"


class Event(models.Model):
    """One thing that happened in a durable topic; never changed afterwards."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    topic = models.CharField(max_length=100)
    seq = models.BigIntegerField()
    type = models.CharField(max_length=64)
    data = models.JSONField(encoder=StoredEncoder)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["topic", "seq"], name="event_one_seq_per_topic"),
        ]

    def __str__(self) -> str:
        """Show where and what."""
        return f"{self.topic} {self.seq} {self.type}"


class ApiKey(models.Model):
    """The right of another system to use the API; only the hash of its secret is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=16, help_text="How the key begins, to tell keys apart")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        """Show the name and the beginning."""
        return f"{self.name} ({self.prefix}…)"


class IdempotencyRecord(models.Model):
    """The first answer to a POST that carried an ``Idempotency-Key``, kept for a day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    actor = models.CharField(max_length=100)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, path and body")
    status = models.PositiveSmallIntegerField(default=0)
    content_type = models.CharField(max_length=100, blank=True)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["actor", "key"], name="idempotency_one_key_per_actor"),
        ]

    def __str__(self) -> str:
        """Show whose and which."""
        return f"{self.actor} {self.key}"


class CalendarLease(Leased):
    """Which worker runs a job of the calendar; there is one row per job."""

    name = models.CharField(primary_key=True, max_length=100)

    def __str__(self) -> str:
        """Show the job's name."""
        return self.name
