"""The environment: every variable that Parley reads, typed, frozen, read once."""

import os
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlsplit

import environ

from config import money, places
from config.secret import Secret

T = TypeVar("T")

ROOT = Path(__file__).resolve().parent.parent
RUN_FILE = "run.env"
_SHORTEST_SECRET = 32
_MEGA = 1024 * 1024
_LONGEST_WAIT = 3600
_SMALLEST_WINDOW = 1000
_GRAPH = "https://graph.facebook.com"
_DEMO_ORDERS = "http://127.0.0.1:8003"

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}
_DATABASE_SCHEMES = ("postgres", "postgresql", "sqlite")
_REDIS_SCHEMES = ("redis", "rediss", "unix")
_NEED_A_HOST = {"http", "https", "s3"}
_HOST = re.compile(r"[^\s/:;@\[\]]+|\[[0-9A-Fa-f:.]+\]")
# What stands before the last @, and in the query; the scheme is shown.
_CREDENTIALS = re.compile(r"(^\w*:?//|^).*(?=@)|(?<=\?).*", re.DOTALL)
_UNSAFE = (
    "an address of this machine alone, such as 127.0.0.1, since {reason} (for a deployment "
    "{remedy}; ALLOW_UNSAFE_HOST=on lets it start where all who reach it may do everything)"
)
UNSAFE_DEBUG = _UNSAFE.format(
    reason="DEBUG shows the inside of errors and has logins that everybody knows",
    remedy="set DEBUG=off",
)
UNSAFE_LOGINS = _UNSAFE.format(
    reason="this DATA_DIR has the demo's logins, which everybody knows",
    remedy="take another DATA_DIR",
)
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class MalformedError(SystemExit):
    """A variable whose value cannot be used; its text is the one line shown before the stop."""

    def __init__(self, name: str, expected: str, value: str) -> None:
        """Name the variable ``name``, what it should be, and what was found."""
        shown = _CREDENTIALS.sub(r"\1…", value)
        found = f"not {shown!r}" if value else "but it is not set"
        super().__init__(f"{name} must be {expected}, {found}.")


@dataclass(frozen=True, kw_only=True)
class Environment:
    """What the environment says, in the types that the settings use."""

    port: int
    host: str
    secret_key: Secret
    debug: bool
    allow_unsafe_host: bool
    allowed_hosts: list[str]
    data_dir: Path
    database: dict[str, Any]
    redis_url: str
    llm_base_url: str
    llm_api_key: Secret
    llm_model: str
    llm_utility_model: str
    llm_vision_model: str
    llm_max_tokens: int
    llm_context_tokens: int | None
    llm_first_token_seconds: float
    llm_idle_seconds: float
    llm_total_seconds: float
    transcription_model: str
    speech_model: str
    speech_voice: str
    model_prices: dict[str, dict[str, str]]
    currency: str
    currency_rate: Decimal
    credit_value: Decimal
    whatsapp_graph_url: str
    demo_orders_url: str
    media_url_ttl: int
    storage_url: str
    send_interval_seconds: float
    upload_max_bytes: int
    whatsapp_media_max_bytes: int
    ticket_reopen_days: int
    sentry_dsn: str
    log_level: str
    log_format: str
    metrics_token: Secret
    trusted_proxies: list[IPv4Network | IPv6Network]
    outgoing_allow: frozenset[tuple[str, int]]
    demo_model: bool


@cache
def current() -> Environment:
    """Return the process's own environment, read at the first call and never again."""
    return read(merged(os.environ))


def merged(variables: Mapping[str, str]) -> dict[str, str]:
    """``variables`` over what ``make run`` wrote into the data directory for this instance."""
    path = data_dir(variables) / RUN_FILE
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    written = dict(line.split("=", 1) for line in lines if "=" in line)
    return {**written, **{name: value for name, value in variables.items() if value != ""}}


def settings_module() -> str:
    """Return the dotted name of the settings module that suits the environment."""
    name = "development" if current().debug else "production"
    return f"config.settings.{name}"


def data_dir(variables: Mapping[str, str]) -> Path:
    """Return the folder for everything that Parley writes; a relative one lies in the project."""
    return (ROOT / Path(variables.get("DATA_DIR", "") or "var").expanduser()).resolve()


