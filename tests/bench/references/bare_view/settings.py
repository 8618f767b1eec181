"""The product's database and tables, and nothing around the view."""

from config.settings.development import *  # noqa: F403

MIDDLEWARE = []
ROOT_URLCONF = "tests.bench.references.bare_view.urls"
