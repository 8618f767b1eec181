"""The server: the demo model on a port of loopback."""

import socket

import orjson
import uvicorn

from chats.demo_model.app import DemoModel

HOST = "127.0.0.1"
RATE = 30.0
"""Tokens a second."""


def serve(*, port: int, rate: float = RATE) -> None:
    """Serve on ``port`` (0: any free one) until SIGTERM or SIGINT; print the base URL as JSON."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    listener.listen(512)
    url = f"http://{HOST}:{listener.getsockname()[1]}/v1"
    print(orjson.dumps({"url": url}).decode(), flush=True)  # noqa: T201 - its one line of output
    config = uvicorn.Config(
        DemoModel(rate),
        lifespan="off",
        ws="none",
        access_log=False,
        log_level="critical",
        timeout_graceful_shutdown=1,
    )
    uvicorn.Server(config).run(sockets=[listener])
