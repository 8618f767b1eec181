"""Attachments: uploading, sending, opening, forgetting."""

from base64 import b64decode
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from rest_framework.test import APIClient

from channels_layer.log import events
from channels_layer.models import Event
from conversations.files import links, remaking
from conversations.models import Attachment, Conversation, FileRemoval
from conversations.selectors import attachments as selectors
from conversations.services import attachments as services
from conversations.services import conversations, messages
from conversations.services.attachments import Upload
from conversations.services.messages import Draft
from tests import factories
from tests.api import clients
from tests.fakes import files
from tests.fakes.file_types import SAMPLES

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Any) -> Any:
    """A folder of this test's own, and no pause between messages."""
    settings.MEDIA_ROOT = tmp_path
    settings.SEND_INTERVAL_SECONDS = 0
    return tmp_path


@pytest.fixture
def api(alice: User) -> APIClient:
    return clients.browser(alice)


def upload(client: APIClient, data: bytes, name: str = "lamp.png", code: int = 201) -> Any:
    file = SimpleUploadedFile(name, data, content_type="text/html")
    response = client.post("/api/v1/attachments/", {"file": file}, format="multipart")
    assert response.status_code == code, response.content
    return response.json()


def say(client: APIClient, conversation: Conversation, **body: Any) -> Any:
    return client.post(f"/api/v1/conversations/{conversation.pk}/messages/", body, format="json")


def stored(by: User, data: bytes, name: str, *, at: datetime = factories.NOON) -> Attachment:
    return services.store(upload=Upload(name=name, data=data), by=factories.staff(by), at=at)


def picture(url: str) -> bytes:
    return b64decode(url.partition(",")[2])


def test_upload_tells_what_it_is(api: APIClient) -> None:
    shown = upload(api, files.photo(), "lamp.html")
    assert shown["name"] == "lamp.html.jpg"
    assert (shown["content_type"], shown["kind"]) == ("image/jpeg", "image")
    assert (shown["width"], shown["height"]) == (200, 320)
    assert set(shown) >= {"id", "name", "content_type", "size", "kind", "url", "thumbnail_url"}


def test_link_needs_no_session_and_shows_an_image_in_a_sandbox(api: APIClient) -> None:
    shown = upload(api, files.photo())
    for url in (shown["url"], shown["thumbnail_url"]):
        response = Client().get(url)
        assert response.status_code == 200
        assert response["Content-Type"] in {"image/jpeg", "image/webp"}
        assert response["Content-Disposition"].startswith("inline")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response["Content-Security-Policy"]


def test_pages_and_drawings_are_downloads(api: APIClient) -> None:
    for data, name in ((b"<html><script>", "a.html"), (b"<svg onload=x>", "a.svg")):
        response = Client().get(upload(api, data, name)["url"])
        assert response["Content-Type"] == "application/octet-stream"
        assert response["Content-Disposition"].startswith("attachment")
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert response["Content-Disposition"] == f'attachment; filename="{name}.bin"'


