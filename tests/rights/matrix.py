"""The matrix: each URL, requested by every actor."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.rights import world
from tests.rights.world import SECRET, Someone, World

LIKE_STRANGERS = {"the disabled", "the logged out", "a revoked key", "another widget's visitor"}
"""Actors without rights, or with former ones: tried with the first line of every URL."""
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
REFUSED = {401, 403, 404, 405}
GRANTED = {200, 201, 202, 204, 400, 409, 415, 422}
NOT_READY = 503
"""What ``health-ready`` may say; to the tests it does, since no worker is there."""
TO_SIGN_IN = ("/login/", "/admin/login/")
BODIES: dict[str, dict[str, Any]] = {
    "api-messages": {"text": "Hello"},
    "api-chat-messages": {"text": "Hello"},
    "api-customer-messages": {"text": "Hello"},
    "api-switch": {"switch": "paused"},
    "api-variables": {"name": "colour", "value": "red"},
    "api-contact": {"name": "Maya"},
    "api-chat": {"title": "Lamps"},
    "api-question": {"text": "Which?"},
    "api-ticket": {"priority": "high", "version": 1},
    "api-ticket-comments": {"text": "Done"},
    "api-assistant": {"name": "Eve"},
    "api-source": {"name": "Shop"},
    "api-article": {"title": "Lamp care"},
    "api-budget": {"warn_at": 90},
    "api-agent": {"capacity": 3},
    "api-own-agent": {"capacity": 3},
    "widget:messages": {"text": "Hello"},
}


@dataclass(frozen=True)
class Route:
    """One path, its name, and what answers it."""

    name: str
    path: str
    callback: Callable[..., Any]

    @property
    def view(self) -> type | None:
        """The view's class, if it is one."""
        found = getattr(self.callback, "cls", None) or getattr(self.callback, "view_class", None)
        return found if isinstance(found, type) else None


def routes(
    patterns: Iterable[URLPattern | URLResolver], before: str = "", space: str = ""
) -> Iterator[Route]:
    """Yield every path below ``patterns``."""
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from routes(pattern.url_patterns, path, inner)
        else:
            yield Route(f"{space}{pattern.name or path}", path, pattern.callback)


ALL = list(routes(get_resolver().url_patterns))
ROUTES = [route for route in ALL if not route.name.startswith("admin:")]
ADMIN = [route for route in ALL if route.name.startswith("admin:")]


