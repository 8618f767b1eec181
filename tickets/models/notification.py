"""Notifications about tickets on their way to the assignee."""

from django.conf import settings
from django.db import models

from channels_layer.ids import new_id


class TicketNotification(models.Model):
    """A notification about a ticket that a job sends to one person, in its own transaction."""

    class Kind(models.TextChoices):
        """What happened to the ticket."""

        ASSIGNED = "ticket.assigned", "Assigned to you"
        COMMENTED = "ticket.commented", "Somebody commented"
        REOPENED = "ticket.reopened", "The customer wrote again"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="ticket_notifications"
    )
    ticket = models.ForeignKey(
        "tickets.Ticket", on_delete=models.CASCADE, related_name="notifications"
    )
    kind = models.CharField(max_length=20, choices=Kind)
    by_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "tickets_notice"
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=models.Q(sent_at__isnull=True),
                name="ticket_notice_due",
            ),
        ]

    def __str__(self) -> str:
        """Show what it says."""
        return f"{self.get_kind_display()}: {self.ticket_id}"
