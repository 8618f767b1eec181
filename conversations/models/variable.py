"""A value that is known of a conversation."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from conversations.models.conversation import Conversation


class Variable(models.Model):
    """A named value of a conversation, with where it came from."""

    class Origin(models.TextChoices):
        """Where the value came from."""

        FORM = "form", _("Pre-chat form")
        SITE = "site", _("Website")
        EXTRACTED = "extracted", _("Extracted")
        AFTERWARDS = "afterwards", _("After the conversation")
        PERSON = "person", _("Person")
        API = "api", _("API")

    conversation = models.ForeignKey(
        Conversation,
        verbose_name=_("conversation"),
        on_delete=models.CASCADE,
        related_name="variables",
    )
    name = models.CharField(_("name"), max_length=80)
    value = models.TextField(_("value"), blank=True)
    origin = models.CharField(_("origin"), max_length=12, choices=Origin)
    origin_name = models.CharField(_("origin name"), max_length=200, blank=True)
    updated_at = models.DateTimeField(_("updated at"))

    class Meta:
        verbose_name = _("variable")
        verbose_name_plural = _("variables")
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "name"], name="variable_once_per_conversation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} = {self.value}"

    @property
    def stated_by(self) -> str:
        """Who stated it, in words; only what a person of the staff wrote is known to be so."""
        if self.origin == self.Origin.PERSON:
            return str(_("recorded by a colleague"))
        if self.origin == self.Origin.API:
            return str(_("reported by another system, unverified"))
        return str(_("claimed by the customer"))


_WEIGHTS = {
    Variable.Origin.PERSON: 2,
    Variable.Origin.API: 2,
    Variable.Origin.FORM: 1,
    Variable.Origin.SITE: 1,
}


def weight_of(origin: str) -> int:
    """Return how much an origin counts: staff and other systems, then visitors, then models."""
    return _WEIGHTS.get(Variable.Origin(origin), 0)
