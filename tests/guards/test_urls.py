"""URLs: every one states who may open it; a stranger gets nothing that is not on the list."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.permissions import AllowAny
from rest_framework.views import APIView

from conversations.views.base import StaffView

# Open to everybody, by the contract: sign-in, health, schema, and what the widget's visitors load.
PUBLIC = {
    "",
    "login/",
    "logout/",
    "health/live",
    "health/ready",
    "metrics",
    "api/schema/",
    "api/docs/",
    "files/<uuid:id>/<str:variant>",
    "widget.js",
    "widget/demo/",
    "widget/<slug:key>/",
    "widget/<slug:key>/accent.css",
}
EXAMPLES = {
    "uuid": str(UUID(int=7)),
    "slug": "none",
    "int": "7",
    "str": "none",
    "path": "none",
}
METHODS = ("get", "post", "put", "patch", "delete")
JSON = "application/json"


@dataclass(frozen=True)
class Route:
    """One path and what answers it."""

    path: str
    callback: Any

    @property
    def view(self) -> type | None:
        """The view's class, if it is one."""
        found = getattr(self.callback, "cls", None) or getattr(self.callback, "view_class", None)
        return found if isinstance(found, type) else None

    @property
    def example(self) -> str:
        """A URL that matches."""
        parts = self.path.replace("<", "\0<").split("\0")
        return "/" + "".join(_filled(part) for part in parts)


def routes(patterns: Iterable[URLPattern | URLResolver], before: str = "") -> Iterator[Route]:
    """Every path below ``patterns``; Django admin guards its own."""
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if pattern.app_name != "admin":
                yield from routes(pattern.url_patterns, path)
        else:
            yield Route(path, pattern.callback)


ROUTES = list(routes(get_resolver().url_patterns))
CLOSED = [route for route in ROUTES if route.path not in PUBLIC]


@pytest.mark.parametrize("route", CLOSED, ids=[route.path for route in CLOSED])
def test_route_states_its_permission(route: Route) -> None:
    view = route.view
    assert view is not None, "a function has no permission; say in PUBLIC that it needs none"
    if issubclass(view, APIView):
        stated = next(base for base in view.__mro__ if "permission_classes" in vars(base))
        assert stated is not APIView, "permission_classes is missing"
    else:
        assert issubclass(view, StaffView), "a page is a StaffView"


@pytest.mark.django_db
@pytest.mark.parametrize("route", CLOSED, ids=[route.path for route in CLOSED])
def test_strangers_are_refused(client: Client, route: Route, mallory: User) -> None:
    if is_for_anybody(route):
        return
    for method in methods(route):
        response = client.generic(method, route.example, data="{}", content_type=JSON)
        assert response.status_code in {302, 401, 403, 404}, method
    client.force_login(mallory)
    for method in methods(route):
        response = client.generic(method, route.example, data="{}", content_type=JSON)
        assert response.status_code in {401, 403, 404}, method


def test_public_list_names_routes_that_exist() -> None:
    assert {route.path for route in ROUTES} >= PUBLIC


def methods(route: Route) -> list[str]:
    """The methods that the view answers."""
    return [name.upper() for name in METHODS if hasattr(route.view, name)]


def is_for_anybody(route: Route) -> bool:
    """Whether the view says so itself."""
    return getattr(route.view, "permission_classes", None) == [AllowAny]


def _filled(part: str) -> str:
    if not part.startswith("<"):
        return part
    inside, _, rest = part[1:].partition(">")
    return EXAMPLES[inside.partition(":")[0] if ":" in inside else "str"] + rest
