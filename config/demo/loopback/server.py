"""The server: an application on a port of loopback."""

import socket
from typing import Any

import orjson
import uvicorn

HOST = "127.0.0.1"


def serve(app: Any, *, port: int, path: str = "") -> None:
    """Serve the ASGI ``app`` on ``port`` (0: any free one) until SIGTERM or SIGINT.

    Its one line of output is ``{"url": …}``, which ends in ``path``.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    listener.listen(512)
    url = f"http://{HOST}:{listener.getsockname()[1]}{path}"
    print(orjson.dumps({"url": url}).decode(), flush=True)  # noqa: T201 - its one line of output
    config = uvicorn.Config(
        app,
        lifespan="off",
        ws="none",
        access_log=False,
        log_level="critical",
        timeout_graceful_shutdown=1,
    )
    uvicorn.Server(config).run(sockets=[listener])
