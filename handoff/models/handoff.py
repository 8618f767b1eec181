"""Handoffs, with what the agent and the assistant read of them."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from channels_layer import formats
from channels_layer.access.actors import Staff, staff_id_of
from channels_layer.ids import new_id
from channels_layer.models import Leased


class HandoffQuerySet(models.QuerySet["Handoff"]):
    """Named filters over handoffs."""

    def waited_for(self) -> Self:
        """Keep those that a customer waited for: no chats, nor where a colleague joined first.

        A customer who asks after a colleague's Join is not told apart: that one stays theirs.
        """
        of_customers = self.filter(conversation__author=None, conversation__author_key=None)
        return of_customers.exclude(requested_by__startswith=Staff.prefix)

    def lacking_packet(self) -> Self:
        """Keep open handoffs that were requested and lack the packet for the agent."""
        requested = models.Q(accepted_at__isnull=True) | models.Q(
            accepted_at__gt=models.F("requested_at")
        )
        return self.filter(requested, packet__isnull=True, state__in=["waiting", "active"])

    def lacking_return_packet(self, *, since: datetime) -> Self:
        """Keep handoffs that were released after ``since`` and lack the assistant's packet."""
        return self.filter(
            return_packet__isnull=True,
            state="released",
            accepted_at__isnull=False,
            closed_at__gt=since,
        )


class Handoff(Leased):
    """One handoff: from the request for a person to the release or the end.

    ``packet`` says for the person what happened before, ``return_packet`` for the assistant what
    happened meanwhile; both are ``{summary, goal, facts, tried, by}`` and written by a job.
    """

    class State(models.TextChoices):
        """Where the handoff stands."""

        WAITING = "waiting", _("Waiting for an agent")
        ACTIVE = "active", _("Agent active")
        RELEASED = "released", _("Returned to the assistant")
        ENDED = "ended", _("Ended with the conversation")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(
        "conversations.Conversation",
        verbose_name=_("conversation"),
        on_delete=models.CASCADE,
        related_name="handoffs",
    )
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.WAITING)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    requested_by = models.CharField(
        _("requested by"), max_length=80, help_text=_("The actor's reference, as user:5.")
    )
    requested_at = models.DateTimeField(_("requested at"))
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("agent"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    packet = models.JSONField(_("packet"), null=True, blank=True)
    return_packet = models.JSONField(_("return packet"), null=True, blank=True)

    objects = HandoffQuerySet.as_manager()

    class Meta:
        verbose_name = _("handoff")
        verbose_name_plural = _("handoffs")
        indexes = [
            models.Index(
                fields=["requested_at"],
                condition=models.Q(packet__isnull=True, state__in=["waiting", "active"]),
                name="handoff_packet_due",
            ),
            models.Index(
                fields=["closed_at"],
                condition=models.Q(return_packet__isnull=True, state="released"),
                name="handoff_return_packet_due",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"],
                condition=models.Q(state__in=["waiting", "active"]),
                name="handoff_one_open_per_conversation",
            ),
        ]

    @property
    def is_requested_by_staff(self) -> bool:
        """Whether a colleague joined before anybody else asked for a person."""
        return staff_id_of(self.requested_by) is not None

    def __str__(self) -> str:
        return f"{self.get_state_display()}, {formats.full_moment(self.requested_at)}"
