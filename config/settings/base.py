"""What all ways of running share; everything that varies comes from ``config.env``."""

from datetime import timedelta
from typing import Any

from csp.constants import NONCE, NONE, SELF
from django.templatetags.static import static

from config import env, errors, logs, private
from config.secret import Secret

private.keep_to_oneself()
ENV = env.current()
BASE_DIR = env.ROOT
DATA_DIR = ENV.data_dir

DEBUG = ENV.debug
SECRET_KEY = ENV.secret_key
ALLOWED_HOSTS = ENV.allowed_hosts

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "tickets.apps.TicketsConfig",
    "chats.apps.ChatsConfig",
    # Sources, in the order of lists and filters.
    "conversations.sources.test_chat.apps.TestChatConfig",
    "conversations.sources.widget.apps.WidgetConfig",
    "conversations.sources.whatsapp.apps.WhatsAppConfig",
    "conversations.sources.api.apps.ApiConfig",
    "conversations.apps.ConversationsConfig",
    "handoff.apps.HandoffConfig",
    "channels_layer.apps.ChannelsLayerConfig",
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "config.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "lucide",
    "axes",
    "csp",
    "django_structlog",
    "django_prometheus",
]

MIDDLEWARE = [
    "config.caching.NoStoreMiddleware",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.policy.PolicyMiddleware",
    "config.outage.OutageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "channels_layer.rest.idempotency.IdempotencyMiddleware",
    "config.timezones.time_zone",
    "config.request_log.RequestLogMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "config.metrics.AfterMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.i18n",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context_processors.shell",
            ],
        },
    },
]

# ---------------------------------------------------------------- database

# The threads that serve requests keep their connections for a minute.
DATABASES = {"default": {**ENV.database, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["ENGINE"] = "channels_layer.sqlite"
    # Without IMMEDIATE half of concurrent writers fail at once with "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ---------------------------------------------------------------- people

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "handoff.backends.StaffBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name}
    for name in (
        "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "django.contrib.auth.password_validation.MinimumLengthValidator",
        "django.contrib.auth.password_validation.CommonPasswordValidator",
        "django.contrib.auth.password_validation.NumericPasswordValidator",
        "config.passwords.DisguisedPasswordValidator",
    )
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/conversations/"
LOGOUT_REDIRECT_URL = "login"
AXES_HANDLER = "config.sign_in.Handler"
AXES_FAILURE_LIMIT = 1
AXES_COOLOFF_TIME = timedelta(minutes=15)
# What is forgotten after a right password; what counts is the handler's matter.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
# Who goes on guessing must not keep an account closed.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "next", "csrfmiddlewaretoken"]
AXES_CLIENT_IP_CALLABLE = "config.sign_in.network"
AXES_LOCKOUT_CALLABLE = "config.sign_in.refuse"
AXES_VERBOSE = False

# ---------------------------------------------------------------- browser

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_ROOT = None
MEDIA_ROOT = DATA_DIR / "media"


def _storage(url: str) -> dict[str, Any]:
    """Return the storage of files: a folder, or a private bucket by django-storages."""
    scheme, _separator, place = url.partition("://")
    if scheme == "s3":
        options = {"bucket_name": place.strip("/"), "default_acl": None, "querystring_auth": True}
        return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    folder = {"OPTIONS": {"location": place}} if place else {}
    return {"BACKEND": "django.core.files.storage.FileSystemStorage", **folder}


STORAGES = {
    "default": _storage(ENV.storage_url),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("fr", "Français"),
    ("pt", "Português"),
]
# What customers see below these paths is complete in all of them; the pages for staff in these.
CUSTOMER_PATHS = ("/widget/",)
STAFF_LANGUAGES = ["en"]
LOCALE_PATHS = [BASE_DIR / "locale"]
# Administrators' pages, which the libraries write, show times as all others do.
FORMAT_MODULE_PATH = "config.local_formats"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
FILE_UPLOAD_PERMISSIONS = private.FILE
FILE_UPLOAD_DIRECTORY_PERMISSIONS = private.FOLDER
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# ---------------------------------------------------------------- admin

UNFOLD = {
    "SITE_TITLE": "Parley",
    "SITE_HEADER": "Parley",
    "SITE_URL": "/conversations/",
    # Its colours would come as an inline style, which the policy forbids; admin.css has them.
    "COLORS": lambda _request: {},
    "STYLES": [
        lambda _request: static("config/admin.css"),
        lambda _request: static("config/admin_forms.css"),
        lambda _request: static("config/admin_mcp.css"),
    ],
    "SCRIPTS": [lambda _request: static("config/admin.js")],
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda _request: static("ui/icon.svg"),
        },
    ],
    "SIDEBAR": {"show_search": True, "navigation": "config.administration.navigation"},
}
# Its tables are shown as all others are, in config/admin.py.
AXES_ENABLE_ADMIN = False

