"""TLS: the server shows a certificate for the name of the URL, by which it is asked."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from channels_layer import outgoing
from tests.servers import certificates
from tests.servers.dialing import Answers, Dialing

PUBLIC = "93.184.215.14"


class Server:
    """A server with a certificate for ``api.example``."""

    def __init__(self, folder: Path) -> None:
        self.asked: list[str | None] = []
        self.trust = ssl.create_default_context(cadata=certificates.write(folder, "api.example"))
        context = certificates.served(folder)
        context.sni_callback = lambda _, name, __: self.asked.append(name)
        self.http = HTTPServer(ssl_context=context)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path)
    made.http.expect_request("/").respond_with_data("one")
    with made.http:
        yield made


def network(server: Server, trust: ssl.SSLContext | None) -> outgoing.Network:
    names = Answers({"api.example": [[PUBLIC]], "other.example": [[PUBLIC]]})
    return outgoing.Network(resolve=names, backend=Dialing(server.http.port), trust=trust)


async def test_the_pinned_server_is_asked_by_its_name(server: Server) -> None:
    assert (await network(server, server.trust).fetch("GET", "https://api.example/")).body == b"one"
    assert server.asked == ["api.example"]


async def test_a_certificate_for_another_name_is_not_taken(server: Server) -> None:
    with pytest.raises(outgoing.OutgoingFailedError, match=r"other\.example shows a certificate"):
        await network(server, server.trust).fetch("GET", "https://other.example/")
    assert server.http.log == []


async def test_a_certificate_that_nobody_trusts_is_not_taken(server: Server) -> None:
    with pytest.raises(outgoing.OutgoingFailedError) as failure:
        await network(server, None).fetch("GET", "https://api.example/")
    assert (failure.value.code, failure.value.may_have_arrived) == ("certificate", False)
    assert server.http.log == []