def read(variables: Mapping[str, str]) -> Environment:
    """Parse ``variables``; the first malformed one raises ``MalformedError``."""
    reader = _Reader(variables)
    directory = data_dir(variables)
    debug = reader.flag("DEBUG", default=False)
    return Environment(
        port=reader.number("PORT", 8000, low=1, high=65535),
        host=_host(reader, debug=debug),
        debug=debug,
        allow_unsafe_host=reader.flag("ALLOW_UNSAFE_HOST", default=False),
        secret_key=_secret_key(reader, directory, debug=debug),
        allowed_hosts=reader.hosts("ALLOWED_HOSTS"),
        data_dir=directory,
        database=reader.database("DATABASE_URL", f"sqlite:///{directory}/parley.sqlite3"),
        redis_url=reader.url("REDIS_URL", "", _REDIS_SCHEMES),
        **_models(reader),
        whatsapp_graph_url=reader.url("WHATSAPP_GRAPH_URL", _GRAPH, ("http", "https")),
        demo_orders_url=reader.url("DEMO_ORDERS_URL", _DEMO_ORDERS, ("http", "https")),
        media_url_ttl=reader.number("MEDIA_URL_TTL", 3600, low=1),
        storage_url=reader.url("STORAGE_URL", "", ("s3", "file")),
        send_interval_seconds=reader.decimal("SEND_INTERVAL_SECONDS", 3.0),
        upload_max_bytes=reader.number("UPLOAD_MAX_BYTES", 10 * _MEGA, low=1),
        whatsapp_media_max_bytes=reader.number("WHATSAPP_MEDIA_MAX_BYTES", 100 * _MEGA, low=1),
        ticket_reopen_days=reader.number("TICKET_REOPEN_DAYS", 14, low=0, high=3650),
        sentry_dsn=reader.url("SENTRY_DSN", "", ("http", "https")),
        log_level=reader.choice("LOG_LEVEL", "INFO", LOG_LEVELS),
        log_format=reader.choice("LOG_FORMAT", "console", ("console", "json")),
        metrics_token=Secret(reader.text("METRICS_TOKEN", "")),
        trusted_proxies=reader.networks("TRUSTED_PROXIES"),
        outgoing_allow=reader.places("OUTGOING_ALLOW"),
    )


def _models(reader: "_Reader") -> dict[str, Any]:
    """Read what concerns models: where they are, which they are, what they may cost."""
    base_url = reader.url("LLM_BASE_URL", "", ("http", "https"))
    api_key = reader.header("LLM_API_KEY")
    model = reader.text("LLM_MODEL", "gpt-5-mini")
    return {
        "llm_base_url": base_url,
        "llm_api_key": api_key,
        "llm_model": model,
        "llm_utility_model": reader.text("LLM_UTILITY_MODEL", model),
        "llm_vision_model": reader.text("LLM_VISION_MODEL", model),
        "llm_max_tokens": reader.number("LLM_MAX_TOKENS", 4096, low=1),
        "llm_context_tokens": _context_tokens(reader),
        **_patience(reader),
        "transcription_model": reader.text("TRANSCRIPTION_MODEL", "whisper-1"),
        "speech_model": reader.text("SPEECH_MODEL", "tts-1"),
        "speech_voice": reader.text("SPEECH_VOICE", "alloy"),
        **_money(reader),
        "demo_model": reader.flag("DEMO_MODEL", default=not base_url and not api_key),
    }


def _money(reader: "_Reader") -> dict[str, Any]:
    """Return the settings of money."""
    try:
        return {
            "model_prices": money.prices(reader.text("MODEL_PRICES", ""), ROOT),
            "currency": money.currency(reader.text("CURRENCY", "USD")),
            "currency_rate": money.amount("CURRENCY_RATE", reader.text("CURRENCY_RATE", "1")),
            "credit_value": money.amount("CREDIT_VALUE", reader.text("CREDIT_VALUE", "0.01")),
        }
    except money.UnusableError as error:
        raise MalformedError(*error.args) from None


def _context_tokens(reader: "_Reader") -> int | None:
    """Return how many tokens models read, None where that is not set."""
    if not reader.text("LLM_CONTEXT_TOKENS", ""):
        return None
    return reader.number("LLM_CONTEXT_TOKENS", 0, low=_SMALLEST_WINDOW)


def _patience(reader: "_Reader") -> dict[str, float]:
    """Read how long models may take; a default gives way to what is set, two that clash stop."""
    first = reader.seconds("LLM_FIRST_TOKEN_SECONDS", 60)
    idle = reader.seconds("LLM_IDLE_SECONDS", 30)
    total = reader.seconds("LLM_TOTAL_SECONDS", max(300, first, idle))
    for name, value in {"LLM_FIRST_TOKEN_SECONDS": first, "LLM_IDLE_SECONDS": idle}.items():
        if value > total and reader.text(name, ""):
            expected = f"a number of seconds, {name} ({value:g}) or more"
            raise MalformedError("LLM_TOTAL_SECONDS", expected, f"{total:g}")
    return {
        "llm_first_token_seconds": min(first, total),
        "llm_idle_seconds": min(idle, total),
        "llm_total_seconds": total,
    }


