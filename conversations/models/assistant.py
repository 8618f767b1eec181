"""A configured AI."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from channels_layer.ids import new_id


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
        help_text=_("Who the assistant is and how it answers, for the model."),
    )
    greeting = models.TextField(
        _("greeting"), blank=True, help_text=_("Shown to a customer before the first word.")
    )
    model = models.CharField(
        _("model"), max_length=120, blank=True, help_text=_("Empty: the deployment's LLM_MODEL.")
    )
    temperature = models.FloatField(_("temperature"), null=True, blank=True)
    tools = models.JSONField(
        _("tools"),
        default=list,
        blank=True,
        help_text=_("Names of the tools it may use, such as search_knowledge."),
    )
    handoff_triggers = models.JSONField(
        _("handoff triggers"),
        default=dict,
        blank=True,
        help_text=_('Words and caps that ask for a person: {"words": ["lawyer"], "turn_cap": 20}.'),
    )
    is_active = models.BooleanField(_("is active"), default=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("assistant")
        verbose_name_plural = _("assistants")

    def __str__(self) -> str:
        return self.name
