"""A configured AI."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from channels_layer.ids import new_id
from conversations import handoff_triggers

LONGEST_INSTRUCTIONS = 50_000
LONGEST_GREETING = 10_000
LONGEST_TOOL_NAME = 80
HOTTEST = 2.0
SMALLEST_WINDOW = 1_000
LARGEST_WINDOW = 10_000_000
LONGEST_WAIT = 3600
"""Seconds."""
LONGEST_APPROVAL = 10_080
"""Minutes: a week."""
TOOL_RULES = ("never", "agent", "supervisor", "administrator")
"""Whose approval a call of a tool needs: nobody's, or that of a role."""


def validate_temperature(value: float) -> None:
    """Refuse what no model takes as a temperature, such as 9 or a number that is none."""
    if not 0 <= value <= HOTTEST:
        raise ValidationError(gettext("Write a number from 0 to 2."))


def validate_tools(value: object) -> None:
    """Refuse anything but a list of names, each once."""
    if not isinstance(value, list) or not all(_is_tool_name(name) for name in value):
        raise ValidationError(gettext("Write a list of tools' names."))
    if len(set(value)) < len(value):
        raise ValidationError(gettext("Name each tool once."))


def validate_tool_rules(value: object) -> None:
    """Refuse anything but rules by the names of tools."""
    is_sound = isinstance(value, dict) and all(
        _is_tool_name(name) and rule in TOOL_RULES for name, rule in value.items()
    )
    if not is_sound:
        rules = ", ".join(TOOL_RULES)
        raise ValidationError(gettext("Give each tool one of these rules: %s.") % rules)


def _is_tool_name(name: object) -> bool:
    return isinstance(name, str) and 0 < len(name) <= LONGEST_TOOL_NAME


class Assistant(models.Model):
    """Who answers first: name, instructions, model, tools, greeting and handoff triggers."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=80)
    tagline = models.CharField(
        _("tagline"), max_length=120, blank=True, help_text=_("Shown beside the name.")
    )
    avatar = models.URLField(
        _("avatar"), blank=True, help_text=_("Empty: the first letter of the name.")
    )
    instructions = models.TextField(
        _("instructions"),
        blank=True,
        validators=[MaxLengthValidator(LONGEST_INSTRUCTIONS)],
        help_text=_("Who the assistant is and how it answers, for the model."),
    )
    greeting = models.TextField(
        _("greeting"),
        blank=True,
        validators=[MaxLengthValidator(LONGEST_GREETING)],
        help_text=_("Shown to a customer before the first word."),
    )
    model = models.CharField(
        _("model"), max_length=120, blank=True, help_text=_("Empty: the deployment's LLM_MODEL.")
    )
    temperature = models.FloatField(
        _("temperature"),
        null=True,
        blank=True,
        validators=[validate_temperature],
        help_text=_("0 to 2: how freely it words its answers; empty: as the model does."),
    )
    context_tokens = models.PositiveIntegerField(
        _("context window"),
        null=True,
        blank=True,
        validators=[MinValueValidator(SMALLEST_WINDOW), MaxValueValidator(LARGEST_WINDOW)],
        help_text=_("Tokens that its model reads at most; empty: as is known of the model."),
    )
    first_token_seconds = models.PositiveSmallIntegerField(
        _("seconds until the first word"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_WAIT)],
        help_text=_("How long its model may read first; empty: as the deployment sets it."),
    )
    idle_seconds = models.PositiveSmallIntegerField(
        _("seconds of silence"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_WAIT)],
        help_text=_("How long its model may then be silent; empty: as the deployment sets it."),
    )
    total_seconds = models.PositiveSmallIntegerField(
        _("seconds in all"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_WAIT)],
        help_text=_("How long one answer of its model may take; empty: as the deployment sets it."),
    )
    tools = models.JSONField(
        _("tools"),
        default=list,
        blank=True,
        validators=[validate_tools],
        help_text=_("Names of the tools it may use, such as search_knowledge."),
    )
    tool_rules = models.JSONField(
        _("rules of approval"),
        default=dict,
        blank=True,
        validators=[validate_tool_rules],
        help_text=_("Who has to approve calls of a tool, where that differs from the tool's own."),
    )
    approval_minutes = models.PositiveSmallIntegerField(
        _("minutes for an approval"),
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_APPROVAL)],
        help_text=_("How long a call of a tool waits for a person's decision, then it expires."),
    )
    handoff_triggers = models.JSONField(
        _("handoff triggers"),
        default=dict,
        blank=True,
        validators=[handoff_triggers.validate],
        help_text=_('Words and caps that ask for a person: {"words": ["lawyer"], "turn_cap": 20}.'),
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("assistant")
        verbose_name_plural = _("assistants")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse an answer that has to end before its first word may come."""
        total = self.total_seconds
        for field in ("first_token_seconds", "idle_seconds"):
            value = getattr(self, field)
            if total is not None and value is not None and value > total:
                raise ValidationError(
                    {"total_seconds": gettext("Write at least %(value)s.") % {"value": value}}
                )

    @property
    def seconds(self) -> dict[str, float]:
        """The limits of time that differ from the deployment's, by the engine's names."""
        limits = {
            "first": self.first_token_seconds,
            "idle": self.idle_seconds,
            "total": self.total_seconds,
        }
        return {name: float(value) for name, value in limits.items() if value is not None}
