"""Origins: every kind of page x both sockets x every credential; and no answer to foreign pages."""

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.test import Client

from tests import factories
from tests.channels_layer.lines import STAFF, VISITOR, ClosedError, connected
from tests.conversations.sources.widget.conftest import SHOP
from tests.rights import world
from tests.rights.world import Someone

OURS, NONE = "http://testserver", None
FOREIGN = [
    "https://evil.example",
    "null",
    "",
    "https://testserver",
    "http://testserver:8000",
    "http://testserver:99999",
    "http://testserver:x",
    "http://testserver.evil.example",
    "http://eviltestserver",
    "http://testserver@evil.example",
    "http://testserver/",
    "http://testserver http://evil.example",
    "file://",
]
WELCOME = "welcome"


@pytest.mark.socket
@pytest.mark.django_db(transaction=True)
async def test_a_socket_opens_for_our_pages_and_those_that_a_widget_allows() -> None:
    filled = await sync_to_async(world.make)()
    alice = await sync_to_async(_alice)()
    victor = world.visitor("victor", filled.victors_token)
    shop = await sync_to_async(world.key)("conversations:read")
    wrong = []
    for path in (STAFF, VISITOR):
        for origin in [OURS, NONE, SHOP, *FOREIGN]:
            for someone in (alice, victor, shop, Someone("nobody")):
                found = await _enter(path, origin, someone)
                if found != _expected(path, origin, someone):
                    wrong.append(f"{path} from {origin!r} by {someone.name}: {found}")
    assert not wrong, "\n".join(wrong)


def test_no_answer_is_for_foreign_pages(filled: world.World) -> None:
    headers = {**_alice().headers, "Access-Control-Request-Method": "POST"}
    paths = ["/api/v1/conversations/", f"/widget/{filled.widget.key}/session", "/conversations/"]
    for origin in (SHOP, FOREIGN[0], "null"):
        for path in paths:
            for method in ("OPTIONS", "GET", "POST"):
                response = Client().generic(method, path, headers={**headers, "Origin": origin})
                assert not [name for name in response.headers if "Access-Control" in name], path


def test_a_foreign_page_changes_nothing_with_ones_cookie(filled: world.World) -> None:
    path = f"/api/v1/conversations/{filled.conversation.pk}/end"
    browser, headers = Client(enforce_csrf_checks=True), _alice().headers
    for origin in [OURS, SHOP, *FOREIGN]:
        response = browser.post(path, headers={**headers, "Origin": origin})
        assert response.status_code == 403, origin


def _alice() -> Someone:
    user = User.objects.filter(username="alice").first() or factories.person("alice")
    return world.signed_in("alice", user)


async def _enter(path: str, origin: str | None, someone: Someone) -> str:
    """Shake hands and send hello; return how that ended."""
    headers = [] if origin is None else [(b"origin", origin.encode())]
    if cookie := someone.headers.get("Cookie"):
        headers.append((b"cookie", cookie.encode()))
    try:
        async with connected(headers=tuple(headers), path=path) as line:
            await line.send(
                type="hello", v=1, **({"token": someone.token} if someone.token else {})
            )
            return str((await line.next())["type"])
    except ClosedError as closed:
        return str(closed.code)


def _expected(path: str, origin: str | None, someone: Someone) -> str:
    is_open = origin in {OURS, NONE} or (origin == SHOP and path == VISITOR)
    if not is_open:
        return "4403"
    known = {"victor"} if path == VISITOR else {"alice", "a key of Shop"}
    return WELCOME if someone.name in known else "4401"
