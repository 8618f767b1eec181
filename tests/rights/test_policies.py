"""Every HTML page, for every actor: a policy without inline code, and markup that keeps to it."""

import re
from typing import Any

from tests.rights.matrix import ADMIN, ROUTES, Matrix
from tests.rights.world import World

INLINE = re.compile(r"<style\b|<[a-z][^<>]*\s(?:style|on[a-z]+)\s*=", re.IGNORECASE)
SCRIPT = re.compile(r"<script\b([^>]*)>", re.IGNORECASE)
FRAMED_ELSEWHERE = {"widget:frame"}
"""Sites that a widget allows may show it."""


def test_every_page_of_ours_keeps_inline_code_out(filled: World) -> None:
    matrix = Matrix(filled)
    bob = next(one for one in matrix.people if one.name == "bob")
    anonymous = matrix.people[0]
    pages = set()
    for route in ROUTES:
        if route.path.startswith("api/v1/"):
            continue
        for someone in (bob, anonymous):
            response = matrix.ask("GET", matrix.url(route), someone)
            if response.get("Content-Type", "").startswith("text/html") and response.content:
                pages.add(route.name)
                keeps_inline_code_out(response, route.name)
                html = response.content.decode()
                assert not INLINE.search(_without_scripts(html)), route.name
                assert all(_is_harmless(tag) for tag in SCRIPT.findall(html)), route.name
    assert len(pages) > 25


def test_every_page_of_the_administration_keeps_inline_code_out(filled: World) -> None:
    matrix = Matrix(filled)
    dora = next(one for one in matrix.people if one.name == "dora")
    lists = [route for route in ADMIN if route.name.endswith(("_changelist", "_add", ":index"))]
    # One middleware writes the policy of them all.
    for route in lists[::8]:
        keeps_inline_code_out(matrix.ask("GET", matrix.url(route), dora), route.name)


def keeps_inline_code_out(response: Any, name: str) -> None:
    """Assert that the headers of a page forbid what hostile text would need."""
    policy = response["Content-Security-Policy"]
    assert "unsafe-inline" not in policy, name
    assert ("unsafe-eval" in policy) == name.startswith("admin:"), name
    for directive in ("script-src 'self'", "base-uri '", "form-action 'self'"):
        assert directive in policy, (name, directive)
    assert "object-src 'none'" in policy or "default-src 'none'" in policy, name
    ancestors = re.search(r"frame-ancestors ([^;]*)", policy)
    assert ancestors, name
    assert (ancestors[1] == "'none'") == (name not in FRAMED_ELSEWHERE), name
    assert response["X-Content-Type-Options"] == "nosniff", name
    assert "*" not in policy, name


def _is_harmless(attributes: str) -> bool:
    """Return whether a script comes from a file, is data, or bears the page's own nonce."""
    return bool(re.search(r"\bsrc=|\bnonce=|type=\"application/json\"", attributes))


def _without_scripts(html: str) -> str:
    return re.sub(r"<script\b.*?</script>", "", html, flags=re.DOTALL | re.IGNORECASE)
