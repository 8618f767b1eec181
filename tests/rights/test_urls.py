"""URLs: every one by everybody; what the table does not allow is refused and changes nothing."""

import pytest
from rest_framework.permissions import AllowAny
from rest_framework.views import APIView

from channels_layer.pages import StaffView
from tests.rights import table
from tests.rights.matrix import ADMIN, METHODS, ROUTES, Matrix, route_of
from tests.rights.world import SECRET, World

OWN = ("api-chats", "api-notifications", "chats:list", "chats:history", "chats:chats")
OWN_PARTS = ("navigation", "notifications")
"""Lists of one's own objects: bob's appear in no other person's."""


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


@pytest.mark.slow
def test_everybody_may_do_what_the_table_says_and_nothing_else(filled: World) -> None:
    matrix = Matrix(filled)
    for (name, method), allowed in table.urls().items():
        matrix.try_all(route_of(name), method, allowed)
    assert matrix.cells > 1000
    assert not matrix.wrong, "\n".join(matrix.wrong)


@pytest.mark.slow
def test_methods_that_are_not_listed_are_refused(filled: World) -> None:
    matrix = Matrix(filled)
    people = {one.name: one for one in matrix.people}
    listed = set(table.urls())
    for route in ROUTES:
        # The actor with the most rights; a page for anybody sends the signed-in elsewhere.
        is_public = "anybody" in table.urls().get((route.name, "GET"), ())
        name = (
            "anonymous" if is_public else "victor" if route.path.startswith("widget/") else "dora"
        )
        for method in METHODS:
            if (route.name, method) not in listed:
                matrix.check(route, method, people[name], is_allowed=False)
    assert not matrix.wrong, "\n".join(matrix.wrong)


@pytest.mark.slow
def test_the_administration_is_the_administrators(filled: World) -> None:
    matrix = Matrix(filled)
    people = {one.name: one for one in matrix.people}
    for route in ADMIN:
        if route.name in {"admin:login", "admin:logout"}:
            continue
        for method in ("GET", "POST"):
            matrix.check(route, method, people["carol"], is_allowed=False)
        matrix.check(route, "GET", people["anonymous"], is_allowed=False)
        if route.name.endswith("_changelist"):
            for someone in (people["the demoted"], matrix.key()):
                matrix.check(route, "GET", someone, is_allowed=False)
    assert matrix.ask("GET", "/admin/", people["dora"]).status_code == 200
    assert not matrix.wrong, "\n".join(matrix.wrong)


@pytest.mark.slow
def test_lists_of_ones_own_have_nobody_elses(filled: World) -> None:
    matrix = Matrix(filled)
    people = {one.name: one for one in matrix.people}
    for name in (*OWN, *OWN_PARTS):
        path = matrix.url(route_of(name))
        assert SECRET in matrix.ask("GET", path, people["bob"]).content.decode(), name
        for other in ("alice", "carol", "dora"):
            assert SECRET not in matrix.ask("GET", path, people[other]).content.decode(), name
