"""A client that knows only the contract: REST with a key, the socket with a session."""

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson
from websockets.asyncio.client import ClientConnection, connect

Json = dict[str, Any]


@contextmanager
def session(url: str, username: str) -> Iterator[httpx.Client]:
    """Sign in as a demo person; the client then carries the cookies and the CSRF token."""
    with httpx.Client(base_url=url, follow_redirects=True, timeout=30) as client:
        sign_in(client, username)
        yield client


def sign_in(client: httpx.Client, username: str) -> None:
    """Fill in the login form; later requests carry the cookies and the CSRF token."""
    url = str(client.base_url).rstrip("/")
    page = client.get("/login/").text
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found
    form = {
        "username": username,
        "password": f"{username}-demo",
        "csrfmiddlewaretoken": found[1],
    }
    answer = client.post("/login/", data=form, headers={"Referer": f"{url}/login/"})
    assert answer.url.path == "/conversations/", answer.url
    client.headers["X-CSRFToken"] = client.cookies["csrftoken"]
    client.headers["Referer"] = url


def with_key(url: str, key: str) -> httpx.Client:
    """Return a client that carries an API key."""
    return httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=30)


@dataclass
class Stream:
    """The text of a run, by the contract's rule for ``chunk``."""

    attempt: int = 0
    text: str = ""

    def apply(self, data: Json) -> bool:
        """Apply a chunk; false for a gap, after which one has to follow again."""
        if data.get("snapshot"):
            self.attempt, self.text = data["attempt"], data["text"]
            return True
        if data["attempt"] > self.attempt:
            self.attempt, self.text = data["attempt"], ""
        if data["offset"] == len(self.text):
            self.text += data["text"]
            return True
        return data["offset"] + len(data["text"]) <= len(self.text)


@dataclass
class TopicReader:
    """Follows one topic, through any number of lost connections."""

    url: str
    cookies: str
    topic: str
    head: int = 0
    events: list[Json] = field(default_factory=list)
    streams: dict[str, Stream] = field(default_factory=dict)
    chunks: int = 0
    connections: int = 0
    has_followed_again: bool = False

    async def follow(self, *, until: Callable[["TopicReader"], bool], within: float = 30) -> None:
        """Follow from the last ``seq`` seen until the condition holds."""
        async with asyncio.timeout(within), self._connected() as socket:
            self.connections += 1
            self.has_followed_again = False
            await self._send(socket, type="hello", v=1)
            await self._send(socket, type="follow", topic=self.topic, after=self.head)
            while not until(self):
                await self._take(socket, orjson.loads(await socket.recv()))

    async def _take(self, socket: ClientConnection, frame: Json) -> None:
        if frame.get("topic") != self.topic or frame["type"] in {"following", "reset"}:
            return
        if "seq" in frame:
            if self.has_followed_again and frame["seq"] <= self.head:
                # It was on its way while the client followed once more.
                return
            assert frame["seq"] == self.head + 1, (frame["seq"], self.head)
            self.head = frame["seq"]
            self.events.append(frame)
        elif frame["type"] == "chunk":
            self.chunks += 1
            stream = self.streams.setdefault(frame["data"]["run"], Stream())
            if not stream.apply(frame["data"]):
                self.has_followed_again = True
                await self._send(socket, type="follow", topic=self.topic, after=self.head)

    def of(self, type_: str) -> list[Json]:
        """Return the data of all events of one type."""
        return [event["data"] for event in self.events if event["type"] == type_]

    def _connected(self) -> connect:
        origin = self.url.replace("ws", "http", 1)
        return connect(
            f"{self.url}/ws/v1/",
            additional_headers={"Cookie": self.cookies, "Origin": origin},
        )

    @staticmethod
    async def _send(socket: ClientConnection, **frame: Any) -> None:
        await socket.send(orjson.dumps(frame).decode())


def assert_alike(seen: list[Json], log: list[Json]) -> None:
    """Compare the events that a client was sent with those of a fresh load, in order."""
    assert [event["seq"] for event in seen] == [event["seq"] for event in log]
    for mine, theirs in zip(seen, log, strict=True):
        assert {key: mine[key] for key in theirs} == theirs


def run_until_done(coroutine: Any) -> None:
    """Run a coroutine in a thread of its own: Playwright may have a loop running in this one."""
    failures: list[BaseException] = []

    def work() -> None:
        try:
            asyncio.run(coroutine)
        except BaseException as failure:  # noqa: BLE001 - handed to the caller
            failures.append(failure)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]


def cookies_of(client: httpx.Client) -> str:
    """Write a client's cookies as a header."""
    return "; ".join(f"{name}={value}" for name, value in client.cookies.items())
