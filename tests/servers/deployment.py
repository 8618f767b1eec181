"""A deployment made by ``docs/operations.md`` alone: its settings, its commands, its processes."""

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from config import env
from tests.chats.servers import demo_model_server
from tests.servers import ports
from tests.servers.nginx import Nginx
from tests.servers.postgres import empty_postgres
from tests.servers.redis import running_redis

DOCS = env.ROOT / "docs" / "operations.md"
OWNER = ("root", "A-long-word-to-sign-in-with-7")
"""Whom ``createsuperuser`` makes, and the password."""


class Deployment:
    """PostgreSQL, Redis, a model server, nginx with TLS, and what the docs say to run."""

    def __init__(self, folder: Path) -> None:
        """Keep the database's files, the logs and the media in ``folder``."""
        self._folder = folder
        self._stack = ExitStack()
        self._settings, self._once, self._owner, self._processes = _blocks()
        self._ports = {"8000": ports.free_port(), "8001": ports.free_port()}
        self._nginx: Nginx | None = None

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        assert self._nginx
        return self._nginx.url

    def __enter__(self) -> "Deployment":
        """Do what the docs say, in their order."""
        with ExitStack() as stack:
            self._environment = self._surroundings(stack)
            for line in self._once:
                self._run(line)
            for line in self._owner:
                name, password = OWNER
                words = f"{line} --noinput --username {name} --email {name}@parley.example.com"
                self._run(words, DJANGO_SUPERUSER_PASSWORD=password)
            for number, line in enumerate(self._processes):
                self._start(line, self._folder / f"{number}.log", stack)
            place = self._folder / "nginx"
            place.mkdir()
            self._nginx = Nginx(place, list(self._ports.values()))
            self._nginx.start()
            stack.callback(self._nginx.stop)
            for port in self._ports.values():
                ports.wait_for("a web process", lambda: ports.is_open(port), within=40)  # noqa: B023
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """End all of it."""
        self._stack.close()

    def _surroundings(self, stack: ExitStack) -> dict[str, str]:
        """Return the settings of the docs, with the servers of this test."""
        given = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": "127.0.0.1",
            "DATABASE_URL": stack.enter_context(empty_postgres()),
            "REDIS_URL": stack.enter_context(running_redis()).url,
            "LLM_BASE_URL": stack.enter_context(demo_model_server(rate=200)).url,
            "LLM_API_KEY": "a key",
        }
        named = dict(line.split("=", 1) for line in self._settings)
        assert set(given) <= set(named), "the docs name other settings"
        paths = {"PATH": os.environ["PATH"], "HOME": str(self._folder)}
        return {**paths, **named, **given, "DATA_DIR": str(self._folder / "data")}

    def _run(self, line: str, **more: str) -> None:
        done = subprocess.run(
            _words(line),
            cwd=env.ROOT,
            env={**self._environment, **more},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{line}:\n{done.stdout[-1000:]}{done.stderr[-2000:]}"

    def _start(self, line: str, log: Path, stack: ExitStack) -> None:
        variables, command = _split(line)
        if "PORT" in variables:
            variables["PORT"] = str(self._ports[variables["PORT"]])
        output = stack.enter_context(log.open("w"))
        process = subprocess.Popen(
            _words(command),
            cwd=env.ROOT,
            env={**self._environment, **variables},
            stdout=output,
            stderr=output,
        )
        stack.callback(process.wait, 20)
        stack.callback(process.terminate)


def _blocks() -> Iterator[list[str]]:
    """Return the lines of the blocks below "A deployment"."""
    chapter = DOCS.read_text().partition("\n## A deployment\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"^```\n(.+?)^```", chapter, re.DOTALL | re.MULTILINE)
    assert len(blocks) == 4, "the docs have other blocks than settings, commands, owner, processes"
    return (block.splitlines() for block in blocks)


def _split(line: str) -> tuple[dict[str, str], str]:
    """Part the variables before a command from it."""
    words = line.split()
    variables = [word for word in words if re.match(r"[A-Z_]+=", word)]
    rest = " ".join(words[len(variables) :])
    return dict(word.split("=", 1) for word in variables), rest


def _words(line: str) -> list[str]:
    """Return a command of the docs in the words of this Python."""
    first, *others = line.split()
    return [sys.executable, *({"python": [], "celery": ["-m", "celery"]}[first]), *others]
