"""The Celery app; its settings are Django's, those that begin with ``CELERY_``."""

import os

from celery import Celery

from config import env

os.environ.setdefault("DJANGO_SETTINGS_MODULE", env.settings_module())

# They load every page; ``manage.py migrate``, which runs before any worker, has made them.
os.environ.setdefault("CELERY_SKIP_CHECKS", "on")

app = Celery("parley")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.set_default()
