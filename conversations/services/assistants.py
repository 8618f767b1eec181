"""Assistants: making, changing and removing the configured AIs."""

from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from channels_layer import validation
from channels_layer.errors import DomainError
from conversations.models import Assistant


class InUseError(DomainError):
    """Conversations or sources still refer to the assistant."""

    code = "in_use"
    detail = _("Conversations or sources still use this; switch it off instead.")


def create(*, values: dict[str, Any]) -> Assistant:
    """Create an assistant from validated field values."""
    assistant = Assistant(**values)
    validation.check(assistant, values)
    assistant.save()
    return assistant


@transaction.atomic
def update(*, assistant: Assistant, values: dict[str, Any]) -> Assistant:
    """Change the given fields; answers that begin from now on follow them."""
    assistant = Assistant.objects.select_for_update(no_key=True).get(pk=assistant.pk)
    for field, value in values.items():
        setattr(assistant, field, value)
    validation.check(assistant, values)
    assistant.save(update_fields=list(values))
    return assistant


def delete(*, assistant: Assistant) -> None:
    """Remove an assistant that nothing refers to."""
    try:
        with transaction.atomic():
            assistant.delete()
    except ProtectedError:
        raise InUseError from None
