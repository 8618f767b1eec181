"""The Django app of the web widget."""

from django.apps import AppConfig


class WidgetConfig(AppConfig):
    """Holds widgets and visitors' tokens; the conversations themselves lie below."""

    name = "conversations.sources.widget"
    label = "widget"
    verbose_name = "Web widget"
