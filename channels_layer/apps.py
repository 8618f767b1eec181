"""Start-up of the durable core."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ChannelsLayerConfig(AppConfig):
    """Registers the core's own work, and loads the tasks of all apps."""

    name = "channels_layer"
    verbose_name = _("Events, jobs and API keys")

    def ready(self) -> None:
        """Fill the registries; load what Celery and the schema know by having been imported."""
        from channels_layer import registrations  # noqa: PLC0415 - models must be loaded first

        registrations.register()
        autodiscover_modules("rest.schema", "tasks")
