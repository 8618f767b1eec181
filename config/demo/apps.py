"""The app of the demo: tools that stand in for the systems of a shop."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Offers the demo's tools; installed where the demo data may be loaded without being forced."""

    name = "config.demo"
    verbose_name = "Demo"

    def ready(self) -> None:
        """Register the tools."""
        from chats import tools  # noqa: PLC0415 - models must be loaded first
        from config.demo.data import vouchers  # noqa: PLC0415

        tools.register(vouchers.TOOL)
