"""Logs: one line per event, for people (console) or for machines (json)."""

import logging
from typing import Any

import structlog
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from structlog.typing import Processor

_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
CONNECTION_ERRORS = (RedisConnectionError, RedisTimeoutError, OSError)
# Loggers that report every request or connection; their warnings are still logged.
_TALKATIVE = ("daphne", "django_structlog", "httpx", "httpx2", "asyncio", "kombu", "redis")


def configure(*, level: str, form: str) -> dict[str, Any]:
    """Set structlog up and return Django's ``LOGGING``."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    quiet = "WARNING" if level == "INFO" else level
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": _formatter(form)},
        "filters": {
            "no_probes": {"()": NoProbes},
            "no_outages": {"()": NoOutages},
            "no_typed_paths": {"()": "config.request_log.NoTypedPaths"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["no_probes", "no_outages", "no_typed_paths"],
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Without handlers of its own, or Django logs everything twice.
            "django": {"handlers": [], "level": level},
            **{name: {"level": quiet} for name in _TALKATIVE},
        },
    }


class NoProbes(logging.Filter):
    """Leaves out what health probes cause: they come every second and speak for themselves."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is to be logged."""
        is_probe = record.name == "health_check" or "/health/" in f"{record.msg}{record.args}"
        return not is_probe or record.levelno >= logging.CRITICAL


class NoOutages(logging.Filter):
    """Leaves out the traces of channels-redis while Redis is away, one for each of its tries.

    That items may be missing is logged once, by ``channels_layer.transport.subscription``.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is to be logged."""
        error = record.exc_info[1] if record.exc_info else None
        return record.name != "channels_redis.pubsub" or not isinstance(error, CONNECTION_ERRORS)


def _formatter(form: str) -> dict[str, Any]:
    as_json = form == "json"
    renderer = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        )
    )
    tail: list[Processor] = [structlog.processors.format_exc_info] if as_json else []
    return {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": _SHARED,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *tail,
            renderer,
        ],
    }
