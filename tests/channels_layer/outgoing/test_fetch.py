"""The safe client: a good name is reached by its checked address, and answers are bounded."""

import gzip
import threading
from collections.abc import Iterator

import httpx2
import pytest
from django.conf import LazySettings
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from channels_layer import outgoing
from tests.servers import ports
from tests.servers.dialing import Answers, Dialing

PUBLIC, OTHER = "93.184.215.14", "2606:4700:4700::1111"
URL = "http://api.example/orders"


@pytest.fixture
def dialing(httpserver: HTTPServer) -> Dialing:
    return Dialing(httpserver.port)


@pytest.fixture
def names() -> Answers:
    return Answers({"api.example": [[PUBLIC], ["127.0.0.1"]]})


@pytest.fixture
def network(dialing: Dialing, names: Answers) -> outgoing.Network:
    return outgoing.Network(resolve=names, backend=dialing)


async def test_a_public_name_is_reached_by_the_address_that_was_checked(
    httpserver: HTTPServer, network: outgoing.Network, dialing: Dialing, names: Answers
) -> None:
    seen: list[tuple[str, str]] = []

    def answer(request: Request) -> Response:
        seen.append((request.host, request.headers["X-Key"]))
        return Response("two", 404, {"X-Order": "2"})

    httpserver.expect_request("/orders", method="POST", data=b"{}").respond_with_handler(answer)
    fetched = await network.fetch("POST", URL, {"X-Key": "k", "Host": "inside"}, b"{}")
    assert (fetched.status, fetched.headers["X-Order"], fetched.body) == (404, "2", b"two")
    assert seen == [("api.example", "k")]
    assert (names.asked, dialing.dialled) == (["api.example"], [(PUBLIC, 80)])


async def test_a_second_answer_of_the_resolver_is_never_used(
    httpserver: HTTPServer, network: outgoing.Network, dialing: Dialing, names: Answers
) -> None:
    httpserver.expect_request("/orders").respond_with_data("one")
    async with network.client() as client:
        assert (await client.get(URL)).text == "one"
        assert names.asked == ["api.example"]
        # The server has closed the connection: a new one is judged anew.
        with pytest.raises(outgoing.OutgoingRefusedError, match="not public") as refusal:
            await client.get(URL)
    assert (refusal.value.code, refusal.value.may_have_arrived) == ("private", False)
    assert dialing.dialled == [(PUBLIC, 80)]


async def test_one_private_address_among_many_refuses_all(dialing: Dialing) -> None:
    names = Answers({"api.example": [[PUBLIC, OTHER, "10.0.0.1"]]})
    network = outgoing.Network(resolve=names, backend=dialing)
    with pytest.raises(outgoing.OutgoingRefusedError, match="OUTGOING_ALLOW"):
        await network.fetch("GET", URL)
    assert dialing.dialled == []


async def test_what_the_operator_allows_is_reached_by_name_and_port(
    httpserver: HTTPServer, settings: LazySettings
) -> None:
    url = f"http://127.0.0.1:{httpserver.port}/orders"
    httpserver.expect_request("/orders").respond_with_data("here")
    settings.OUTGOING_ALLOW = frozenset({("127.0.0.1", httpserver.port)})
    assert (await outgoing.fetch("GET", url)).body == b"here"
    with pytest.raises(outgoing.OutgoingRefusedError, match=r"127\.0\.0\.1:8001 to OUTGOING"):
        await outgoing.fetch("GET", "http://127.0.0.1:8001/orders")
    with pytest.raises(outgoing.OutgoingRefusedError, match="Port 22 is not allowed"):
        await outgoing.fetch("GET", "http://127.0.0.1:22/orders")


async def test_an_allowed_name_may_be_private_and_is_not_redirected(
    httpserver: HTTPServer, dialing: Dialing
) -> None:
    names = Answers({"orders.example": [["10.0.0.7"]]})
    network = outgoing.Network(
        resolve=names, backend=dialing, allowed=frozenset({("orders.example", 9000)})
    )
    httpserver.expect_request("/").respond_with_data("", 302, {"Location": "/other"})
    with pytest.raises(outgoing.OutgoingRedirectError) as refusal:
        await network.fetch("GET", "http://orders.example:9000/")
    assert refusal.value.location == "http://orders.example:9000/other"
    assert refusal.value.may_have_arrived
    assert dialing.dialled == [("10.0.0.7", 9000)]


