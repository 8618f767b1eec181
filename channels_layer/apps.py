"""The Django app of the durable core."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ChannelsLayerConfig(AppConfig):
    """Imports what every app registers with the core: events, topics, commands and tasks."""

    name = "channels_layer"
    verbose_name = "Events, jobs and API keys"

    def ready(self) -> None:
        """Fill the registries; models of all apps are loaded by now."""
        autodiscover_modules("rest.schema", "events", "topics", "tasks")
