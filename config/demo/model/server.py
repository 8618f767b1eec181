"""The server: the demo model on a port of loopback."""

from config.demo.loopback import server
from config.demo.model.app import DemoModel

RATE = 30.0
"""Tokens a second."""


def serve(*, port: int, rate: float = RATE) -> None:
    """Serve on ``port`` (0: any free one) until SIGTERM or SIGINT; print the base URL as JSON."""
    server.serve(DemoModel(rate), port=port, path="/v1")
