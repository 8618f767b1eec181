"""A configured AI."""

from django.db import models

from channels_layer.ids import new_id


class Assistant(models.Model):
    """Who answers first: name, instructions, model, tools, greeting and handoff triggers."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=80)
    tagline = models.CharField(max_length=120, blank=True, help_text="Shown beside the name.")
    avatar = models.URLField(blank=True, help_text="Empty: the first letter of the name.")
    instructions = models.TextField(blank=True, help_text="What the model is told to be.")
    greeting = models.TextField(blank=True, help_text="Shown to a customer before the first word.")
    model = models.CharField(
        max_length=120, blank=True, help_text="Empty: the deployment's LLM_MODEL."
    )
    temperature = models.FloatField(null=True, blank=True)
    tools = models.JSONField(
        default=list,
        blank=True,
        help_text="Names of the tools it may use, such as search_knowledge.",
    )
    handoff_triggers = models.JSONField(
        default=dict,
        blank=True,
        help_text='Words and caps that ask for a person: {"words": ["lawyer"], "turn_cap": 20}.',
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name
