"""Media: a file that a customer sent is brought in, or visibly not, whatever dies when."""

import json
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.conf import LazySettings
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from channels_layer import times
from channels_layer.access.actors import System
from channels_layer.work import audits, leases
from conversations.models import Attachment, AuthorKind, Conversation, FileRemoval
from conversations.objects.attachment import attachment_object
from conversations.services import attachments, readings, thread
from conversations.services.thread import Author, Entry
from conversations.sources.whatsapp import KIND
from conversations.sources.whatsapp.models import MediaFetch, Sender
from conversations.sources.whatsapp.services import media
from tests import factories
from tests.conversations.sources.whatsapp.conftest import make_sender
from tests.fakes import files

pytestmark = pytest.mark.both_databases

PHOTO = files.photo()


@pytest.fixture(autouse=True)
def own_settings(settings: LazySettings, tmp_path: Any, httpserver: HTTPServer) -> None:
    """Use a folder of this test's own, and a Graph server whose answers the test sets."""
    settings.MEDIA_ROOT = tmp_path
    settings.WHATSAPP_GRAPH_URL = httpserver.url_for("").rstrip("/")


@pytest.fixture
def sender(db: None) -> Sender:
    return make_sender(access_token="the token")


@pytest.fixture
def fetch(sender: Sender) -> MediaFetch:
    """Return a photo on its way, in a message of Victor's."""
    conversation = factories.conversation(kind=KIND)
    Conversation.objects.filter(pk=conversation.pk).update(source=sender.source)
    photo = attachments.expect(
        name="Photo", content_type="image/jpeg", kind="image", by=_by(), at=times.now()
    )
    author = Author(kind=AuthorKind.CUSTOMER, name="Victor")
    thread.append(conversation.locked(), Entry(author=author, attachments=[photo]), at=times.now())
    return MediaFetch.objects.create(
        sender=sender,
        attachment=photo,
        media_id="4711",
        sha256=b64encode(sha256(PHOTO).digest()).decode(),
        next_at=times.now(),
        created_at=times.now(),
    )


def _by() -> System:
    return System(name="WhatsApp")


def serve(
    server: HTTPServer,
    data: bytes = PHOTO,
    *,
    url: str = "",
    answer: Callable[[Request], Response] | None = None,
    **stated: Any,
) -> None:
    """Let the Graph server know the photo, at an address of its own or at ``url``."""
    address = url or server.url_for("/download/1")
    body = {"url": address, "sha256": sha256(PHOTO).hexdigest(), **stated}
    server.expect_request("/v26.0/4711").respond_with_json(body)
    default = answer or (lambda request: Response(data))
    server.expect_request("/download/1").respond_with_handler(default)


def run(fetch: MediaFetch, *, at: datetime | None = None) -> Attachment:
    """Let a worker do what is due."""
    media.fetch(fetch_id=fetch.pk, clock=lambda: at or times.now())
    fetch.refresh_from_db()
    return Attachment.objects.get(pk=fetch.attachment_id)


def findings(*, is_strict: bool = True) -> list[str]:
    scope = audits.Scope(at=times.now(), is_strict=is_strict)
    return [finding for check, finding in audits.findings(scope) if check in {"media", "files"}]


def test_photo_is_fetched_with_the_token_and_will_be_read(
    httpserver: HTTPServer, fetch: MediaFetch
) -> None:
    seen: list[str] = []

    def answer(request: Request) -> Response:
        seen.append(request.headers["Authorization"])
        return Response(PHOTO)

    serve(httpserver, answer=answer)
    assert findings() == ["media 4711 was not fetched"]
    photo = run(fetch)
    assert (photo.status, photo.name, photo.kind) == ("ready", "Photo.jpg", "image")
    assert (fetch.state, fetch.next_at, seen) == ("done", None, ["Bearer the token"])
    assert photo.reading.state == "queued"
    assert not list(media.due(times.now()))
    assert findings() == []


