"""Visitors of the demo's widget, by HTTP alone: honest ones and greedy ones."""

import itertools
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from typing import Any, Self

import httpx

from tests.hostile.texts import LONGEST
from tests.servers import ports

QUESTION = "What is your policy for a lamp that arrived damaged? [demo:rate=60]"
SLOWLY = "\n[demo:slow]"
REST = 0.05
"""Seconds until who was refused tries again."""
TALKS = 20
"""Conversations of one visitor, as many as may be begun and written in within a minute."""


class Visitor:
    """One browser at the widget."""

    def __init__(self, url: str, key: str) -> None:
        self._client = httpx.Client(
            base_url=f"{url}/widget/{key}/", headers={"Origin": url}, timeout=60
        )
        session = self._client.post("session", json={})
        if session.status_code != HTTPStatus.OK:
            self._client.close()
            raise AssertionError(session.text)
        self._client.headers["Authorization"] = f"Bearer {session.json()['token']}"

    def __enter__(self) -> Self:
        """Stay for the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self._client.close()

    def start(self) -> str:
        """Begin a conversation; return its id."""
        answer = self._client.post("conversations", json={})
        assert answer.status_code == HTTPStatus.CREATED, answer.text
        return str(answer.json()["id"])

    def say(self, conversation: str, text: str) -> int:
        """Write; return the status."""
        body = {"text": text, "client_id": secrets.token_hex(8)}
        return self._client.post(f"conversations/{conversation}/messages", json=body).status_code

    def end(self, conversation: str) -> None:
        """End a conversation, and whatever is being answered there."""
        self._client.post(f"conversations/{conversation}/end", json={})

    def upload(self, conversation: str, name: str, data: bytes) -> int:
        """Upload a file; return the status."""
        path = f"conversations/{conversation}/attachments"
        return self._client.post(path, files={"file": (name, data)}).status_code

    def messages(self, conversation: str, *, limit: int = 50) -> list[dict[str, Any]]:
        """Return the newest messages of the conversation."""
        path = f"conversations/{conversation}/messages"
        answer = self._client.get(path, params={"limit": limit})
        assert answer.status_code == HTTPStatus.OK, answer.text
        found: list[dict[str, Any]] = answer.json()["results"]
        return found

    def answered(self, *, within: float = 60) -> float:
        """Ask in a conversation of its own; return the seconds until the answer is there."""
        conversation = self.start()
        began = time.monotonic()
        assert self.say(conversation, QUESTION) == HTTPStatus.CREATED
        ports.wait_for("the answer", lambda: self._is_answered(conversation), within=within)
        return time.monotonic() - began

    def _is_answered(self, conversation: str) -> bool:
        return any(one["author"]["kind"] == "assistant" for one in self.messages(conversation))


class Crowd:
    """Visitors without end, each of whom says a few things in one conversation."""

    def __init__(self, url: str, key: str, *, things: int) -> None:
        self._place = (url, key)
        self._things = things
        self._left = 0
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Let them come."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let the newest leave."""
        self._stack.close()

    def next(self) -> tuple[Visitor, str]:
        """Return a visitor and the conversation that is written in next."""
        if not self._left:
            self._stack.close()
            self._visitor = self._stack.enter_context(Visitor(*self._place))
            self._conversation = self._visitor.start()
            self._stack.callback(self._visitor.end, self._conversation)
            self._left = self._things
        self._left -= 1
        return self._visitor, self._conversation


class Greedy(Visitor):
    """A visitor who asks in many conversations at once, never waits, and is answered slowly.

    The answers hold a worker's slots, so that neither the machine's cores nor this process are
    what an honest visitor waits for.
    """

    def __init__(self, url: str, key: str, texts: Sequence[str]) -> None:
        super().__init__(url, key)
        self._texts = itertools.cycle(f"{text[: LONGEST - len(SLOWLY)]}{SLOWLY}" for text in texts)
        self.taken = 0

    def hoard(self, ended: threading.Event) -> None:
        """Begin conversations as fast as they are given, then write in all, again and again."""
        mine = [self.start() for _ in range(TALKS)]
        for conversation in itertools.cycle(mine):
            if ended.is_set():
                break
            if self.say(conversation, next(self._texts)) == HTTPStatus.CREATED:
                self.taken += 1
            else:
                ended.wait(REST)
        for conversation in mine:
            self.end(conversation)


@contextmanager
def at_work(greedy: Sequence[Greedy]) -> Iterator[None]:
    """Let greedy visitors hoard during the block."""
    ended = threading.Event()
    threads = [threading.Thread(target=one.hoard, args=[ended]) for one in greedy]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
