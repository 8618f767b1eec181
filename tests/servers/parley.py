"""A whole running Parley: what ``make run`` starts, in a folder and on a port of its own."""

import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from config import env
from tests.servers import ports, template
from tests.servers.managing import Manager

PATIENCE = {
    "LLM_FIRST_TOKEN_SECONDS": "30",
    "LLM_IDLE_SECONDS": "20",
    "LLM_TOTAL_SECONDS": "120",
}
"""How long models may take here, which is less than usual: drills wait until it is over."""


class AppProcesses:
    """One instance: redis, web, workers and the demo model, each of which can be killed."""

    def __init__(
        self, folder: Path | None = None, *, is_prepared: bool = True, **variables: str
    ) -> None:
        """Put an instance into ``folder``; ``variables`` are of the contract's environment.

        On SQLite it is prepared, so that the start is a second one, unless ``is_prepared`` is off.
        """
        self.data_dir = folder or Path(tempfile.mkdtemp(prefix="parley-app-"))
        if is_prepared and "DATABASE_URL" not in variables:
            template.copy_prepared(self.data_dir)
        self.port = ports.free_port()
        self._variables = variables
        self._process: subprocess.Popen[str] | None = None
        self._manager: tuple[str, Manager] | None = None
        self._demo: dict[str, Any] | None = None

    @property
    def url(self) -> str:
        """The address of the web process, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def websocket_url(self) -> str:
        """The same for WebSockets."""
        return f"ws://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The variables that every process of the instance is started with."""
        place = {"DATA_DIR": str(self.data_dir), "PORT": str(self.port), "DEBUG": "on"}
        return {**template.surroundings(), **place, **PATIENCE, **self._variables}

    def start(self, *, within: float = 60) -> float:
        """Start everything; return the seconds until all of it was ready."""
        output = (self.data_dir / "output.log").open("a")
        with output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "config.supervision"],
                cwd=env.ROOT,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
            )
        # Asking more often would slow down what is asked for.
        return ports.wait_for("the instance's start", self.is_ready, within=within, every=0.2)

    def stop(self, *, number: int = signal.SIGTERM, within: float = 30) -> int:
        """Ask it to stop; return its exit code."""
        assert self._process
        self._dismiss_manager()
        self._process.send_signal(number)
        return self._process.wait(timeout=within)

    def is_running(self) -> bool:
        """Return whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def kill(self, name: str) -> int:
        """End the process ``name`` (web, live, io, redis, demo_model) at once, as a crash would."""
        number = self.pid(name)
        os.kill(number, signal.SIGKILL)
        return number

    def kill_worker(self) -> int:
        """End the worker that answers."""
        return self.kill("live")

    def kill_redis(self) -> int:
        """End the embedded Redis."""
        return self.kill("redis")

    def pid(self, name: str) -> int:
        """Return the id of the process ``name`` as it runs now."""
        return int((self.data_dir / "run" / f"{name}.pid").read_text())

    def launcher_pid(self) -> int:
        """Return the id of the process that a person has started."""
        assert self._process
        return self._process.pid

    def supervisor_pid(self) -> int:
        """Return the id of supervisord."""
        return self.pid("supervisor")

    def wait_for_another(self, name: str, former: int, *, within: float = 30) -> float:
        """Wait until ``name`` runs again under another id than ``former``."""
        return ports.wait_for(
            f"the restart of {name}", lambda: self._is_another(name, former), within=within
        )

    def wait_until_ready(self, *, within: float = 60) -> float:
        """Wait until every dependency is there."""
        return ports.wait_for("readiness", self.is_ready, within=within)

    def is_ready(self) -> bool:
        """Return whether ``/health/ready`` says so."""
        if self._process and self._process.poll() is not None:
            message = f"The instance ended:\n{(self.data_dir / 'output.log').read_text()[-2000:]}"
            raise AssertionError(message)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == http.HTTPStatus.OK
        except OSError:
            return False
        finally:
            connection.close()

    def manage(self, *arguments: str) -> str:
        """Run ``manage.py`` on the instance; return what it printed."""
        done = self._managed(*arguments)
        assert done.returncode == 0, f"manage.py {arguments[0]} failed:\n{done.stderr[-2000:]}"
        return done.stdout

    def assert_sound(self, acknowledged: Sequence[str] = (), *, within: float = 30) -> None:
        """Let the auditor find nothing once all is at rest; fail with what it finds.

        ``acknowledged`` are lines of a conversation's id and a client id that were accepted.
        """
        file = self.data_dir / "acknowledged"
        file.write_text("".join(f"{line}\n" for line in acknowledged))
        until = time.monotonic() + within
        while (done := self._managed("audit", "--strict", "--client-ids", str(file))).returncode:
            assert time.monotonic() < until, f"The audit found:\n{done.stdout}{done.stderr[-2000:]}"
            time.sleep(0.5)

    def demo(self) -> dict[str, Any]:
        """Return the demo data's keys, logins and ids, with an API key."""
        self._demo = self._demo or json.loads(self.manage("demo", "--json"))
        return self._demo

    def log(self, name: str) -> str:
        """Return what the process ``name`` wrote."""
        return (self.data_dir / "log" / f"{name}.log").read_text()

    def _managed(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        # What a start tells the command line, such as ports, differs from start to start.
        file = self.data_dir / env.RUN_FILE
        told = file.read_text() if file.exists() else ""
        if self._manager is None or self._manager[0] != told:
            self._dismiss_manager()
            self._manager = (told, Manager(self.environment))
        return self._manager[1].run(*arguments)

    def _dismiss_manager(self) -> None:
        if self._manager:
            self._manager[1].close()
            self._manager = None

    def _is_another(self, name: str, former: int) -> bool:
        try:
            number = self.pid(name)
            os.kill(number, 0)
        except (OSError, ValueError):
            return False
        return number != former
