"""The Django app of the web widget."""

from django.apps import AppConfig


class WidgetConfig(AppConfig):
    """Holds widgets and visitors' tokens; the conversations themselves lie below."""

    name = "conversations.sources.widget"
    label = "widget"
    verbose_name = "Web widget"

    def ready(self) -> None:
        """Register the source."""
        from conversations import transports  # noqa: PLC0415 - models must be loaded first
        from conversations.sources.widget.transport import WidgetTransport  # noqa: PLC0415

        transports.register(WidgetTransport())
