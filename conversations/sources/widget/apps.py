"""The Django app of the web widget."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WidgetConfig(AppConfig):
    """Holds widgets and visitors' tokens; the conversations themselves lie below."""

    name = "conversations.sources.widget"
    label = "widget"
    verbose_name = _("Web widget")

    def ready(self) -> None:
        """Fill the registries of the layers below."""
        from conversations.sources.widget import (  # noqa: PLC0415 - models must be loaded first
            registrations,
        )

        registrations.register()