@pytest.mark.parametrize("name", ["avi", "mkv", "wmv", "amr", "midi", "mp4", "png"])
def test_pictures_sounds_and_films_are_shown_in_place(api: APIClient, name: str) -> None:
    data, given = SAMPLES[name]
    shown = upload(api, data, given)
    response = Client().get(shown["url"])
    assert response["Content-Disposition"].startswith("inline")
    assert response["Content-Type"] == shown["content_type"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


def test_what_was_stored_under_a_risky_name_leaves_under_a_neutral_one(api: APIClient) -> None:
    shown = upload(api, b"[InternetShortcut]\nURL=file://x", "a.txt")
    Attachment.objects.update(name="invoice.pdf.url")

    response = Client().get(shown["url"])

    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == 'attachment; filename="invoice.pdf.url.bin"'


def test_wrong_and_expired_links_open_nothing(api: APIClient, settings: LazySettings) -> None:
    url = upload(api, b"hello", "a.txt")["url"]
    other = upload(api, b"other", "b.txt")["id"]
    path, _, query = url.partition("?")
    strange = [
        path,
        f"{path}?until=9999999999&signature=x",
        f"{path}?{query[:-1]}",
        f"/files/{other}/original?{query}",
        f"{path.replace('original', 'thumbnail')}?{query}",
        url.replace("until=", "until=-"),
        url.replace("signature=", "signature=%F0%9F%8E%88"),
    ]
    for link in strange:
        assert Client().get(link).status_code == 404, link
    assert Client().get(url).status_code == 200
    settings.MEDIA_URL_TTL = -5
    assert Client().get(links.url_for(other)).status_code == 404


def test_staff_are_led_from_an_expired_link_to_a_new_one(
    api: APIClient, alice: User, settings: LazySettings
) -> None:
    identifier = upload(api, files.photo())["id"]
    mallory, agent = Client(), Client()
    mallory.force_login(User.objects.create_user("mallory"))
    agent.force_login(alice)
    for variant in (links.ORIGINAL, links.THUMBNAIL):
        settings.MEDIA_URL_TTL = -5
        expired = links.url_for(identifier, variant)
        settings.MEDIA_URL_TTL = 3600

        assert Client().get(expired).status_code == 404
        assert mallory.get(expired).status_code == 404
        led = agent.get(expired)
        assert led.status_code == 302
        assert led["Cache-Control"] == "no-store"
        assert Client().get(led["Location"]).status_code == 200


def test_film_is_read_in_pieces(api: APIClient) -> None:
    data = files.mp4() + bytes(range(200))
    url = upload(api, data, "film.mp4")["url"]

    def piece(header: str) -> Any:
        return Client().get(url, headers={"Range": header})

    for header, start, end in (
        ("bytes=0-9", 0, 10),
        ("bytes=5-", 5, len(data)),
        ("bytes=-7", len(data) - 7, len(data)),
        (f"bytes=0-{10**9}", 0, len(data)),
    ):
        response = piece(header)
        assert (response.status_code, response.content) == (206, data[start:end])
        assert response["Content-Range"] == f"bytes {start}-{end - 1}/{len(data)}"
    for header in (f"bytes={len(data)}-", "bytes=9-5", "bytes=-", "bytes=0-1,3-4", "lines=1-2"):
        assert piece(header).status_code == 416, header


def test_limits(api: APIClient, settings: LazySettings) -> None:
    settings.UPLOAD_MAX_BYTES = 1000
    assert upload(api, b"a" * 1001, "a.txt", 413)["code"] == "too_large"
    assert upload(api, b"a" * 200_000, "a.txt", 413)["fields"]["file"]
    assert upload(api, b"a" * 1000, "a.txt")["size"] == 1000
    assert upload(api, b"", "a.txt", 400)["fields"]["file"]
    assert upload(api, b"MZ\x90\0", "a.txt", 415)["code"] == "unsupported_media_type"
    assert upload(api, b"echo", "a.bat", 415)["fields"]["file"]
    settings.UPLOAD_MAX_BYTES = 10**7
    assert upload(api, files.huge_png(50_000, 50_000), "a.png", 413)["code"] == "too_large"


def test_body_without_a_file_is_invalid(api: APIClient) -> None:
    response = api.post("/api/v1/attachments/", {"file": "text"}, format="multipart")
    assert (response.status_code, list(response.json()["fields"])) == (400, ["file"])
    assert api.post("/api/v1/attachments/", {"a": 1}, format="json").status_code == 415


def test_key_needs_the_scope(db: None) -> None:
    upload(clients.system("conversations:read"), b"a", "a.txt", 403)
    upload(clients.system("conversations:write"), b"a", "a.txt", 201)
    upload(APIClient(), b"a", "a.txt", 401)


def test_message_carries_files_and_may_be_empty(api: APIClient, conversation: Conversation) -> None:
    first, second = upload(api, files.photo()), upload(api, b"a,b\n", "prices.csv")
    response = say(api, conversation, text="", attachments=[second["id"], first["id"]])
    assert response.status_code == 201
    shown = response.json()["attachments"]
    assert [one["id"] for one in shown] == [second["id"], first["id"]]
    assert all(Client().get(one["url"]).status_code == 200 for one in shown)
    listed = api.get(f"/api/v1/conversations/{conversation.pk}/messages/").json()["results"]
    with_files = next(row for row in listed if row["attachments"])
    assert [one["id"] for one in with_files["attachments"]] == [second["id"], first["id"]]
    conversation.refresh_from_db()
    assert conversation.last_message_text == "prices.csv, lamp.png.jpg"


def test_event_log_holds_no_link(api: APIClient, conversation: Conversation) -> None:
    file = upload(api, files.photo())
    say(api, conversation, text="see", attachments=[file["id"]])
    rows = Event.objects.filter(topic=conversation.topic, type="message.created")
    row = next(row for row in rows if row.data["attachments"])
    assert "signature" not in str(row.data)
    assert "url" not in row.data["attachments"][0]
    for audience in ("staff", "visitor"):
        frames = events.replay(conversation.topic, after=row.seq - 1, limit=1, audience=audience)
        assert frames is not None
        sent = frames[0][1]["data"]["attachments"][0]
        assert Client().get(sent["url"]).status_code == 200
        assert Client().get(sent["thumbnail_url"]).status_code == 200


def test_strange_files_are_refused(
    api: APIClient, bob: User, conversation: Conversation, noon: datetime
) -> None:
    bobs = str(stored(bob, b"hello", "a.txt").pk)
    used = upload(api, b"hello", "a.txt")["id"]
    assert say(api, conversation, text="one", attachments=[used]).status_code == 201
    many = [upload(api, b"hello", "a.txt")["id"] for _ in range(11)]
    for wrong in ([bobs], [used], [str(uuid4())], ["x"], "x", [None], many):
        response = say(api, conversation, text="two", attachments=wrong)
        assert response.status_code == 400, wrong
        assert any(name.startswith("attachments") for name in response.json()["fields"])
    assert conversation.messages.filter(text="two").count() == 0


def test_nothing_at_all_is_refused(api: APIClient, conversation: Conversation) -> None:
    for body in ({}, {"text": ""}, {"text": "", "attachments": []}):
        response = say(api, conversation, **body)
        assert (response.status_code, list(response.json()["fields"])) == (400, ["text"])


def test_client_id_sends_files_once(api: APIClient, conversation: Conversation) -> None:
    file = upload(api, b"hello", "a.txt")["id"]
    first = say(api, conversation, text="", client_id="c1", attachments=[file])
    again = say(api, conversation, text="", client_id="c1", attachments=[file])
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["attachments"][0]["id"] == file


def test_idempotency_key_uploads_once(api: APIClient) -> None:
    def post(data: bytes) -> Any:
        file = SimpleUploadedFile("a.txt", data)
        return api.post(
            "/api/v1/attachments/", {"file": file}, format="multipart", HTTP_IDEMPOTENCY_KEY="k1"
        )

    first, again, other = post(b"hello"), post(b"hello"), post(b"other")
    assert first.status_code == again.status_code == 201
    assert first.json()["id"] == again.json()["id"]
    assert other.json()["code"] == "idempotency_mismatch"
    assert Attachment.objects.count() == 1


def test_system_relays_a_customer_s_file(conversation: Conversation) -> None:
    shop = clients.system()
    file = upload(shop, files.photo())["id"]
    path = f"/api/v1/conversations/{conversation.pk}/customer-messages/"
    response = shop.post(path, {"text": "", "attachments": [file]}, format="json")
    assert response.status_code == 201
    assert response.json()["attachments"][0]["id"] == file


def test_model_sees_images_and_reads_texts(alice: User, conversation: Conversation) -> None:
    rows = [
        stored(alice, files.image("PNG", (2000, 100), "RGBA"), "lamp.png"),
        stored(alice, b"a,b\n1,2\n", "prices.csv"),
        stored(alice, files.PDF, "terms.pdf"),
    ]
    keys = tuple(row.pk for row in rows)
    message, _ = messages.post(
        conversation=conversation,
        by=factories.staff(alice),
        draft=Draft(text="", attachments=keys),
        at=factories.NOON,
    )
    at = {message.pk: message.position}
    shown = selectors.shown_to_model(conversation, at, can_see=True)[message.pk]
    assert shown.images[0].startswith("data:image/png;base64,")
    assert shown.lines == (
        "[Document attached: CSV table, a file named “prices.csv” (8 B)]\n"
        "Its text (2 lines):\na,b\n1,2",
        f"[Document attached: PDF document, a file named “terms.pdf” ({len(files.PDF)} B)]\n"
        "It was not read; you do not know what is in it.",
    )
    assert [Image.open(BytesIO(picture(url))).size for url in shown.images] == [(1024, 51)]
    blind = selectors.shown_to_model(conversation, at, can_see=False)[message.pk]
    assert blind.images == ()
    assert blind.lines[0].startswith("[Image attached: PNG image, a file named “lamp.png” (")
    assert not selectors.shown_to_model(conversation, {}, can_see=True)


@pytest.mark.parametrize(
    ("form", "most", "content_type"),
    [("JPEG", 1_000_000, "image/jpeg"), ("JPEG", 10, "image/webp"), ("GIF", 1_000, "image/webp")],
)
def test_model_sees_images_of_earlier_days_without_a_process(
    alice: User, form: str, most: int, content_type: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = stored(alice, files.image(form, mode="P" if form == "GIF" else "RGB"), "a")
    if form == "GIF":
        row.content_type = "image/gif"
    row.small = ""
    monkeypatch.setattr(remaking, "MOST_SHOWN", most)
    monkeypatch.setattr("subprocess.Popen", None)
    (url,) = selectors.data_urls(row)
    assert url.startswith(f"data:{content_type};base64,")


def test_model_is_shown_what_was_made_at_the_upload(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = stored(alice, files.image("WEBP", (2000, 1000)), "a.webp")
    assert len(set(row.paths)) == 3
    monkeypatch.setattr("subprocess.Popen", None)
    (url,) = selectors.data_urls(row)
    assert url.startswith("data:image/jpeg;base64,")
    default_storage.delete(row.small)
    assert selectors.data_urls(row) == []


def test_unused_uploads_go_after_a_day(alice: User, noon: datetime) -> None:
    row = stored(alice, files.photo(), "lamp.jpg")
    assert services.drop_unused(at=noon + timedelta(hours=23)) == 0
    assert services.drop_unused(at=noon + timedelta(hours=25)) == 1
    assert {one.path for one in FileRemoval.objects.all()} == set(row.paths)
    assert services.remove_files(at=noon + timedelta(days=3650)) == 2
    assert not any(default_storage.exists(path) for path in row.paths)


def test_files_go_with_their_conversation(
    alice: User, conversation: Conversation, noon: datetime
) -> None:
    row = stored(alice, b"hello", "a.txt")
    draft = Draft(text="", attachments=(row.pk,))
    messages.post(conversation=conversation, by=factories.staff(alice), draft=draft, at=noon)
    assert services.drop_unused(at=noon + timedelta(days=30)) == 0
    conversations.delete(conversation=conversation, at=noon)
    services.remove_files(at=noon + timedelta(days=3650))
    assert not default_storage.exists(row.path)
    assert FileRemoval.objects.count() == 0


def test_file_of_an_upload_that_breaks_off_is_named_by_a_row(
    alice: User, noon: datetime, settings: LazySettings, media: Any
) -> None:
    (media / "full").write_text("no folder")
    settings.MEDIA_ROOT = media / "full"
    with pytest.raises(OSError, match="full"):
        stored(alice, b"hello", "a.txt")
    assert Attachment.objects.count() == 0
    removal = FileRemoval.objects.get()
    assert removal.due_at == noon + services.UPLOAD_TIME