def test_nobody_fetches_twice(httpserver: HTTPServer, fetch: MediaFetch) -> None:
    serve(httpserver)
    assert media.take(fetch_id=fetch.pk)
    assert run(fetch).status == "fetching"
    assert not list(media.due(times.now()))
    MediaFetch.objects.update(lease_until=factories.NOON)
    assert list(media.due(times.now()))
    assert run(fetch).status == "ready"
    assert run(fetch).status == "ready"
    assert len(httpserver.log) == 2


def test_worker_that_dies_after_the_bytes_are_in_does_not_double_them(
    httpserver: HTTPServer, fetch: MediaFetch
) -> None:
    serve(httpserver)
    first = run(fetch)
    MediaFetch.objects.update(state="queued", lease_until=factories.NOON)
    second = run(fetch)
    assert (first.path, fetch.state) == (second.path, "done")
    assert len(httpserver.log) == 2
    assert findings() == []


def test_zombie_s_bytes_are_thrown_away(httpserver: HTTPServer, fetch: MediaFetch) -> None:
    """Two workers download: the lease of the slower one ran out meanwhile."""
    serve(httpserver)
    slow = media.take(fetch_id=fetch.pk)
    assert slow is not None
    MediaFetch.objects.update(lease_until=factories.NOON)
    photo = run(fetch)
    media._bring_in(slow, times.now)
    assert Attachment.objects.get(pk=photo.pk).path == photo.path
    assert FileRemoval.objects.count() == 2
    assert findings() == []


@pytest.mark.parametrize("status", [404, 500, 302])
def test_passing_fault_is_tried_again_and_given_up_visibly(
    httpserver: HTTPServer, fetch: MediaFetch, status: int
) -> None:
    serve(httpserver, answer=lambda request: Response("no", status=status))
    for attempt in range(1, len(media.PAUSES) + 2):
        assert run(fetch).status == ("failed" if attempt > len(media.PAUSES) else "fetching")
        is_due = fetch.next_at and fetch.next_at > times.now()
        assert bool(is_due) == (attempt <= len(media.PAUSES))
    assert fetch.state == "failed"
    assert f"HTTP {status}" in Attachment.objects.get().error
    assert findings() == []


def test_server_that_is_away_is_waited_for(fetch: MediaFetch, settings: LazySettings) -> None:
    settings.WHATSAPP_GRAPH_URL = "http://127.0.0.1:9"
    assert run(fetch).status == "fetching"
    assert (fetch.state, fetch.attempts) == ("queued", 1)


def test_is_tried_again_after_whatever_went_wrong(
    httpserver: HTTPServer, fetch: MediaFetch
) -> None:
    serve(httpserver)
    with pytest.raises(LookupError):
        media.fetch(fetch_id=fetch.pk, clock=_broken_clock)
    fetch.refresh_from_db()
    assert (fetch.state, fetch.attempts, fetch.lease_until) == ("queued", 1, None)
    assert fetch.next_at
    assert list(media.due(fetch.next_at))
    assert run(fetch).status == "ready"


def _broken_clock() -> datetime:
    raise LookupError


def test_a_worker_that_ends_leaves_the_download_to_another(
    httpserver: HTTPServer, fetch: MediaFetch
) -> None:
    serve(httpserver)
    leases.leave()
    try:
        assert run(fetch).status == "fetching"
    finally:
        leases._leaving.clear()
    assert (fetch.state, fetch.attempts, fetch.lease_until) == ("queued", 0, None)
    assert run(fetch).status == "ready"


def test_damaged_bytes_are_not_taken(httpserver: HTTPServer, fetch: MediaFetch) -> None:
    serve(httpserver, PHOTO[:-1])
    assert run(fetch).status == "fetching"
    httpserver.clear()
    serve(httpserver)
    assert run(fetch).status == "ready"


@pytest.mark.parametrize("stated", [len(PHOTO), None])
def test_too_large_is_refused_visibly(
    httpserver: HTTPServer, fetch: MediaFetch, settings: LazySettings, stated: int | None
) -> None:
    settings.WHATSAPP_MEDIA_MAX_BYTES = 1000
    serve(httpserver, file_size=stated)
    photo = run(fetch)
    assert (photo.status, fetch.state) == ("failed", "failed")
    assert photo.error.startswith("The file is too large")
    assert not attachment_object(photo)["can_retry"]


