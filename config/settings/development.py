"""A developer's machine and ``make run``: DEBUG, plain HTTP on loopback."""

from config.settings.base import *

ALLOWED_HOSTS = ENV.allowed_hosts or ["127.0.0.1", "localhost", "[::1]", ENV.host]
MIDDLEWARE = [MIDDLEWARE[0], "config.debug_pages.MissingMiddleware", *MIDDLEWARE[1:]]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
