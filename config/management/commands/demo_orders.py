"""``manage.py demo_orders``: serve the demo's order service on loopback."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from config.demo.orders import access, server

PORT = 8003


class Command(BaseCommand):
    """Serves the order service until it is stopped."""

    help = "Serve the demo's order service on loopback: what the demo's tools call."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the port."""
        parser.add_argument("--port", type=int, default=PORT, help="0 takes any free port")

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve."""
        del args
        key = access.demo_key(settings.SECRET_KEY)
        server.serve(port=options["port"], key=key, file=settings.DATA_DIR / server.FILE)