def test_program_is_refused_visibly(httpserver: HTTPServer, fetch: MediaFetch) -> None:
    MediaFetch.objects.update(sha256="")
    serve(httpserver, b"MZ" + bytes(200), sha256="")
    program = run(fetch)
    assert program.error == "Programs and scripts are not taken."
    assert not attachment_object(program)["can_retry"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/download/1",
        "http://localhost/download/1",
        "https://169.254.169.254/latest",
        "https://evil.example/lookaside.fbsbx.com",
        "https://lookaside.fbsbx.com.evil.example/",
        "https://lookaside.fbsbx.com@evil.example/",
        "http://lookaside.fbsbx.com/whatsapp",
        "https://lookaside.fbsbx.com:8443/whatsapp",
        "file:///etc/passwd",
        "",
        "http://[",
    ],
)
def test_strange_address_is_not_opened(httpserver: HTTPServer, fetch: MediaFetch, url: str) -> None:
    serve(httpserver, url=url or " ")
    photo = run(fetch)
    assert (photo.error, attachment_object(photo)["can_retry"]) == (media.STRANGE, True)
    assert len(httpserver.log) == 1


def test_redirects_are_followed_to_the_same_hosts_alone(
    httpserver: HTTPServer, fetch: MediaFetch
) -> None:
    goal = {"url": httpserver.url_for("/moved")}
    serve(httpserver, answer=lambda request: Response("", 302, {"Location": goal["url"]}))
    httpserver.expect_request("/moved").respond_with_data(PHOTO)
    assert run(fetch).status == "ready"
    Attachment.objects.update(status="fetching")
    MediaFetch.objects.update(state="queued", next_at=times.now())
    goal["url"] = "http://127.0.0.1:9/moved"
    photo = run(fetch)
    assert (photo.error, attachment_object(photo)["can_retry"]) == (media.STRANGE, True)


@pytest.mark.parametrize("host", ["lookaside.fbsbx.com", "scontent.xx.fbcdn.net"])
def test_meta_s_own_addresses_are_allowed(host: str) -> None:
    url = f"https://{host}/whatsapp_business/attachments/?mid=1"
    assert media._allowed(url).host == host


def test_what_meta_no_longer_has_fails_at_once(httpserver: HTTPServer, fetch: MediaFetch) -> None:
    error = {"error": {"message": "Object does not exist", "code": 100, "type": "x"}}
    httpserver.expect_request("/v26.0/4711").respond_with_response(
        Response(json.dumps(error), 400, content_type="application/json")
    )
    assert run(fetch).error == media.GONE


def test_nothing_is_fetched_after_seven_days(httpserver: HTTPServer, fetch: MediaFetch) -> None:
    photo = run(fetch, at=times.now() + media.KEPT)
    assert (photo.error, attachment_object(photo)["can_retry"]) == (media.GONE, False)
    assert not httpserver.log


def test_person_may_try_again_within_seven_days(httpserver: HTTPServer, fetch: MediaFetch) -> None:
    attachments.lost(attachment=fetch.attachment, error="No.", at=times.now())
    MediaFetch.objects.update(state="failed", attempts=6, next_at=None)
    photo = Attachment.objects.get()
    assert attachment_object(photo)["can_retry"]
    with pytest.raises(media.MediaGoneError):
        readings.retry(attachment=photo, at=times.now() + media.KEPT)
    readings.retry(attachment=photo, at=times.now())
    assert list(media.due(times.now() + timedelta(seconds=1)))
    assert Attachment.objects.get().status == "fetching"
    serve(httpserver)
    assert run(fetch).status == "ready"


def test_audit_finds_what_nobody_fetches(fetch: MediaFetch) -> None:
    MediaFetch.objects.update(state="failed")
    assert "nobody fetches it" in findings(is_strict=False)[0]


def test_deleted_conversation_takes_the_fetch_along(
    httpserver: HTTPServer, fetch: MediaFetch
) -> None:
    serve(httpserver)
    Conversation.objects.all().delete()
    media.fetch(fetch_id=fetch.pk, clock=times.now)
    assert not httpserver.log
