"""``manage.py demo_graph``: serve the demo Graph on loopback for the senders of the database."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from config.demo.graph.app import DemoGraph
from config.demo.graph.senders import Sender as Known
from config.demo.graph.senders import webhook_of
from config.demo.loopback import server
from conversations.sources.whatsapp.models import Sender

PORT = 8002


class Command(BaseCommand):
    """Serves the demo Graph until it is stopped."""

    help = "Serve the demo Graph: Meta's API on loopback, and at /phone/ a customer's phone."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the port, and the address of Parley."""
        parser.add_argument("--port", type=int, default=PORT, help="0 takes any free port")
        parser.add_argument(
            "--parley",
            default=f"http://127.0.0.1:{settings.PORT}",
            help="where webhooks go (%(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve."""
        rows = list(Sender.objects.order_by("created_at", "id"))
        known = [_known(row, options["parley"]) for row in rows]
        server.serve(DemoGraph(known), port=options["port"])


def _known(row: Sender, parley: str) -> Known:
    return Known(
        sender_id=str(row.pk),
        phone_number_id=row.phone_number_id,
        business_account_id=row.business_account_id,
        app_secret=row.app_secret,
        verify_token=row.verify_token,
        access_token=row.access_token,
        display_number=row.display_number,
        verified_name=row.verified_name,
        webhook=webhook_of(parley, row.pk),
    )
