"""``manage.py demo``: load the demo data once, and print the logins."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

import orjson
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from channels_layer.access import keys
from channels_layer.access.keys import ALL_SCOPES
from config.demo.data import people, shop, stories, tools
from config.demo.data.shop import Shop
from conversations.models import Assistant, Source

EVERYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104


class Command(BaseCommand):
    """Loads the lamp shop Nordhem; doing it again changes nothing."""

    help = "Load the demo data once, and print the demo logins."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the options: the form of the output, and whether to fill a deployment."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--force", action="store_true", help="load it although DEBUG is off")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, then print."""
        del args
        if not settings.DEBUG and not options["force"]:
            raise CommandError(
                "The demo has logins that everybody knows: with DEBUG off it needs --force."
            )
        at = timezone.now()
        loaded = load(at=at)
        if options["json"]:
            self.stdout.write(orjson.dumps(_facts(loaded, at=at)).decode())
            return
        self.stdout.write(f"Parley's demo is at {_url()}")
        for login in people.logins():
            self.stdout.write(f"  {login['username']} / {login['password']} ({login['role']})")


def load(*, at: datetime) -> Shop:
    """Load what is missing of the demo."""
    people.load()
    tools.load()
    loaded = shop.load(origin=_url(), at=at)
    stories.load(shop=loaded, at=at)
    return loaded


def _facts(loaded: Shop, *, at: datetime) -> dict[str, Any]:
    _, api_key = keys.issue(name="Demo", scopes=ALL_SCOPES, at=at)
    return {
        "url": _url(),
        "widget_key": loaded.widget.key,
        "widget_secret": loaded.widget.secret,
        "api_key": api_key,
        "users": people.logins(),
        "assistants": [
            {"id": str(row.pk), "name": row.name}
            for row in Assistant.objects.filter(is_active=True).order_by("created_at", "id")
        ],
        "sources": [
            {"id": str(row.pk), "kind": row.kind, "name": row.name}
            for row in Source.objects.filter(is_active=True).order_by("created_at", "id")
        ],
        "whatsapp": {
            "sender_id": str(loaded.sender.pk),
            "phone_number_id": loaded.sender.phone_number_id,
            "verify_token": loaded.sender.verify_token,
            "app_secret": loaded.sender.app_secret,
        },
    }


def _url() -> str:
    host = "127.0.0.1" if settings.HOST in EVERYWHERE else settings.HOST
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{settings.PORT}"
