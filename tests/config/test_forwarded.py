"""Forwarded headers: which ones are trusted for the client's address."""

from ipaddress import ip_network
from typing import Any

import pytest

from config.edge.forwarded import Forwarded
from config.edge.types import Receive, Scope, Send

TRUSTED = [ip_network("10.0.0.0/8"), ip_network("2001:db8::/32")]


async def seen(client: str, *headers: tuple[bytes, bytes], trusted: Any = TRUSTED) -> Scope:
    """Return what the application behind sees of a request of ``client``."""
    scopes: list[Scope] = []

    async def application(scope: Scope, _receive: Receive, _send: Send) -> None:
        scopes.append(scope)

    scope = {"type": "http", "client": [client, 5], "headers": list(headers)}
    nothing: Any = None
    await Forwarded(application, trusted)(scope, nothing, nothing)
    return scopes[0]


@pytest.mark.parametrize(
    ("hops", "address"),
    [
        (b"203.0.113.9", "203.0.113.9"),
        (b"198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (b"198.51.100.1, 203.0.113.9, 10.2.3.4", "203.0.113.9"),
        (b"198.51.100.1, nonsense, 10.2.3.4", "10.2.3.4"),
        (b"203.0.113.9:4711", "203.0.113.9"),
        (b"[2a00::9]:4711", "2a00::9"),
        (b"::ffff:203.0.113.9", "203.0.113.9"),
        (b"10.0.0.7, 10.0.0.8", "10.0.0.7"),
        (b"nonsense", "10.1.1.1"),
        (b"", "10.1.1.1"),
    ],
)
async def test_the_rightmost_hop_that_is_not_ours_counts(hops: bytes, address: str) -> None:
    scope = await seen("10.1.1.1", (b"x-forwarded-for", hops))
    assert scope["client"][0] == address


async def test_lines_of_the_header_are_one_list() -> None:
    lines = [(b"x-forwarded-for", b"198.51.100.1"), (b"x-forwarded-for", b"203.0.113.9")]
    assert (await seen("10.1.1.1", *lines))["client"][0] == "203.0.113.9"


async def test_a_stranger_s_word_counts_for_nothing() -> None:
    claims = [(b"x-forwarded-for", b"127.0.0.1"), (b"x-forwarded-proto", b"https")]
    scope = await seen("203.0.113.9", *claims)
    assert scope["client"] == ["203.0.113.9", 5]
    assert (b"x-forwarded-proto", b"https") not in scope["headers"]


async def test_this_machine_says_the_scheme_but_not_the_address() -> None:
    claims = [(b"x-forwarded-for", b"203.0.113.9"), (b"x-forwarded-proto", b"https")]
    scope = await seen("127.0.0.1", *claims, trusted=[])
    assert scope["client"][0] == "127.0.0.1"
    assert (b"x-forwarded-proto", b"https") in scope["headers"]


async def test_the_nearest_proxy_says_the_scheme() -> None:
    claims = [(b"x-forwarded-proto", b"https"), (b"x-forwarded-proto", b"http")]
    assert (await seen("10.1.1.1", *claims))["headers"] == [(b"x-forwarded-proto", b"http")]


async def test_a_server_on_a_unix_socket_has_no_peer() -> None:
    scope: Scope = {"type": "http", "client": None, "headers": []}
    nothing: Any = None

    async def application(inner: Scope, _receive: Receive, _send: Send) -> None:
        assert inner["client"] is None

    await Forwarded(application, TRUSTED)(scope, nothing, nothing)
