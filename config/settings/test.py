"""The test suite: a throw-away data directory, nothing of the developer's own environment."""

import os
import tempfile

DATA_DIRECTORY = os.environ.get("PARLEY_TEST_DATA_DIR") or tempfile.mkdtemp(prefix="parley-test-")
for _name in ("REDIS_URL", "LLM_BASE_URL", "LLM_API_KEY", "PORT", "HOST", "ALLOWED_HOSTS"):
    os.environ.pop(_name, None)
os.environ["DATA_DIR"] = DATA_DIRECTORY
os.environ["DEBUG"] = "off"
# No test speaks TLS; to load all authorities takes each client 20 ms.
os.environ["SSL_CERT_DIR"] = DATA_DIRECTORY
os.environ.pop("SSL_CERT_FILE", None)
os.environ["SECRET_KEY"] = "used by the tests alone " * 2
os.environ["DATABASE_URL"] = os.environ.get(
    "PARLEY_TEST_DATABASE_URL", f"sqlite:///{DATA_DIRECTORY}/parley.sqlite3"
)

from config.settings.base import *  # noqa: E402  (the environment has to be set first)

ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
AXES_ENABLED = False
# The servers that tests play by hand report every answer and connection.
LOGGING["loggers"]["websockets"] = {"level": "WARNING"}
if "PARLEY_TEST_UNCHECKED" not in os.environ:
    # What is sent has to be as its object says.
    EVENT_CHECK = "tests.objects.events.check"
    MIDDLEWARE = ["tests.objects.responses.ResponseCheck", *MIDDLEWARE]
CELERY_TASK_ALWAYS_EAGER = False
LLM_BASE_URL = "http://127.0.0.1:9/v1"
LLM_API_KEY = "test"
if DATABASES["default"]["ENGINE"] == "channels_layer.sqlite":
    # In memory, threads share one cache, in which readers make writers fail ("table is locked").
    DATABASES["default"]["TEST"] = {"NAME": f"{DATA_DIRECTORY}/test.sqlite3"}
elif _template := os.environ.get("PARLEY_TEST_TEMPLATE"):
    DATABASES["default"]["TEST"] = {"TEMPLATE": _template}
