"""Every kind of file through every door: what staff see, what the model is told, how it leaves."""

import html
import os
import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client
from django.utils.html import strip_tags
from PIL import Image

from chats.live import Runtime
from chats.services import file_readings
from conversations.files import links
from conversations.models import Attachment, Reading
from conversations.selectors.attachments import shown_to_model
from conversations.sources.whatsapp.models import Sender
from tests.conversations.conftest import signed_in
from tests.conversations.corpus.doors import (
    Arrival,
    Door,
    InboxDoor,
    Parcel,
    WhatsAppDoor,
    WidgetDoor,
    served,
)
from tests.conversations.sources.whatsapp.graph import DemoGraphServer
from tests.fakes.corpus import Specimen, outcomes, specimens
from tests.fakes.corpus.outcomes import Outcome

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

TOGETHER = 8
"""Files of one conversation: as many images as a model is shown."""
TABLE = os.environ.get("FILES_TABLE", "")
"""Where the table of all files and doors is written, if at all; then every door takes all."""
GPS = 0x8825
MEDIA = re.compile(r"<(img|audio|video|a)\b")
LABEL = re.compile(r'(?:alt|aria-label)="([^"]+)"')


@pytest.fixture(autouse=True)
def own_settings(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.SEND_INTERVAL_SECONDS = 0


def test_files_of_a_visitor(runtime: Runtime, alice: User) -> None:
    check(WidgetDoor(), specimens(), runtime, alice)


def test_files_of_a_customer_on_whatsapp(
    runtime: Runtime, alice: User, number: Sender, graph: DemoGraphServer
) -> None:
    sent = [one for one in _some() if one.data]
    check(WhatsAppDoor(number, graph), sent, runtime, alice)


def test_files_of_a_colleague(runtime: Runtime, alice: User) -> None:
    check(InboxDoor(alice), _some(), runtime, alice)


def check(door: Door, files: Sequence[Specimen], runtime: Runtime, alice: User) -> None:
    """Send all files, let a worker read them, and compare with what is right."""
    staff = signed_in(alice)
    came: list[tuple[Specimen, Outcome]] = []
    for start in range(0, len(files), TOGETHER):
        parcel = door.send(files[start : start + TOGETHER])
        _read(parcel, runtime)
        came += zip(files[start : start + TOGETHER], _outcomes(door, parcel, staff), strict=True)
    if TABLE:
        path = Path(f"{TABLE}.{door.name}")
        path.write_text(outcomes.table((one, [outcome]) for one, outcome in came))
    wrong = [
        f"{one.name}: {fault}" for one, outcome in came for fault in outcomes.faults(one, outcome)
    ]
    assert not wrong, "\n".join([f"{len(wrong)} faults of {len(came)} files", *wrong])


def _some() -> Sequence[Specimen]:
    """Return one file for each kind of right outcome, or all of them for the table."""
    if TABLE:
        return specimens()
    kinds = {
        (one.right.fate, one.right.kind, one.right.called, one.delivery): one
        for one in reversed(specimens())
    }
    return list(reversed(kinds.values()))


def _read(parcel: Parcel, runtime: Runtime) -> None:
    rows = Reading.objects.filter(
        attachment__conversation=parcel.conversation, state=Reading.State.QUEUED
    )
    for key in rows.order_by("created_at").values_list("attachment_id", flat=True):
        file_readings.read(attachment_id=key, models=runtime)


def _outcomes(door: Door, parcel: Parcel, staff: Client) -> Iterator[Outcome]:
    """Yield the outcomes of a parcel in its order."""
    page = staff.get(f"/conversations/{parcel.conversation.pk}/").content
    entries = _entries(page.decode())
    rows = Attachment.objects.filter(conversation=parcel.conversation)
    files = {str(row.pk): row for row in rows.select_related("message", "reading")}
    positions = {row.message.pk: row.message.position for row in files.values() if row.message}
    shown = shown_to_model(parcel.conversation, positions, can_see=True)
    for arrival in parcel.arrivals:
        file = files.get(arrival.attachment)
        if file is None or file.message is None:
            yield _refused(door, arrival)
            continue
        prompt = shown[file.message.pk]
        is_here = file.status == Attachment.Status.READY
        link: Any = served(links.url_for(file.pk)) if is_here else {}
        is_image = is_here and file.kind == Attachment.Kind.IMAGE
        small: Any = served(links.url_for(file.pk, links.THUMBNAIL)) if is_image else {}
        yield Outcome(
            door=door.name,
            status=file.status,
            name=file.name,
            kind=file.kind,
            declared=arrival.specimen.delivery[0] if door.is_declared else "",
            staff=_visible(entries[str(file.message.pk)]),
            prompt="\n".join(prompt.lines),
            is_visible=bool(prompt.images),
            is_read=door.is_read,
            served=link.get("Content-Type", ""),
            disposition=link.get("Content-Disposition", ""),
            preview=small.get("Content-Type", ""),
            has_place=is_image and _has_place(link.content),
            is_sniffed=link.get("X-Content-Type-Options") != "nosniff",
        )


def _refused(door: Door, arrival: Arrival) -> Outcome:
    return Outcome(door=door.name, status=arrival.refusal, staff=arrival.refusal)


def _has_place(data: bytes) -> bool:
    """Return whether a photo says where it was taken, as far as Pillow can read it."""
    try:
        with Image.open(BytesIO(data)) as image:
            return bool(image.getexif().get_ifd(GPS))
    except OSError:
        return False


def _entries(page: str) -> dict[str, str]:
    """Return the body of each entry of a thread by its message's id."""
    pieces = [piece.partition("</ol>")[0] for piece in page.split('id="message-')[1:]]
    return {
        piece[:36]: piece.rpartition("</li>")[0].partition('message__body">')[2] for piece in pieces
    }


def _visible(entry: str) -> str:
    """Return the words of an entry's files, and the elements that show or play them."""
    media = [f"<{name}>" for name in MEDIA.findall(entry)]
    words = html.unescape(f"{strip_tags(entry)} {' '.join(LABEL.findall(entry))}")
    return " ".join([*dict.fromkeys(media), *words.split()])
