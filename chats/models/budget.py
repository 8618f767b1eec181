"""Budgets: what models may cost, by run, conversation, visitor, assistant and day."""

from decimal import Decimal
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from channels_layer.ids import new_id

LEAST = Decimal("0.01")
WARN_AT = 80
ALL = 100


class Budget(models.Model):
    """A limit in credits; when it is reached the assistant ends politely and hands over.

    Without an assistant it holds for each of them; the one of a day is the whole deployment's.
    """

    class Scope(models.TextChoices):
        """What the limit is counted for, and since when."""

        RUN = "run", _("One answer")
        CONVERSATION = "conversation", _("One conversation")
        VISITOR = "visitor", _("One visitor, a day")
        ASSISTANT = "assistant", _("One assistant, a day")
        DAY = "day", _("Everything, a day")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    scope = models.CharField(_("scope"), max_length=16, choices=Scope)
    assistant = models.ForeignKey(
        "conversations.Assistant",
        verbose_name=_("assistant"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="budgets",
        help_text=_("Counts and limits this one's answers alone; empty for each of them."),
    )
    limit = models.DecimalField(
        _("limit"),
        max_digits=12,
        decimal_places=2,
        validators=[MinValueValidator(LEAST)],
        help_text=_("In credits."),
    )
    warn_at = models.PositiveSmallIntegerField(
        _("warn at"),
        default=WARN_AT,
        validators=[MinValueValidator(1), MaxValueValidator(ALL)],
        help_text=_("Per cent of the limit at which supervisors are notified, once."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"))
    updated_at = models.DateTimeField(_("updated at"))

    class Meta:
        verbose_name = _("budget")
        verbose_name_plural = _("budgets")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["scope"],
                condition=models.Q(assistant=None),
                name="budget_one_general_per_scope",
            ),
            models.UniqueConstraint(
                fields=["scope", "assistant"],
                condition=models.Q(assistant__isnull=False),
                name="budget_one_per_scope_and_assistant",
            ),
            models.CheckConstraint(
                condition=models.Q(limit__gt=0, warn_at__gte=1, warn_at__lte=ALL),
                name="budget_limit_is_positive",
            ),
            models.CheckConstraint(
                condition=~models.Q(scope="day", assistant__isnull=False),
                name="budget_of_a_day_is_general",
            ),
        ]

    def __str__(self) -> str:
        """Show its scope and limit."""
        return f"{self.get_scope_display()}: {self.limit}"

    def clean(self) -> None:
        """Refuse a day's budget of one assistant: that is the scope of an assistant."""
        if self.scope == self.Scope.DAY and self.assistant_id:
            reason = _(
                "The budget of a day is that of all assistants; choose one assistant, a day."
            )
            raise ValidationError({"assistant": reason})


class BudgetWarning(models.Model):
    """A warning that a budget is nearly used up, given once for each of its periods."""

    budget = models.ForeignKey(
        Budget, verbose_name=_("budget"), on_delete=models.CASCADE, related_name="warnings"
    )
    subject = models.CharField(_("subject"), max_length=80)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("budget warning")
        verbose_name_plural = _("budget warnings")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["budget", "subject"], name="budget_warning_once"),
        ]

    def __str__(self) -> str:
        """Show what it is about."""
        return self.subject


class Reservation(models.Model):
    """What a call beside answers may cost, while a budget holds and the call is being made."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(
        "conversations.Conversation",
        verbose_name=_("conversation"),
        on_delete=models.CASCADE,
        related_name="reservations",
    )
    assistant = models.ForeignKey(
        "conversations.Assistant", verbose_name=_("assistant"), on_delete=models.CASCADE
    )
    cost = models.DecimalField(_("cost"), max_digits=14, decimal_places=8)
    expires_at = models.DateTimeField(_("expires at"))

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")

    def __str__(self) -> str:
        """Show the cost."""
        return str(self.cost)