async def test_the_environment_s_proxy_and_passwords_are_not_used(
    httpserver: HTTPServer,
    network: outgoing.Network,
    dialing: Dialing,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    netrc = tmp_path_factory.mktemp("home") / ".netrc"
    netrc.write_text("machine api.example login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    httpserver.expect_request("/orders").respond_with_data("one")
    assert (await network.fetch("GET", URL)).status == 200
    request, _ = httpserver.log[0]
    assert "Authorization" not in request.headers
    assert dialing.dialled == [(PUBLIC, 80)]


@pytest.mark.parametrize("encoding", ["", "gzip"])
async def test_a_large_answer_is_cut_off(
    httpserver: HTTPServer, network: outgoing.Network, encoding: str
) -> None:
    data = bytes(1_000_001)
    headers = {"Content-Encoding": encoding} if encoding else {}
    body = gzip.compress(data) if encoding else data
    httpserver.expect_request("/orders").respond_with_data(body, 200, headers)
    with pytest.raises(outgoing.OutgoingRefusedError, match="at most 1000000 bytes"):
        await network.fetch("GET", URL, most_bytes=1_000_000)


async def test_a_packed_answer_is_unpacked(
    httpserver: HTTPServer, network: outgoing.Network
) -> None:
    headers = {"Content-Encoding": "gzip"}
    body = gzip.compress(b"one" * 1000)
    httpserver.expect_request("/orders").respond_with_data(body, 200, headers)
    fetched = await network.fetch("GET", URL)
    assert fetched.body == b"one" * 1000
    assert "Content-Encoding" not in fetched.headers


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "x"])
async def test_an_answer_packed_in_another_way_is_refused(
    httpserver: HTTPServer, network: outgoing.Network, encoding: str
) -> None:
    headers = {"Content-Encoding": encoding}
    httpserver.expect_request("/orders").respond_with_data(b"?", 200, headers)
    with pytest.raises(outgoing.OutgoingRefusedError) as refusal:
        await network.fetch("GET", URL)
    assert refusal.value.code == "encoding"


async def test_events_arrive_as_they_are_sent_until_size_or_time_ends_them(
    httpserver: HTTPServer, network: outgoing.Network
) -> None:
    def events() -> Iterator[bytes]:
        while True:
            yield b"data: 1\n\n"

    def answer(request: Request) -> Response:
        return Response(events(), content_type="text/event-stream")

    httpserver.expect_request("/orders").respond_with_handler(answer)
    client = network.client({"X-Key": "k"}, httpx2.Timeout(5, read=300), most_bytes=9_000)
    async with client, client.sse(URL) as source:
        seen = aiter(source)
        assert [(await anext(seen)).data for _ in range(3)] == ["1", "1", "1"]
        with pytest.raises(outgoing.OutgoingRefusedError, match="at most 9000 bytes"):
            [event async for event in seen]


async def test_an_answer_that_never_ends_is_left_when_the_time_is_over(
    httpserver: HTTPServer, network: outgoing.Network
) -> None:
    """Each single wait is short."""
    is_over = threading.Event()

    def dribble() -> Iterator[bytes]:
        while not is_over.wait(0.02):
            yield b"."

    httpserver.expect_request("/orders").respond_with_handler(lambda _: Response(dribble()))
    with pytest.raises(outgoing.OutgoingFailedError, match=r"within 0\.2 seconds") as failure:
        await network.fetch("GET", URL, seconds=0.2)
    is_over.set()
    assert (failure.value.code, failure.value.may_have_arrived) == ("too_slow", True)


async def test_a_server_that_is_away_got_nothing(names: Answers) -> None:
    network = outgoing.Network(resolve=names, backend=Dialing(ports.free_port()))
    with pytest.raises(outgoing.OutgoingFailedError, match="could not be reached") as failure:
        await network.fetch("GET", URL)
    assert (failure.value.code, failure.value.may_have_arrived) == ("unreachable", False)


async def test_a_name_that_nobody_knows_is_said_to_be_unknown(network: outgoing.Network) -> None:
    with pytest.raises(outgoing.OutgoingFailedError, match="shop\\.example is not known"):
        await network.fetch("GET", "http://shop.example/")


async def test_headers_of_an_answer_are_bounded(
    httpserver: HTTPServer, network: outgoing.Network
) -> None:
    headers = {f"X-{number}": "x" * 10_000 for number in range(20)}
    httpserver.expect_request("/orders").respond_with_data("one", 200, headers)
    with pytest.raises(outgoing.OutgoingFailedError) as failure:
        await network.fetch("GET", URL)
    assert (failure.value.code, failure.value.may_have_arrived) == ("no_answer", True)
