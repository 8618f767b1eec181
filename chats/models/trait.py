"""What a model at a server has refused, so that it is asked otherwise from then on."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as noop

from chats.engine import traits
from chats.engine.refusals import LONGEST

LONGEST_MODEL = 120
LONGEST_SUBJECT = 80
SENTENCES = {
    traits.WITHOUT: noop("asked without “%(subject)s”"),
    traits.RENAMED: noop("“%(subject)s” is sent as “%(value)s”"),
    traits.AT_MOST: noop("“%(subject)s” is %(value)s at most"),
    traits.WINDOW: noop("reads %(value)s tokens at most, the answer included"),
    traits.NO_TOOLS: noop("takes no definitions of tools; they are described to it in words"),
    traits.NO_IMAGES: noop("sees no images; it gets the words about them"),
    traits.NO_SYSTEM: noop("knows no system role; its instructions stand in the first message"),
    traits.PLAIN_SCHEMAS: noop("the arguments of tools are described to it in the plainest form"),
    traits.SIGNED_CALLS: noop("gets its tool calls back with a sign for no signature"),
    traits.REASONED_CALLS: noop("gets its tool calls back with blank reasoning"),
    traits.UNOPENED: noop("begins with reasoning: its text is shown from its end on"),
    traits.TAGGED: noop("writes reasoning into its text: that is shown once it is surely none"),
}


class ModelTrait(models.Model):
    """One thing that a model refused; deleted, it is asked for again."""

    class Kind(models.TextChoices):
        """What it is about; ``subject`` and ``value`` say more."""

        WITHOUT = traits.WITHOUT, _("Parameter left out")
        RENAMED = traits.RENAMED, _("Parameter by another name")
        AT_MOST = traits.AT_MOST, _("Highest value")
        WINDOW = traits.WINDOW, _("Context window")
        NO_TOOLS = traits.NO_TOOLS, _("No tools")
        NO_IMAGES = traits.NO_IMAGES, _("No images")
        NO_SYSTEM = traits.NO_SYSTEM, _("No system role")
        PLAIN_SCHEMAS = traits.PLAIN_SCHEMAS, _("Plain schemas")
        SIGNED_CALLS = traits.SIGNED_CALLS, _("Signed tool calls")
        REASONED_CALLS = traits.REASONED_CALLS, _("Tool calls with reasoning")
        UNOPENED = traits.UNOPENED, _("Reasoning first")
        TAGGED = traits.TAGGED, _("Reasoning in tags")

    base_url = models.CharField(_("server"), max_length=300)
    model = models.CharField(_("model"), max_length=LONGEST_MODEL)
    kind = models.CharField(_("kind"), max_length=32, choices=Kind)
    subject = models.CharField(
        _("subject"), max_length=LONGEST_SUBJECT, blank=True, help_text=_("Such as a parameter.")
    )
    value = models.CharField(_("value"), max_length=120, blank=True)
    words = models.CharField(
        _("words of the provider"), max_length=LONGEST, blank=True, help_text=_("Why.")
    )
    learnt_at = models.DateTimeField(_("learnt at"))

    class Meta:
        verbose_name = _("limit of a model")
        verbose_name_plural = _("limits of models")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["base_url", "model", "kind", "subject"], name="model_trait_once"
            ),
        ]

    def __str__(self) -> str:
        """Show the model and what it is asked otherwise."""
        return f"{self.model}: {self.sentence}"

    @property
    def sentence(self) -> str:
        """How the model is asked because of it, as a sentence in the reader's language."""
        pattern = SENTENCES.get(self.kind)
        if pattern is None:
            return " ".join(filter(None, (self.get_kind_display(), self.subject, self.value)))
        return gettext(pattern) % {"subject": self.subject, "value": self.value}
