"""The content security policy of every page."""

import pytest
from django.contrib.auth.models import User
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/login/", "/api/docs/", "/admin/login/", "/health/live"])
def test_inline_code_is_forbidden_everywhere(client: Client, path: str) -> None:
    policy = client.get(path).headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.django_db
def test_answers_of_the_api_have_the_policy_of_pages(client: Client, alice: User) -> None:
    client.force_login(alice)
    answers = [client.get(f"/api/v1/{path}") for path in ("conversations/", "nothing/")]
    assert [answer.status_code for answer in answers] == [200, 404]
    policies = {answer.headers["Content-Security-Policy"] for answer in answers}
    assert policies == {client.get("/health/live").headers["Content-Security-Policy"]}


@pytest.mark.django_db
def test_only_the_admin_may_evaluate(client: Client) -> None:
    assert "unsafe-eval" in client.get("/admin/login/").headers["Content-Security-Policy"]
    assert "unsafe-eval" not in client.get("/login/").headers["Content-Security-Policy"]


@pytest.mark.django_db
def test_the_documentation_loads_nothing_from_elsewhere(client: Client) -> None:
    page = client.get("/api/docs/").content.decode()
    assert "https://" not in page
    assert client.get("/api/schema/").status_code == 200
