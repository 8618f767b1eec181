"""Sources: creating, changing and removing them."""

from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from channels_layer import validation
from conversations.models import Source
from conversations.services.assistants import InUseError


def create(*, values: dict[str, Any]) -> Source:
    """Create a source from validated field values."""
    source = Source(**values)
    validation.check(source, values)
    source.save()
    return source


@transaction.atomic
def update(*, source: Source, values: dict[str, Any]) -> Source:
    """Change the given fields; conversations that begin from now on follow them."""
    source = (
        Source.objects.select_for_update(no_key=True, of=("self",))
        .select_related("assistant")
        .get(pk=source.pk)
    )
    for field, value in values.items():
        setattr(source, field, value)
    validation.check(source, values)
    source.save(update_fields=list(values))
    return source


def delete(*, source: Source) -> None:
    """Remove a source through which nothing has come yet."""
    try:
        with transaction.atomic():
            source.delete()
    except ProtectedError:
        raise InUseError from None
