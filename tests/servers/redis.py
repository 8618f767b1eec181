"""A Redis of the tests' own, on a socket that only they can enter."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from config.supervision.instance import redis_server
from tests.servers import ports


class RedisServer:
    """A running Redis that can be killed and started again on the same socket."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "redis.sock"
        self.url = f"unix://{self.socket}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = ["--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"]
        self._process = subprocess.Popen(
            [redis_server(), *options, "--save", "", "--dir", str(self.socket.parent)],
            stdout=subprocess.DEVNULL,
        )
        ports.wait_for("Redis' start", self._answers, within=10)

    def kill(self) -> None:
        """End it at once, as a crash would."""
        assert self._process
        self._process.kill()
        self._process.wait()

    def flush(self) -> None:
        """Forget everything."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url) as client:
                return bool(client.ping())
        except (redis.RedisError, OSError):
            return False


@contextmanager
def running_redis() -> Iterator[RedisServer]:
    """Run a Redis until the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="parley-redis-"))
    server = RedisServer(folder)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)
