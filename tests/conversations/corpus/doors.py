"""The doors through which files come: the widget, WhatsApp, the inbox."""

from abc import ABC, abstractmethod
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import orjson
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from channels_layer import times
from conversations.models import Attachment, Conversation
from conversations.sources.whatsapp.models import MediaFetch, Sender
from conversations.sources.whatsapp.services import media
from tests import factories
from tests.api import clients
from tests.conversations.sources.whatsapp import payloads
from tests.conversations.sources.whatsapp.conftest import Meta
from tests.conversations.sources.whatsapp.graph import DemoGraphServer
from tests.conversations.sources.widget.conftest import Frame, make_widget
from tests.fakes.corpus import Specimen


@dataclass(kw_only=True)
class Arrival:
    """Where a file of a parcel lies, or why it was refused."""

    specimen: Specimen
    attachment: str = ""
    refusal: str = ""


@dataclass(kw_only=True)
class Parcel:
    """Files that came in one conversation, one a message."""

    conversation: Conversation
    arrivals: list[Arrival] = field(default_factory=list)


class Door(ABC):
    """A way in; what comes in is the same as from a person's own machine."""

    name = ""
    is_read = True
    """Whether files that come in here are described, transcribed and read."""
    is_declared = False
    """Whether the kind that its transport says is to be heeded."""

    @abstractmethod
    def send(self, files: Sequence[Specimen]) -> Parcel:
        """Send files into a new conversation."""


class WidgetDoor(Door):
    """A visitor's browser."""

    name = "widget"

    def __init__(self) -> None:
        """Open a shop."""
        self._widget = make_widget()
        self._visitors = 0

    def send(self, files: Sequence[Specimen]) -> Parcel:
        """Send files as a visitor of their own, from another address."""
        self._visitors += 1
        frame = Frame(self._widget)
        frame.address = f"203.0.113.{self._visitors}"
        frame.open()
        conversation = frame.start()
        parcel = Parcel(conversation=Conversation.objects.get(pk=conversation))
        for one in files:
            path = f"/widget/{frame.widget.key}/conversations/{conversation}/attachments"
            headers = {"Authorization": f"Bearer {frame.token}", **frame.headers}
            response = frame.client.post(path, {"file": _file(one)}, headers=headers)
            arrival = _arrival(one, response)
            parcel.arrivals.append(arrival)
            if arrival.attachment:
                said = frame.say(conversation, "", attachments=[arrival.attachment])
                assert said.status_code == 201, said.content
        return parcel


class InboxDoor(Door):
    """A colleague at the inbox."""

    name = "inbox"
    is_read = False

    def __init__(self, user: User) -> None:
        """Sign in."""
        self._client = clients.browser(user)

    def send(self, files: Sequence[Specimen]) -> Parcel:
        """Send files to a customer."""
        parcel = Parcel(conversation=factories.conversation(at=times.now()))
        for number, one in enumerate(files):
            upload = {"file": _file(one)}
            response = self._client.post("/api/v1/attachments/", upload, format="multipart")
            arrival = _arrival(one, response)
            parcel.arrivals.append(arrival)
            if arrival.attachment:
                body = {"text": "", "attachments": [arrival.attachment], "client_id": f"c{number}"}
                path = f"/api/v1/conversations/{parcel.conversation.pk}/messages/"
                said = self._client.post(path, body, format="json")
                assert said.status_code == 201, said.content
        return parcel


class WhatsAppDoor(Door):
    """A customer's phone; the files lie at the demo Graph and are fetched from there."""

    name = "whatsapp"
    is_declared = True

    def __init__(self, number: Sender, graph: DemoGraphServer) -> None:
        """Take a number of the shop."""
        self._meta, self._graph = Meta(number), graph
        self._people = 0

    def send(self, files: Sequence[Specimen]) -> Parcel:
        """Send files as a customer of their own, as Meta delivers them."""
        self._people += 1
        phone = f"4670123{self._people:04}"
        self._meta.now = times.now()
        sent = []
        for place, one in enumerate(files):
            kind, content_type = one.delivery
            part: dict[str, object] = {"id": self._stored(one), "mime_type": content_type}
            part["sha256"] = b64encode(sha256(one.data).digest()).decode()
            part |= {"filename": one.name} if kind == "document" else {}
            part |= {"voice": True} if "codecs=opus" in content_type else {}
            about: dict[str, object] = {"from": phone, kind: part}
            about["timestamp"] = str(int(self._meta.now.timestamp()))
            sent.append(payloads.message(kind, wamid=f"wamid.{phone}.{place}", **about))
        person = payloads.contact(wa_id=phone)
        self._meta.send(*sent, contacts=[person])
        for row in MediaFetch.objects.filter(state=MediaFetch.State.QUEUED):
            media.fetch(fetch_id=row.pk, clock=times.now)
        return self._parcel(files)

    def _parcel(self, files: Sequence[Specimen]) -> Parcel:
        conversation = Conversation.objects.latest("created_at")
        rows = Attachment.objects.filter(conversation=conversation)
        found = list(rows.order_by("message__position"))
        assert len(found) == len(files)
        arrivals = [
            Arrival(specimen=one, attachment=str(row.pk))
            for one, row in zip(files, found, strict=True)
        ]
        return Parcel(conversation=conversation, arrivals=arrivals)

    def _stored(self, one: Specimen) -> str:
        """Lay a file down at the demo Graph; return its id there."""
        file = SimpleUploadedFile("x", one.data, content_type=one.delivery[1])
        body = encode_multipart(BOUNDARY, {"file": file})
        address = urlsplit(self._graph.url).netloc
        connection = HTTPConnection(address, timeout=10)
        try:
            headers = {"content-type": MULTIPART_CONTENT}
            connection.request("POST", "/phone/file", body, headers)
            answer: dict[str, str] = orjson.loads(connection.getresponse().read())
        finally:
            connection.close()
        return answer["file"]


def _file(one: Specimen) -> SimpleUploadedFile:
    """Return the file under the name that a browser sends, whatever stands in it."""
    file = SimpleUploadedFile("x", one.data, content_type=one.delivery[1])
    file._name = one.name  # type: ignore[attr-defined]
    return file


def _arrival(one: Specimen, response: Any) -> Arrival:
    if response.status_code == 201:
        return Arrival(specimen=one, attachment=str(response.json()["id"]))
    return Arrival(specimen=one, refusal=f"{response.status_code} {response.json()['detail']}")


def served(url: str) -> Any:
    """Return the answer to whoever opens a link."""
    return Client().get(url)