# ---------------------------------------------------------------- REST

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "channels_layer.rest.authentication.KeyAuthentication",
        "channels_layer.rest.authentication.StaffSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["channels_layer.rest.permissions.IsAgent"],
    "DEFAULT_RENDERER_CLASSES": ["channels_layer.rest.renderers.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["channels_layer.rest.parsers.StrictJsonParser"],
    "DEFAULT_SCHEMA_CLASS": "channels_layer.rest.schema.ApiSchema",
    "EXCEPTION_HANDLER": "channels_layer.rest.exceptions.handle",
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Parley",
    "DESCRIPTION": "The support desk's REST interface.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "PREPROCESSING_HOOKS": ["channels_layer.rest.schema.public"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "channels_layer.rest.schema.complete",
    ],
    "ENUM_NAME_OVERRIDES": {
        "MessageKindEnum": "conversations.models.Message.Kind",
        "MessageStatusEnum": "conversations.models.Message.Status",
        "AuthorKindEnum": "conversations.models.AuthorKind",
        "AttachmentKindEnum": "conversations.models.Attachment.Kind",
        "RunStatusEnum": "chats.models.Run.Status",
        "ToolCallStatusEnum": "chats.models.ToolCall.Status",
        "TicketStatusEnum": "tickets.models.ticket.Status",
        "CommentKindEnum": "tickets.models.Comment.Kind",
    },
}

# ---------------------------------------------------------------- Redis: real time, jobs and cache

REDIS_URL = ENV.redis_url
CHANNEL_LAYERS: dict[str, Any]
if REDIS_URL:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_layer.transport.layers.RedisLayer",
            "CONFIG": {"hosts": [REDIS_URL], "prefix": "parley:"},
        },
    }
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
        },
    }
else:
    # It drops what passes its capacity; the heads at the heartbeat show what of it is missing.
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels.layers.InMemoryChannelLayer",
            "CONFIG": {"capacity": 10_000},
        },
    }
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

CELERY_BROKER_URL = Secret(
    REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
    or "memory://localhost/"
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 10,
    "socket_connect_timeout": 2,
    "retry_on_timeout": True,
    "visibility_timeout": 3600,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_RESULT_BACKEND = None
CELERY_TASK_ACKS_LATE = False
# Concerns late acknowledgement alone, which no task of ours uses.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Its subscription is read without a limit: redis-py makes a lost one anew within the read, which
# then waits for a command that never comes, and the worker takes no more tasks.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "io"
CELERY_TASK_ROUTES = {
    "chats.answer": {"queue": "live"},
    "chats.title": {"queue": "slow"},
    "chats.write_packet": {"queue": "slow"},
    "chats.read_attachment": {"queue": "slow"},
    "conversations.fetch_media": {"queue": "slow"},
}
CELERY_TIMEZONE = "UTC"
CELERY_IMPORTS = ["config.worker"]

# ---------------------------------------------------------------- logs and errors

DEFAULT_EXCEPTION_REPORTER = "config.debug_pages.Reporter"

LOGGING = logs.configure(level=ENV.log_level, form=ENV.log_format)
errors.report_to(ENV.sentry_dsn)

# ---------------------------------------------------------------- Parley's own

# Dotted name of a function that is called with (EventType, audience, data) before an event is sent.
EVENT_CHECK = ""
HOST = ENV.host
ALLOW_UNSAFE_HOST = ENV.allow_unsafe_host
PORT = ENV.port
LLM_BASE_URL = ENV.llm_base_url
LLM_API_KEY: str = ENV.llm_api_key
LLM_MODEL = ENV.llm_model
LLM_UTILITY_MODEL = ENV.llm_utility_model
LLM_VISION_MODEL = ENV.llm_vision_model
LLM_MAX_TOKENS = ENV.llm_max_tokens
LLM_CONTEXT_TOKENS = ENV.llm_context_tokens
LLM_FIRST_TOKEN_SECONDS = ENV.llm_first_token_seconds
LLM_IDLE_SECONDS = ENV.llm_idle_seconds
LLM_TOTAL_SECONDS = ENV.llm_total_seconds
TRANSCRIPTION_MODEL = ENV.transcription_model
SPEECH_MODEL = ENV.speech_model
SPEECH_VOICE = ENV.speech_voice
MODEL_PRICES = ENV.model_prices
CURRENCY = ENV.currency
CURRENCY_RATE = ENV.currency_rate
CREDIT_VALUE = ENV.credit_value
IS_DEMO_MODEL = ENV.demo_model
WHATSAPP_GRAPH_URL = ENV.whatsapp_graph_url
DEMO_ORDERS_URL = ENV.demo_orders_url
MEDIA_URL_TTL = ENV.media_url_ttl
STORAGE_URL = ENV.storage_url
SEND_INTERVAL_SECONDS = ENV.send_interval_seconds
UPLOAD_MAX_BYTES = ENV.upload_max_bytes
WHATSAPP_MEDIA_MAX_BYTES = ENV.whatsapp_media_max_bytes
TICKET_REOPEN_DAYS = ENV.ticket_reopen_days
METRICS_TOKEN = ENV.metrics_token
TRUSTED_PROXIES = ENV.trusted_proxies
OUTGOING_ALLOW = ENV.outgoing_allow
