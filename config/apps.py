"""The app of the composition root: its commands, shell templates and shell styles."""

from typing import Any

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.core import checks
from django.core.signals import got_request_exception

from config.celery import app as celery_app


class AdministrationConfig(AdminConfig):
    """Makes Parley's own site the one at which all tables are registered."""

    default_site = "config.admin_site.AdministrationSite"

    def ready(self) -> None:
        """Register the tables, and give those of libraries their words."""
        super().ready()
        from config import administration  # noqa: PLC0415 - models must be loaded first

        administration.name_tables()


class ConfigConfig(AppConfig):
    """Loads the Celery app in every process, so that a task's name finds its broker."""

    name = "config"
    verbose_name = "Parley"
    celery = celery_app

    def ready(self) -> None:
        """Connect the receiver that knows outages of the database."""
        from config import outage  # noqa: PLC0415 - models must be loaded first

        got_request_exception.connect(outage.mark)
        checks.register(_catalogues, checks.Tags.translation, deploy=True)


def _catalogues(**options: Any) -> list[checks.CheckMessage]:
    """Warn of catalogues that are not compiled: their languages would be missing."""
    from config import catalogues  # noqa: PLC0415 - Babel reads them, which no start needs

    del options
    if not (stale := catalogues.stale()):
        return []
    message = f"These languages are not compiled: {', '.join(stale)}."
    return [checks.Warning(message, hint="Run manage.py catalogues.", id="config.W001")]
