"""``manage.py demo_model``: serve the demo model on loopback."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.demo.model import server


class Command(BaseCommand):
    """Serves the demo model until it is stopped."""

    help = "Serve the demo model: a deterministic, OpenAI-compatible server on loopback."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the port, and the speed of writing."""
        parser.add_argument("--port", type=int, required=True, help="0 takes any free port")
        parser.add_argument("--rate", type=float, default=server.RATE, help="tokens a second")

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve."""
        server.serve(port=options["port"], rate=options["rate"])