class Matrix:
    """Asks for everything as everybody, and writes down what is wrong."""

    def __init__(self, filled: World) -> None:
        self.people = world.everybody(filled)
        self.wrong: list[str] = []
        self.cells = 0
        self._world = filled
        self._keys: dict[tuple[str, ...], Someone] = {}
        self._client = Client()
        self._writes: list[str] = []
        self._tried: set[str] = set()

    def key(self, *without: str) -> Someone:
        """Return a key with all scopes but these."""
        if without not in self._keys:
            self._keys[without] = world.all_but(*without)
            world.touch_keys()
        return self._keys[without]

    def try_all(self, route: Route, method: str, allowed: frozenset[str]) -> None:
        """Try one line of the table as everybody; what anybody may a stranger may."""
        if "anybody" in allowed:
            self.check(route, method, self.people[0], is_allowed=True)
            return
        left_out = LIKE_STRANGERS if route.name in self._tried else set()
        self._tried.add(route.name)
        # What all staff may is tried as the least and the most of them.
        left_out = left_out | ({"bob", "carol"} if "staff" in allowed else set())
        for someone in self.people:
            if someone.name not in left_out:
                self.check(route, method, someone, is_allowed=someone.may(allowed))
        scopes = sorted(word for word in allowed if ":" in word)
        without = self.key(*(scope.partition("+")[0] for scope in scopes))
        self.check(route, method, without, is_allowed=False)
        for scope in scopes:
            self.check(route, method, self._entitled(scope), is_allowed=True)

    def check(self, route: Route, method: str, someone: Someone, *, is_allowed: bool) -> None:
        """Send the request, and record what should not be so."""
        self.cells += 1
        body = BODIES.get(route.name, {})
        with transaction.atomic(), self._watched():
            response = self.ask(method, self.url(route), someone, body=body)
            text = b"" if response.streaming else response.content
            transaction.set_rollback(True)
        what = f"{method} {route.name} by {someone.name}: {response.status_code}"
        is_refused = response.status_code in REFUSED or _sends_to_sign_in(response)
        if is_allowed and (response.status_code not in GRANTED or is_refused):
            is_redirect = response.status_code == 302 and not is_refused
            is_health = (route.name, response.status_code) == ("health-ready", NOT_READY)
            if not is_redirect and not is_health:
                self.wrong.append(f"{what}, yet allowed; {text[:80]!r}")
        if not is_allowed and not is_refused:
            self.wrong.append(f"{what}, not refused")
        if not is_allowed and SECRET.encode() in text:
            self.wrong.append(f"{what}, and shows what it hides")
        if not is_allowed and self._writes:
            self.wrong.append(f"{what}, yet it wrote: {self._writes[0][:80]}")

    def ask(self, method: str, path: str, someone: Someone, *, body: Any = None) -> Any:
        """Send one request."""
        self._client.cookies.clear()
        return self._client.generic(
            method,
            path,
            data=json.dumps(body or {}),
            content_type="application/json",
            headers=someone.headers,
        )

    def url(self, route: Route) -> str:
        """Return a URL of the route that names what is victor's or bob's."""
        path = route.path.replace("^.*$", "nowhere")
        if "chats/" in path:
            path = path.replace("<uuid:message>", self._world.question)
        return "/" + re.sub(r"([\w-]*)/<\w+:(\w+)>", self._filled, path)

    def _filled(self, match: re.Match[str]) -> str:
        before, name = match.groups()
        return f"{before}/{self._named(before, name)}"

    def _named(self, before: str, name: str) -> object:
        own = self._world
        values: dict[tuple[str, str], object] = {
            ("widget", "key"): own.widget.key,
            ("conversations", "id"): own.conversation.pk,
            ("chats", "id"): own.chat.pk,
            ("contacts", "id"): own.conversation.contact_id,
            ("assistants", "id"): own.article.assistant_id,
            ("articles", "id"): own.article.pk,
            ("budgets", "id"): own.budget.pk,
            ("sources", "id"): own.conversation.source_id,
            ("runs", "id"): own.run.pk,
            ("runs", "run"): own.run.pk,
            ("tool-calls", "id"): own.call.pk,
            ("approvals", "id"): own.call.pk,
            ("tickets", "key"): own.ticket.number,
            ("tickets", "number"): own.ticket.number,
            ("agents", "id"): own.bob.pk,
            ("notifications", "id"): own.notification.pk,
            ("senders", "id"): own.sender.pk,
            ("files", "id"): own.attachment.pk,
            ("attachments", "id"): own.attachment.pk,
            ("messages", "message"): own.message,
        }
        # Django admin's own: a row that is not there is refused no later than one that is.
        return values.get((before, name), 7)

    def _entitled(self, scope: str) -> Someone:
        only = ("only", scope)
        if only not in self._keys:
            self._keys[only] = world.key(*scope.split("+"), name=scope)
            world.touch_keys()
        return self._keys[only]

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Note what is written to the database."""
        self._writes = []

        def note(execute: Any, sql: str, *rest: Any) -> Any:
            if sql.startswith(("INSERT", "UPDATE", "DELETE")):
                self._writes.append(sql)
            return execute(sql, *rest)

        with connection.execute_wrapper(note):
            yield


def route_of(name: str) -> Route:
    """Return the route with this name."""
    return next(route for route in ROUTES if route.name == name)


def _sends_to_sign_in(response: Any) -> bool:
    is_redirect = response.status_code == 302 and response["Location"].startswith(TO_SIGN_IN)
    # Signing out leads there, too.
    return is_redirect and response.wsgi_request.path != "/logout/"
