"""Watching over a running instance: start the supervisor, say when it is up, pass the stop on."""

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

from config import env
from config.supervision import child, processes
from config.supervision.instance import Instance

_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_LONGEST_START_SECONDS = 60.0
_LOGINS = (
    ("alice", "agent"),
    ("bob", "agent"),
    ("carol", "supervisor"),
    ("admin", "administrator"),
)


def run(place: Instance) -> int:
    """Run the instance until a signal or the supervisor's own end; return the exit code."""
    settings = place.runtime_dir / "supervisord.conf"
    settings.write_text(processes.supervisor_settings(place), encoding="utf-8")
    is_stopping = threading.Event()
    child.die_with_parent()
    supervisor = subprocess.Popen(
        [sys.executable, "-m", "config.supervision.supervisor", "-c", str(settings)],
        cwd=env.ROOT,
        env={**os.environ, **place.variables, "DATA_DIR": str(place.data_dir)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=child.die_with_parent,  # noqa: PLW1509  (no thread runs yet)
    )

    def stop(_number: int, _frame: FrameType | None) -> None:
        is_stopping.set()
        supervisor.terminate()

    for number in _STOPS:
        signal.signal(number, stop)
    announcer = threading.Thread(target=_announce, args=(place, is_stopping.is_set), daemon=True)
    announcer.start()
    code = supervisor.wait()
    _tidy(place)
    if is_stopping.is_set():
        return 0
    sys.stderr.write(f"The supervisor ended by itself (code {code}); see {place.log_dir}.\n")
    return 1


def _announce(place: Instance, is_stopping: Callable[[], bool]) -> None:
    """Print the address and the logins as soon as everything answers."""
    until = time.monotonic() + _LONGEST_START_SECONDS
    while not is_stopping():
        if _is_ready(place):
            _say(_welcome(place))
            return
        if time.monotonic() > until:
            _say(f"Parley is slow to start; what its processes say stands in {place.log_dir}.")
            until = float("inf")
        time.sleep(0.05)


def _is_ready(place: Instance) -> bool:
    host = place.url.removeprefix("http://").rstrip("/").rsplit(":", 1)[0].strip("[]")
    connection = http.client.HTTPConnection(host, place.environment.port, timeout=2)
    try:
        connection.request("GET", "/health/ready", headers={"Host": _served_name(place)})
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def _served_name(place: Instance) -> str:
    """Return a name that the instance answers to."""
    names = [name.lstrip(".") for name in place.environment.allowed_hosts if name != "*"]
    return names[0] if names else "localhost"


def _welcome(place: Instance) -> str:
    lines = ["", f"Parley is running at {place.url}", f"Logs: {place.log_dir}", ""]
    if place.demo_model_port:
        lines.append("The demo model answers; set LLM_BASE_URL and LLM_API_KEY for a real one.")
    if place.demo_graph_port:
        lines.append(f"A phone that writes to the demo's WhatsApp number: {place.phone_url}")
    if place.environment.debug:
        lines.append("Demo logins:")
        lines += [f"  {name:<6} {name}-demo  ({role})" for name, role in _LOGINS]
    lines.append("Ctrl-C stops it.")
    return "\n".join(lines)


def _say(text: str) -> None:
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except OSError:
        # The reader of the output is gone; the instance goes on.
        return


def _tidy(place: Instance) -> None:
    """Remove what a process that was killed could not remove itself."""
    for path in place.runtime_dir.glob("*.pid"):
        path.unlink(missing_ok=True)
    if place.redis_socket:
        place.redis_socket.unlink(missing_ok=True)
        if place.redis_socket.parent != place.data_dir / "redis":
            place.redis_socket.parent.rmdir()
