"""The Django app of API sources."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Registers the source; what it brings in comes through the API of conversations."""

    name = "conversations.sources.api"
    label = "api"
    verbose_name = "API"

    def ready(self) -> None:
        """Register the source."""
        from conversations import transports  # noqa: PLC0415 - models must be loaded first
        from conversations.sources.api.transport import ApiTransport  # noqa: PLC0415

        transports.register(ApiTransport())
