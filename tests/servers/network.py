"""No test reaches another machine: connections beyond loopback are refused at once."""

import socket
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import pytest


@pytest.fixture(scope="session", autouse=True)
def loopback_only() -> Iterator[None]:
    """Refuse every connection that leaves this machine, for the whole session."""
    connect = socket.socket.connect

    def connect_here(opened: socket.socket, address: Any) -> None:
        if not _is_here(opened, address):
            message = f"Tests use loopback only, not {address}."
            raise ConnectionRefusedError(message)
        connect(opened, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield


def _is_here(opened: socket.socket, address: Any) -> bool:
    if opened.family not in {socket.AF_INET, socket.AF_INET6}:
        return True
    host = str(address[0])
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
