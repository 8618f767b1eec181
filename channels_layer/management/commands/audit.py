"""``manage.py audit``: check what is stored; print one line for each finding."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand
from django.utils import timezone

from channels_layer.work import audits
from channels_layer.work.audits import Scope


class Command(BaseCommand):
    """Audits everything stored; the exit code is 1 when something is wrong."""

    help = "Audit the database and the files: one line for each finding, exit code 1 for any."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add ``--strict``, the ids of acknowledged messages, and ``--json``."""
        parser.add_argument(
            "--strict", action="store_true", help="The system is at rest: nothing is under way."
        )
        parser.add_argument(
            "--client-ids",
            type=Path,
            metavar="FILE",
            help="Client ids of acknowledged messages, one on a line: each must be stored once.",
        )
        parser.add_argument("--json", action="store_true", help="One JSON object on a line.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run all checks and print their findings."""
        path = options["client_ids"]
        lines = path.read_text(encoding="utf-8").splitlines() if path else []
        scope = Scope(
            at=timezone.now(),
            is_strict=options["strict"],
            client_ids=[line.strip() for line in lines if line.strip()],
        )
        is_wrong = False
        for check, finding in audits.findings(scope):
            is_wrong = True
            record = orjson.dumps({"check": check, "finding": finding}).decode()
            self.stdout.write(record if options["json"] else f"{check}: {finding}")
        if is_wrong:
            sys.exit(1)
        if not options["json"]:
            self.stdout.write("Nothing is wrong.")
