"""Widgets: the source of a new one, a new secret, sessions that are closed."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from channels_layer.transport import broadcast
from conversations.models import Assistant, Source
from conversations.services import sources
from conversations.sources.widget import KIND
from conversations.sources.widget.models import VisitorToken, Widget, new_secret


def new_source(*, name: str, assistant: Assistant) -> Source:
    """Create the source of a new widget, answered by ``assistant``."""
    values = {"kind": KIND, "name": name or gettext("Website"), "assistant": assistant}
    return sources.create(values=values)


@transaction.atomic
def renew_secret(*, widget: Widget) -> str:
    """Replace the widget's secret and return it; the former proves nothing any more."""
    widget = Widget.objects.select_for_update(no_key=True).get(pk=widget.pk)
    widget.secret = new_secret()
    widget.save(update_fields=["secret"])
    return widget.secret


def revoke_tokens(*, tokens: QuerySet[VisitorToken], at: datetime) -> None:
    """Close visitors' sessions, and make open sockets check their rights again."""
    open_ones = tokens.filter(revoked_at=None)
    contacts = list(open_ones.values_list("contact_id", flat=True).distinct())
    open_ones.update(revoked_at=at)
    for contact in contacts:
        broadcast.revoke(f"contact:{contact}")
