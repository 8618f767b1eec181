"""The processes of an instance and the supervisor's settings for them."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from config.supervision import instance
from config.supervision.instance import Instance

_CHILD = Path(__file__).with_name("child.py")
_WORKER = [
    *("-m", "celery", "-A", "config", "worker", "--loglevel=INFO", "--pool=threads"),
    *("--without-mingle", "--without-gossip", "--without-heartbeat"),
]
_LIVE_THREADS = 64
_OTHER_THREADS = 8


@dataclass(frozen=True)
class Process:
    """One process to keep alive."""

    name: str
    command: list[str]
    is_store: bool = False


def processes(place: Instance) -> list[Process]:
    """Return what the instance consists of; what the environment provides is left out."""
    python = sys.executable
    found = []
    if place.redis_socket:
        found.append(Process("redis", _redis(place), is_store=True))
    if place.demo_model_port:
        command = [python, "-m", "config.demo.model", "--port", str(place.demo_model_port)]
        found.append(Process("demo_model", command))
    if place.demo_graph_port:
        found.append(Process("demo_graph", _demo_graph(place)))
    if place.demo_orders_port:
        found.append(Process("demo_orders", _demo_orders(place)))
    return [
        *found,
        Process("web", [python, "-m", "config.serve"]),
        _worker("live", ["live"], _LIVE_THREADS),
        _worker("io", ["io", "slow"], _OTHER_THREADS),
    ]


def supervisor_settings(place: Instance) -> str:
    """Return the text of supervisord.conf: stores stop last, everything else at once."""
    all_processes = processes(place)
    stores = [process.name for process in all_processes if process.is_store]
    others = [process.name for process in all_processes if not process.is_store]
    sections = [_supervisord(place)]
    if stores:
        sections.append(_group("stores", stores, priority=1))
    sections.append(_group("parley", others, priority=2))
    sections += [_program(place, process) for process in all_processes]
    return "\n".join(sections)


def pid_file(place: Instance, name: str) -> Path:
    """Return where the process ``name`` of an instance writes its id."""
    return place.runtime_dir / f"{name}.pid"


def module_of(command: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Return a child's pid file, and the module with its arguments if that is all it runs."""
    prefix = [sys.executable, "-I", "-S", str(_CHILD)]
    pid_file, *words = command[len(prefix) :] if list(command[: len(prefix)]) == prefix else [""]
    is_module = words[:2] == [sys.executable, "-m"]
    return pid_file, words[2:] if is_module else []


def _worker(name: str, queues: list[str], threads: int) -> Process:
    options = ["-n", f"{name}@%h", "-Q", ",".join(queues), "-c", str(threads)]
    return Process(name, [sys.executable, *_WORKER, *options])


def _demo_graph(place: Instance) -> list[str]:
    options = ["--port", str(place.demo_graph_port), "--parley", place.url]
    return [sys.executable, "-m", "config.demo.graph", *options]


def _demo_orders(place: Instance) -> list[str]:
    file = str(place.data_dir / "demo_orders.jsonl")
    options = ["--port", str(place.demo_orders_port), "--file", file]
    return [sys.executable, "-m", "config.demo.orders", *options]


def _redis(place: Instance) -> list[str]:
    socket = str(place.redis_socket)
    options = {
        "port": "0",
        "unixsocket": socket,
        "unixsocketperm": "700",
        "dir": str(Path(socket).parent),
        "save": "",
        "appendonly": "no",
        "daemonize": "no",
    }
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    return [instance.redis_server(), *words]


def _supervisord(place: Instance) -> str:
    user = "user=root\n" if os.getuid() == 0 else ""
    return (
        "[supervisord]\n"
        "nodaemon=true\n"
        "silent=true\n"
        "umask=077\n"
        f"{user}"
        f"logfile={_quoted(place.log_dir / 'supervisor.log')}\n"
        "logfile_maxbytes=5MB\nlogfile_backups=1\n"
        f"pidfile={_quoted(place.runtime_dir / 'supervisor.pid')}\n"
        f"childlogdir={_quoted(place.log_dir)}\n"
    )


def _group(name: str, programs: list[str], *, priority: int) -> str:
    return f"[group:{name}]\nprograms={','.join(programs)}\npriority={priority}\n"


def _program(place: Instance, process: Process) -> str:
    command = [sys.executable, "-I", "-S", str(_CHILD), str(pid_file(place, process.name))]
    words = " ".join(_word(word) for word in [*command, *process.command])
    return (
        f"[program:{process.name}]\n"
        f"command={words}\n"
        "autorestart=true\nstartsecs=2\nstartretries=1000000\n"
        "stopsignal=TERM\nstopwaitsecs=8\nkillasgroup=true\n"
        "redirect_stderr=true\n"
        f"stdout_logfile={_quoted(place.log_dir / f'{process.name}.log')}\n"
        "stdout_logfile_maxbytes=10MB\nstdout_logfile_backups=1\n"
    )


def _word(word: str) -> str:
    """Return one word of a command line, quoted the way supervisor reads it (shlex, then ``%``)."""
    return _quoted("'" + word.replace("'", "'\"'\"'") + "'")


def _quoted(text: str | Path) -> str:
    return str(text).replace("%", "%%")
