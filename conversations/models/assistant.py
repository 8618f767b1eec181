"""A configured AI."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from channels_layer.ids import new_id
from conversations import handoff_triggers

LONGEST_INSTRUCTIONS = 50_000
LONGEST_GREETING = 10_000
LONGEST_TOOL_NAME = 80
HOTTEST = 2.0


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
    tools = models.JSONField(
        _("tools"),
        default=list,
        blank=True,
        validators=[validate_tools],
        help_text=_("Names of the tools it may use, such as search_knowledge."),
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
