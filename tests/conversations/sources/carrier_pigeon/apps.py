"""The Django app of carrier pigeons."""

from django.apps import AppConfig


class CarrierPigeonConfig(AppConfig):
    """Registers the source."""

    name = "tests.conversations.sources.carrier_pigeon"
    label = "carrier_pigeon"
    verbose_name = "Carrier pigeon"

    def ready(self) -> None:
        """Register the source."""
        from conversations import transports  # noqa: PLC0415 - models must be loaded first
        from tests.conversations.sources.carrier_pigeon.transport import (  # noqa: PLC0415
            CarrierPigeonTransport,
        )

        transports.register(CarrierPigeonTransport())
