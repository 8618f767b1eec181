"""``python -m tests.bench.references.bare_view PORT``: serve it."""

import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.references.bare_view.settings"
django.setup()

from daphne.server import Server  # noqa: E402
from django.core.handlers.asgi import ASGIHandler  # noqa: E402

Server(ASGIHandler(), endpoints=[f"tcp:port={sys.argv[1]}:interface=127.0.0.1"]).run()
