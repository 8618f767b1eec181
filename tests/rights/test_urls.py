"""URLs: every one by everybody; what the table does not allow is refused and changes nothing."""

import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import Settings
from rest_framework.permissions import AllowAny
from rest_framework.views import APIView

from conversations.views.base import StaffView
from tests.rights import table, world
from tests.rights.world import SECRET, Someone, World

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
    "api-source": {"name": "Door"},
    "api-article": {"title": "Lamp care"},
    "api-agent": {"capacity": 3},
    "api-own-agent": {"capacity": 3},
    "widget:messages": {"text": "Hello"},
}
OWN = ("api-chats", "api-notifications", "chats:list", "chats:history", "chats:chats")
OWN_PARTS = ("navigation", "notifications")
"""Lists of what is one's own: bob's stands in nobody else's."""


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
    """Every path below ``patterns``."""
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


def test_every_url_is_classified() -> None:
    names = [route.name for route in ROUTES]
    assert sorted(set(names) - table.url_names()) == [], "Say in tests/rights/table.py who may."
    assert sorted(table.url_names() - set(names)) == []
    assert len(names) == len(set(names)), "Two paths have one name."


def test_every_view_states_its_permission() -> None:
    allowed = table.urls()
    for route in ROUTES:
        everywhere = [allowed.get((route.name, method), frozenset()) for method in METHODS]
        if route.view is None or any("anybody" in who for who in everywhere):
            continue
        if issubclass(route.view, APIView):
            stated = next(base for base in route.view.__mro__ if "permission_classes" in vars(base))
            assert stated is not APIView, f"{route.name}: permission_classes is missing"
        else:
            assert issubclass(route.view, StaffView), f"{route.name}: a page is a StaffView"


def test_who_is_let_in_without_a_permission_is_known() -> None:
    open_ = {
        route.name
        for route in ROUTES
        if getattr(route.view, "permission_classes", None) == [AllowAny]
    }
    assert open_ == {"api-schema", "api-docs", "unknown"}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Write no line for each of thousands of refusals."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def filled(db: None, settings: Settings, tmp_path: Path) -> World:
    """Everything that a URL may name, and files in a folder of this test."""
    settings.SEND_INTERVAL_SECONDS = 0
    settings.MEDIA_ROOT = tmp_path
    # A proposal asks the model, a sync Meta, which is not what is looked at here.
    settings.LLM_BASE_URL = "http://127.0.0.1:9/v1"
    settings.WHATSAPP_GRAPH_URL = "http://127.0.0.1:9"
    return world.make()


def test_everybody_may_do_what_the_table_says_and_nothing_else(filled: World) -> None:
    matrix = Matrix(filled)
    for (name, method), allowed in table.urls().items():
        matrix.try_all(route_of(name), method, allowed)
    assert matrix.cells > 1000
    assert not matrix.wrong, "\n".join(matrix.wrong)


def test_methods_that_are_not_listed_are_refused(filled: World) -> None:
    matrix = Matrix(filled)
    people = {one.name: one for one in matrix.people}
    listed = set(table.urls())
    for route in ROUTES:
        # Whoever may do the most; a page for anybody sends the signed-in elsewhere.
        is_public = "anybody" in table.urls().get((route.name, "GET"), ())
        name = (
            "anonymous" if is_public else "victor" if route.path.startswith("widget/") else "dora"
        )
        for method in METHODS:
            if (route.name, method) not in listed:
                matrix.look(route, method, people[name], is_allowed=False)
    assert not matrix.wrong, "\n".join(matrix.wrong)


def test_the_administration_is_the_administrators(filled: World) -> None:
    matrix = Matrix(filled)
    people = {one.name: one for one in matrix.people}
    for route in ADMIN:
        if route.name in {"admin:login", "admin:logout"}:
            continue
        for someone in (people["anonymous"], people["the demoted"], matrix.key()):
            matrix.look(route, "GET", someone, is_allowed=False)
        for method in ("GET", "POST"):
            matrix.look(route, method, people["carol"], is_allowed=False)
    assert matrix.ask("GET", "/admin/", people["dora"]).status_code == 200
    assert not matrix.wrong, "\n".join(matrix.wrong)


def test_lists_of_ones_own_have_nobody_elses(filled: World) -> None:
    matrix = Matrix(filled)
    people = {one.name: one for one in matrix.people}
    for name in (*OWN, *OWN_PARTS):
        path = matrix.url(route_of(name))
        assert SECRET in matrix.ask("GET", path, people["bob"]).content.decode(), name
        for other in ("alice", "carol", "dora"):
            assert SECRET not in matrix.ask("GET", path, people[other]).content.decode(), name


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

    def key(self, *without: str) -> Someone:
        """A key with all scopes but these."""
        if without not in self._keys:
            self._keys[without] = world.all_but(*without)
            world.touch_keys()
        return self._keys[without]

    def try_all(self, route: Route, method: str, allowed: frozenset[str]) -> None:
        """Try one line of the table as everybody; what anybody may a stranger may."""
        if "anybody" in allowed:
            self.look(route, method, self.people[0], is_allowed=True)
            return
        for someone in self.people:
            if someone.name != "bob" or "owner" in allowed:
                self.look(route, method, someone, is_allowed=someone.may(allowed))
        scopes = sorted(word for word in allowed if ":" in word)
        without = self.key(*(scope.partition("+")[0] for scope in scopes))
        self.look(route, method, without, is_allowed=False)
        for scope in scopes:
            self.look(route, method, self._entitled(scope), is_allowed=True)

    def look(self, route: Route, method: str, someone: Someone, *, is_allowed: bool) -> None:
        """Ask, and note what should not be so."""
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
            self.wrong.append(f"{what}, and tells what it hides")
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
        """A URL of the route that names what is victor's or bob's."""
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
            ("sources", "id"): own.conversation.source_id,
            ("runs", "id"): own.run.pk,
            ("runs", "run"): own.run.pk,
            ("tool-calls", "id"): own.call.pk,
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
    """The route with this name."""
    return next(route for route in ROUTES if route.name == name)


def _sends_to_sign_in(response: Any) -> bool:
    is_redirect = response.status_code == 302 and response["Location"].startswith(TO_SIGN_IN)
    # Whoever signs out lands there, too.
    return is_redirect and response.wsgi_request.path != "/logout/"
