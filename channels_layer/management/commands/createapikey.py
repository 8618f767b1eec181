"""``manage.py createapikey NAME --scope S…``: issue an API key."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from channels_layer.access import keys
from channels_layer.errors import InvalidError


class Command(BaseCommand):
    """Prints a new key once; only its hash is stored."""

    help = "Print a new API key once; only its hash is stored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the name and the scopes."""
        parser.add_argument("name", help="whose key it is, for people to read")
        parser.add_argument(
            "--scope",
            action="extend",
            nargs="+",
            required=True,
            metavar="SCOPE",
            help=f"what it may do: {', '.join(keys.ALL_SCOPES)}, or all",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Issue the key, or fail with one line that names the unknown scopes."""
        del args
        wanted = options["scope"]
        try:
            _, secret = keys.issue(
                name=options["name"],
                scopes=keys.ALL_SCOPES if wanted == ["all"] else wanted,
                at=timezone.now(),
            )
        except InvalidError as error:
            reasons = [reason for found in error.fields.values() for reason in found]
            raise CommandError(" ".join(reasons) or error.detail) from None
        self.stdout.write(secret)
