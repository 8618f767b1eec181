"""Network: tests reach this machine and nothing else."""

import socket

import pytest


def test_a_connection_to_elsewhere_is_refused() -> None:
    with socket.socket() as outward, pytest.raises(ConnectionRefusedError, match="loopback"):
        outward.connect(("192.0.2.1", 80))


def test_a_connection_to_this_machine_is_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as inward:
        inward.connect(server.getsockname())
