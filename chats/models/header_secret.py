"""Secrets that tools send along in a header, each to one host alone."""

from contextlib import suppress
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from channels_layer.fields import SealedTextField
from channels_layer.ids import new_id
from chats.models import hosts

LONGEST_VALUE = 8000
RESERVED = frozenset(
    {
        *("accept", "accept-encoding", "connection", "content-length", "content-type", "expect"),
        *("host", "idempotency-key", "te", "trailer", "transfer-encoding", "upgrade", "user-agent"),
    }
)
"""Headers that the client itself writes."""


class HeaderNameValidator(RegexValidator):
    """Refuses what is no header's name."""

    regex = r"\A[A-Za-z0-9!#$%&'*+.^_`|~-]+\Z"
    message = _("Write a header's name: letters, digits and hyphens, such as Authorization.")


def validate_header_name(value: str) -> None:
    """Refuse what is no header's name, or one that the client itself writes."""
    HeaderNameValidator()(value)
    if value.lower() in RESERVED:
        raise ValidationError(
            gettext("Parley writes %(name)s itself; name another header.") % {"name": value}
        )


def validate_header_value(value: str) -> None:
    """Refuse what cannot stand in a header: line breaks, control and non-ASCII characters."""
    if not (value.isascii() and value.isprintable()) or value != value.strip():
        raise ValidationError(
            gettext("Write one line of ASCII characters without blanks at its ends.")
        )


def validate_host(value: str) -> None:
    """Refuse what is no host."""
    try:
        hosts.normal(value)
    except ValueError:
        raise ValidationError(
            gettext("Write a host alone, such as api.example.com or api.example.com:8443.")
        ) from None


class HeaderSecret(models.Model):
    """A header with a secret value: sent to exactly its host, and never shown again."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    host = models.CharField(
        _("host"),
        max_length=hosts.LONGEST,
        validators=[validate_host],
        help_text=_("Such as api.example.com; with the port where it is not the usual one."),
    )
    name = models.CharField(
        _("header"),
        max_length=100,
        validators=[validate_header_name],
        help_text=_("Such as Authorization or X-Api-Key."),
    )
    value = SealedTextField(_("value"))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("secret header")
        verbose_name_plural = _("secret headers")
        constraints: ClassVar = [
            models.UniqueConstraint(
                "host",
                Lower("name"),
                name="header_secret_once_per_host",
                violation_error_message=_("This host has a secret for this header already."),
            ),
        ]

    def __str__(self) -> str:
        """Show where it goes, never what it is."""
        return f"{self.host}: {self.name}"

    def clean_fields(self, exclude: Any = None) -> None:
        """Bring the host into the one form in which it is compared."""
        with suppress(ValueError):  # The field's own check says what would be right.
            self.host = hosts.normal(self.host)
        super().clean_fields(exclude=exclude)
