"""The demo Graph: what Meta's library sends and reads, webhooks, and faults."""

import hmac
from collections.abc import Iterator
from hashlib import sha256
from http.client import HTTPConnection
from typing import Any

import httpx
import orjson
import pytest
from pytest_httpserver import HTTPServer
from pywa.client import WhatsApp
from pywa.errors import WhatsAppError
from werkzeug import Request, Response

from config.management.commands import demo_graph
from tests.conversations.sources.whatsapp.conftest import make_sender
from tests.conversations.sources.whatsapp.graph import DemoGraphServer, demo_graph_server
from tests.servers.waiting import until

pytestmark = pytest.mark.slow


Json = dict[str, Any]
PHONE = "46701740605"
SECRET = "an app secret"
NUMBER = "106540352242922"


class Parley:
    """The other end of the webhooks."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.calls: list[tuple[bool, Json]] = []

    def take(self, request: Request) -> Response:
        body = request.get_data()
        digest = hmac.new(SECRET.encode(), body, sha256).hexdigest()
        is_signed = request.headers.get("X-Hub-Signature-256") == f"sha256={digest}"
        self.calls.append((is_signed, orjson.loads(body)))
        return Response(status=self.statuses.pop(0) if self.statuses else 200)

    def values(self, name: str) -> list[Json]:
        """Return what came of ``messages`` or ``statuses``, in order."""
        changes = [body["entry"][0]["changes"][0]["value"] for _, body in self.calls]
        return [one for value in changes for one in value.get(name, [])]


@pytest.fixture(scope="module")
def server() -> Iterator[DemoGraphServer]:
    with demo_graph_server() as running:
        yield running


@pytest.fixture
def parley(httpserver: HTTPServer) -> Parley:
    other_end = Parley()
    httpserver.expect_request("/hook", method="POST").respond_with_handler(other_end.take)
    httpserver.expect_request("/hook", method="GET").respond_with_handler(
        lambda request: Response(request.args["hub.challenge"])
    )
    return other_end


@pytest.fixture
def graph(server: DemoGraphServer, parley: Parley, httpserver: HTTPServer) -> DemoGraphServer:
    del parley
    server.reset()
    server.add(
        sender_id="1",
        phone_number_id=NUMBER,
        app_secret=SECRET,
        webhook=httpserver.url_for("/hook"),
        business_account_id="2",
    )
    return server


@pytest.fixture
def client(graph: DemoGraphServer) -> Iterator[WhatsApp]:
    with httpx.Client(timeout=2) as session:
        found = WhatsApp(NUMBER, "token", waba_id="2", session=session, server=None)
        session.base_url = f"{graph.url}/v26.0"
        yield found


def test_takes_a_text_and_sends_its_statuses(
    client: WhatsApp, graph: DemoGraphServer, parley: Parley
) -> None:
    sent = client.send_message(PHONE, "Hello", tracker="delivery-1")
    assert sent.id.startswith("wamid.")
    later = until(lambda: parley.values("statuses")[1:])
    statuses = parley.values("statuses")
    assert [one["status"] for one in statuses] == ["sent", "delivered"]
    assert {one["id"] for one in statuses} == {sent.id}
    assert later[0]["biz_opaque_callback_data"] == "delivery-1"
    assert all(is_signed for is_signed, _ in parley.calls)
    assert graph.log()["trackers"] == {"delivery-1": 1}


def test_knows_all_that_a_business_sends(client: WhatsApp, graph: DemoGraphServer) -> None:
    data = bytes(range(256)) * 40 + b"\r\n--x\r\n"
    media = client.upload_media(data, mime_type="image/jpeg", filename="a.jpg")
    client.send_image(PHONE, media, caption="Look")
    client.send_document(PHONE, b"%PDF-1.4", filename="a.pdf", mime_type="application/pdf")
    client.send_voice(PHONE, b"OggS", mime_type="audio/ogg")
    url = client.get_media_url(media.id)
    assert client.get_media_bytes(url.url) == data
    assert httpx.get(url.url).status_code == 401
    assert client.delete_media(media.id)
    with pytest.raises(WhatsAppError):
        client.send_image(PHONE, media.id)


def test_reads_its_number_and_templates_with_the_library(client: WhatsApp) -> None:
    number = client.get_business_phone_number()
    assert number.quality_rating == "GREEN"
    templates = list(client.get_templates())
    assert len(templates) == 7
    assert {template.status.value for template in templates} == {"APPROVED", "PAUSED", "REJECTED"}


def test_gives_templates_page_by_page(graph: DemoGraphServer) -> None:
    headers = {"authorization": "Bearer token"}
    url, names = f"{graph.url}/v26.0/2/message_templates?limit=3", []
    while url:
        page = httpx.get(url, headers=headers).json()
        names += [one["name"] for one in page["data"]]
        url = page["paging"].get("next", "")
    assert len(names) == 7


def template(name: str, *values: str) -> Json:
    parameters = [{"type": "text", "text": value} for value in values]
    body = [{"type": "body", "parameters": parameters}] if values else []
    return {"name": name, "language": {"code": "en_US"}, "components": body}


def post(graph: DemoGraphServer, kind: str, content: Json, **other: Any) -> httpx.Response:
    body = {"messaging_product": "whatsapp", "to": PHONE, "type": kind, kind: content, **other}
    headers = {"authorization": "Bearer token"}
    return httpx.post(f"{graph.url}/v26.0/{NUMBER}/messages", json=body, headers=headers, timeout=2)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (template("hello_again"), 0),
        (template("order_update", "Elin", "ORD-1", "Monday"), 0),
        (template("order_update", "Elin"), 132000),
        (template("autumn_offer", "Elin"), 132015),
        (template("win_money"), 132001),
        (template("no_such"), 132001),
    ],
)
def test_sends_approved_templates_alone(graph: DemoGraphServer, content: Json, code: int) -> None:
    answer = post(graph, "template", content).json()
    assert answer.get("error", {}).get("code", 0) == code


def test_says_later_that_the_window_is_closed(graph: DemoGraphServer, parley: Parley) -> None:
    person = graph.phone("person")
    graph.phone(
        "say",
        person=person["id"],
        message={"type": "text", "text": {"body": "Hi"}},
        hours_ago=25,
    )
    assert post(graph, "text", {"body": "Too late"}, to=person["phone"]).status_code == 200
    failed = until(lambda: [one for one in parley.values("statuses") if one["status"] == "failed"])
    assert failed[0]["errors"][0]["code"] == 131047


def test_refuses_a_wrong_token(graph: DemoGraphServer) -> None:
    url = f"{graph.url}/v26.0/{NUMBER}/messages"
    answer = httpx.post(url, json={}, headers={"authorization": "Bearer other"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, 190)


@pytest.mark.parametrize(
    ("marker", "status", "code"),
    [("131056", 429, 131056), ("429", 429, 130429), ("500", 500, 2), ("131026", 400, 131026)],
)
def test_fails_on_request(graph: DemoGraphServer, marker: str, status: int, code: int) -> None:
    answer = post(graph, "text", {"body": f"Hi [graph:{marker}=1]"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert graph.log()["taken"] == 0
    assert post(graph, "text", {"body": f"Hi [graph:{marker}=1]"}).status_code == 200


@pytest.mark.parametrize(("marker", "taken"), [("cut", 1), ("cut-before", 0)])
def test_breaks_the_connection(graph: DemoGraphServer, marker: str, taken: int) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        post(graph, "text", {"body": f"Hi [graph:{marker}]"}, biz_opaque_callback_data="t")
    assert graph.log()["taken"] == taken
    assert graph.log()["trackers"] == ({"t": 1} if taken else {})


@pytest.mark.parametrize(("marker", "taken"), [("hang", 1), ("hang-before", 0)])
def test_is_silent(graph: DemoGraphServer, marker: str, taken: int) -> None:
    with pytest.raises(httpx.ReadTimeout):
        post(graph, "text", {"body": f"Hi [graph:{marker}]"})
    assert graph.log()["taken"] == taken


def test_fails_as_a_test_orders(graph: DemoGraphServer) -> None:
    graph.fault("503", path="messages", text="Hi", times=1)
    assert post(graph, "text", {"body": "Hi"}).text.startswith("<html>")
    assert post(graph, "text", {"body": "Hi"}).status_code == 200


def test_tries_a_webhook_again_until_it_is_taken(graph: DemoGraphServer, parley: Parley) -> None:
    # What an earlier test has sent may still be on its way, and would be refused instead.
    until(lambda: graph.log()["webhooks"]["waiting"] == 0)
    parley.calls.clear()
    parley.statuses = [500, 503]
    said = graph.phone("say", message={"type": "text", "text": {"body": "Hi"}})
    until(lambda: len(parley.calls) >= 3)
    assert {one["id"] for one in parley.values("messages")} == {said["id"]}
    until(lambda: graph.log()["webhooks"]["waiting"] == 0)


def test_sends_webhooks_more_than_once_on_request(graph: DemoGraphServer, parley: Parley) -> None:
    graph.phone("habits", copies=3)
    try:
        graph.phone("say", message={"type": "text", "text": {"body": "Hi"}})
        until(lambda: len(parley.calls) == 3)
    finally:
        graph.phone("habits", copies=1)


def test_sends_messages_of_people_without_a_number(graph: DemoGraphServer, parley: Parley) -> None:
    person = graph.phone("person", name="Noor de Wit", phone="")
    graph.phone("say", person=person["id"], message={"type": "text", "text": {"body": "Hi"}})
    message = until(lambda: parley.values("messages"))[0]
    assert message["from_user_id"] == person["user_id"]
    assert "from" not in message


def test_sends_two_photos_and_a_voice_note(graph: DemoGraphServer, parley: Parley) -> None:
    graph.phone("burst")
    until(lambda: parley.values("messages")[2:])
    messages = parley.values("messages")
    assert [one["type"] for one in messages] == ["image", "image", "audio"]
    assert messages[2]["audio"]["voice"]
    assert messages[2]["audio"]["mime_type"] == "audio/ogg; codecs=opus"


def test_shows_read_and_typing(graph: DemoGraphServer, client: WhatsApp, parley: Parley) -> None:
    person = graph.phone("person")
    said = graph.phone("say", person=person["id"], message={"type": "text", "text": {"body": "Hi"}})
    until(lambda: parley.values("messages"))
    client.indicate_typing(said["id"])
    chat = next(one for one in graph.state()["chats"] if one["person"] == person["id"])
    assert chat["is_typing"]
    assert chat["items"][0]["status"] == "read"


def test_verifies_the_webhook(graph: DemoGraphServer) -> None:
    assert graph.phone("verify")["is_verified"]


def test_answers_no_name_from_elsewhere(graph: DemoGraphServer) -> None:
    connection = HTTPConnection(graph.url.removeprefix("http://"))
    connection.request("GET", "/phone/state", headers={"host": "rebound.example:80"})
    assert connection.getresponse().status == 403
    connection.close()


@pytest.mark.django_db
def test_the_command_knows_the_senders_of_the_database() -> None:
    sender = make_sender(access_token="token", verified_name="Nordhem")
    known = demo_graph._known(sender, "http://127.0.0.1:8000")
    assert known.webhook == f"http://127.0.0.1:8000/webhooks/whatsapp/{sender.pk}"
    assert known.phone_number_id == sender.phone_number_id
    assert (known.app_secret, known.access_token) == (sender.app_secret, "token")


def test_shows_its_page_without_anything_from_elsewhere(graph: DemoGraphServer) -> None:
    page = httpx.get(f"{graph.url}/", follow_redirects=True)
    assert page.url.path == "/phone/"
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert "http" not in page.text
    assert " style=" not in page.text
    for name in ("phone.js", "bubbles.js", "phone.css", "bubbles.css"):
        assert httpx.get(f"{graph.url}/phone/{name}").status_code == 200
    assert httpx.get(f"{graph.url}/phone/..%2F__init__.py").status_code == 404


def test_listens_to_its_own_page_alone(graph: DemoGraphServer) -> None:
    connection = HTTPConnection(graph.url.removeprefix("http://"))
    connection.request("POST", "/phone/burst", b"{}", {"origin": "https://other.example"})
    assert connection.getresponse().status == 403
    connection.close()