class _Reader:
    """Reads single variables and refuses what they must not be."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables

    def text(self, name: str, default: str) -> str:
        return self._variables.get(name, "").strip() or default

    def header(self, name: str) -> Secret:
        value = self.text(name, "")
        if not (value.isascii() and value.isprintable()):
            raise MalformedError(name, "a key of letters, digits and signs of ASCII", "…")
        return Secret(value)

    def words(self, name: str) -> list[str]:
        return [word.strip() for word in self.text(name, "").split(",") if word.strip()]

    def hosts(self, name: str) -> list[str]:
        words = self.words(name)
        if not all(_HOST.fullmatch(word) for word in words):
            expected = "host names without scheme and port, separated by commas"
            raise MalformedError(name, expected, self.text(name, ""))
        return words

    def networks(self, name: str) -> list[IPv4Network | IPv6Network]:
        expected = "addresses or networks, separated by commas"
        try:
            return [ip_network(word) for word in self.words(name)]
        except ValueError:
            raise MalformedError(name, expected, self.text(name, "")) from None

    def places(self, name: str) -> frozenset[tuple[str, int]]:
        expected = "hosts with ports, such as orders.example:8080 or [::1]:8080, between commas"
        try:
            return places.parse(self.words(name))
        except ValueError:
            raise MalformedError(name, expected, self.text(name, "")) from None

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.text(name, "on" if default else "off").lower()
        if value not in _TRUE | _FALSE:
            raise MalformedError(name, "on or off", value)
        return value in _TRUE

    def number(self, name: str, default: int, *, low: int, high: int | None = None) -> int:
        expected = f"a whole number from {low} to {high}" if high else f"a whole number >= {low}"
        number = self._parsed(name, int, default, expected)
        if number < low or (high is not None and number > high):
            raise MalformedError(name, expected, str(number))
        return number

    def decimal(self, name: str, default: float) -> float:
        expected = "a number of seconds, 0 or more"
        number = self._parsed(name, float, default, expected)
        if not 0 <= number < float("inf"):
            raise MalformedError(name, expected, str(number))
        return number

    def seconds(self, name: str, default: float) -> float:
        expected = "a number of seconds from 1 to 3600"
        number = self._parsed(name, float, default, expected)
        if not 1 <= number <= _LONGEST_WAIT:
            raise MalformedError(name, expected, f"{number:g}")
        return number

    def choice(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        value = self.text(name, default)
        for candidate in allowed:
            if value.lower() == candidate.lower():
                return candidate
        raise MalformedError(name, f"one of {', '.join(allowed)}", value)

    def url(self, name: str, default: str, schemes: tuple[str, ...]) -> str:
        value = self.text(name, default)
        if value and not _is_url(value, schemes):
            raise MalformedError(name, f"a URL that begins with {_listed(schemes)}", value)
        return Secret(value) if _CREDENTIALS.search(value) else value

    def database(self, name: str, default: str) -> dict[str, Any]:
        value = self.url(name, default, _DATABASE_SCHEMES)
        config: dict[str, Any] = environ.Env.db_url_config(value)
        if not config.get("NAME"):
            raise MalformedError(name, "a URL that ends in the database's name", value)
        options = config.get("OPTIONS", {})
        for values in (config, options):
            values |= {key: Secret(values[key]) for key in values if "pass" in key.lower()}
        return config

    def _parsed(self, name: str, kind: Callable[[str], T], default: T, expected: str) -> T:
        value = self.text(name, "")
        if not value:
            return default
        try:
            return kind(value)
        except ValueError:
            raise MalformedError(name, expected, value) from None


def _is_url(value: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(value)
        port_is_readable = parts.port is None or parts.port > 0
    except ValueError:
        return False
    if parts.scheme in _NEED_A_HOST and not (value.isprintable() and " " not in value):
        return False
    place = parts.hostname if parts.scheme in _NEED_A_HOST else parts.netloc or parts.path
    return parts.scheme in schemes and bool(place) and port_is_readable


def _listed(schemes: tuple[str, ...]) -> str:
    return " or ".join(f"{scheme}://" for scheme in schemes)


def is_loopback(host: str) -> bool:
    """Return whether only this machine reaches what listens on ``host``."""
    if host.lower() == "localhost" or host.lower().endswith(".localhost"):
        return True
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def _host(reader: _Reader, *, debug: bool) -> str:
    """Return the address to listen on; with DEBUG only this machine may reach it."""
    host = reader.text("HOST", "127.0.0.1")
    is_allowed = reader.flag("ALLOW_UNSAFE_HOST", default=False)
    if debug and not is_allowed and not is_loopback(host):
        raise MalformedError("HOST", UNSAFE_DEBUG, host)
    return host


def _secret_key(reader: _Reader, directory: Path, *, debug: bool) -> Secret:
    """Return the key given, or in DEBUG one kept in the data directory."""
    given = reader.text("SECRET_KEY", "")
    if given or not debug:
        if len(given) < _SHORTEST_SECRET:
            raise MalformedError(
                "SECRET_KEY", f"at least {_SHORTEST_SECRET} random characters", given and "…"
            )
        return Secret(given)
    path = directory / "secret_key"
    try:
        return Secret(path.read_text(encoding="ascii").strip())
    except OSError:
        return Secret(_new_secret_key(path))


def _new_secret_key(path: Path) -> str:
    """Return a fresh key that only its owner can read; of two processes the first to write wins."""
    key = secrets.token_urlsafe(48)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=".key-") as file:
            file.write(key)
            file.flush()
            os.link(file.name, path)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip() if path.exists() else _refuse(path.parent)
    except OSError:
        _refuse(path.parent)
    return key


def _refuse(directory: Path) -> NoReturn:
    raise MalformedError("DATA_DIR", "a folder that can be written to", str(directory)) from None
