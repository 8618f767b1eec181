"""The Django app of the web widget."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WidgetConfig(AppConfig):
    """Holds widgets and visitors' tokens; the conversations themselves lie below."""

    name = "conversations.sources.widget"
    label = "widget"
    verbose_name = _("Web widget")

    def ready(self) -> None:
        """Register the source, its sentences, and the job that deletes old tokens."""
        from channels_layer import sentences  # noqa: PLC0415 - models must be loaded first
        from channels_layer.work import sweeper  # noqa: PLC0415
        from conversations import transports  # noqa: PLC0415
        from conversations.sources.widget.services.conversations import (  # noqa: PLC0415
            REQUESTED,
        )
        from conversations.sources.widget.transport import WidgetTransport  # noqa: PLC0415

        transports.register(WidgetTransport())
        sentences.register(REQUESTED)
        sweeper.register_job("conversations.purge_visitors", every=timedelta(hours=6))
