"""What DEBUG shows of errors and refusals: no settings, no secrets, nothing that was sent."""

import logging
from typing import Any

import pytest
from django.conf import settings as given
from django.core import mail
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils.log import AdminEmailHandler
from pytest_django import Settings

from config.settings import development

ERRORS = {
    "fault": ZeroDivisionError("a fault of ours"),
    "suspicious": SuspiciousOperation("sent by a stranger"),
    "bad": BadRequest("sent by a stranger"),
    "missing": Http404("of a view"),
}


def fail(request: HttpRequest, name: str) -> HttpResponse:
    """Fail with a password at hand."""
    password_as_a_local = "-".join(["hunter", "local"])
    raise ERRORS[name] from ValueError(len(password_as_a_local) + len(request.POST))


urlpatterns = [path("fail/<name>", fail)]


@pytest.fixture
def stranger(settings: Settings) -> Client:
    """Return a client of an instance in DEBUG."""
    settings.DEBUG = True
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.ROOT_URLCONF = __name__
    settings.METRICS_TOKEN = "hunter3"
    settings.MIDDLEWARE = development.MIDDLEWARE
    return Client(raise_request_exception=False)


def check(response: Any, status: int) -> str:
    """Return the answer's text, which shows nothing that strangers should not know."""
    text: str = response.content.decode()
    assert response.status_code == status
    for secret in (given.SECRET_KEY, "hunter-", "hunter3", "AUTH_PASSWORD_VALIDATORS"):
        assert secret not in text
    return text


@pytest.mark.parametrize(
    ("host", "accept"),
    [("evil.test", "text/html"), ("evil.test", "*/*"), ("testserver@evil.test", "text/html")],
)
def test_a_host_that_is_not_served_gets_a_short_refusal(
    stranger: Client, host: str, accept: str
) -> None:
    response = stranger.get("/fail/fault", headers={"Host": host, "Accept": accept})
    assert len(check(response, 400)) < 4000


def test_a_forwarded_host_changes_nothing(stranger: Client) -> None:
    check(stranger.get("/nowhere", headers={"X-Forwarded-Host": "evil.test"}), 404)


@pytest.mark.parametrize("name", ["suspicious", "bad"])
def test_a_refused_request_gets_the_product_s_page(stranger: Client, name: str) -> None:
    text = check(stranger.get(f"/fail/{name}", headers={"Accept": "text/html"}), 400)
    assert 'class="missing__number"' in text
    assert "stranger" not in text


def test_a_form_with_too_many_fields_is_refused_shortly(stranger: Client) -> None:
    fields = {f"field{number}": "hunter-4" for number in range(1100)}
    assert len(check(stranger.post("/fail/fault", fields), 400)) < 4000


def test_a_form_in_broken_parts_is_refused_shortly(stranger: Client) -> None:
    kind = "multipart/form-data; boundary="
    response = stranger.post("/fail/fault", b"hunter-5", content_type=kind)
    assert len(check(response, 400)) < 4000


@pytest.mark.parametrize("place", ["/nowhere", "/fail/missing"])
def test_what_is_missing_shows_the_product_s_page(stranger: Client, place: str) -> None:
    response = stranger.get(place)
    assert 'class="missing__number"' in check(response, 404)
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
@pytest.mark.parametrize("accept", ["text/html", "text/plain"])
def test_a_fault_shows_where_it_is_and_no_values(stranger: Client, accept: str) -> None:
    stranger.cookies["sessionid"] = "hunter-6"
    headers = {"Accept": accept, "Authorization": "Bearer hunter-7", "X-Odd": "hunter-8"}
    response = stranger.post("/fail/fault?q=hunter-9", {"word": "hunter-10"}, headers=headers)
    text = check(response, 500)
    assert "a fault of ours" in text
    assert "test_debug_pages.py" in text


def test_a_mail_of_an_error_shows_no_values(stranger: Client, settings: Settings) -> None:
    settings.ADMINS = [("Ada", "ada@desk.example")]
    settings.DEBUG = False
    logger = logging.getLogger("django.request")
    handler = AdminEmailHandler(include_html=True)
    logger.addHandler(handler)
    try:
        stranger.post("/fail/fault", {"word": "hunter-11"})
    finally:
        logger.removeHandler(handler)
    [sent] = mail.outbox
    assert isinstance(sent, mail.EmailMultiAlternatives)
    for text in (str(sent.body), str(sent.alternatives)):
        assert "hunter-" not in text
        assert given.SECRET_KEY not in text
