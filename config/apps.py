"""The app of the composition root: its commands, shell templates and shell styles."""

from django.apps import AppConfig

from config.celery import app as celery_app


class ConfigConfig(AppConfig):
    """Loads the Celery app in every process, so that a task's name finds its broker."""

    name = "config"
    verbose_name = "Parley"
    celery = celery_app
