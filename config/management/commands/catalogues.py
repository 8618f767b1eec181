"""``manage.py catalogues``: compile the catalogues of the interface's languages."""

from typing import Any

from django.core.management.base import BaseCommand

from config import catalogues


class Command(BaseCommand):
    """Compiles every catalogue that is newer than its compiled form, or has none."""

    help = "Compile the catalogues of the interface's languages."

    def handle(self, *args: Any, **options: Any) -> None:
        """Compile, and name the languages."""
        catalogues.compile_stale()
        self.stdout.write(f"Compiled: {', '.join(catalogues.languages())}")
