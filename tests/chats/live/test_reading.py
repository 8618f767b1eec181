"""Reading customers' files by a worker, and the answer that waits for it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from pytest_django import Settings

from channels_layer import times
from channels_layer.access.actors import System
from channels_layer.work import audits
from chats.engine.parts import ModelError, Recording, Transcript
from chats.live import Runtime
from chats.models import Usage
from chats.selectors.parties import FILES_PER_SENDER, parties_of_file
from chats.services import due, file_readings, openings, titles
from chats.services.openings import FILE_PATIENCE
from chats.services.shares import FairShares
from config.demo.model import voice
from conversations import transports
from conversations.files import processes
from conversations.models import Attachment, Conversation, Message, Reading
from conversations.selectors.attachments import words_of
from conversations.services import attachments, readings
from conversations.services.attachments import Upload
from conversations.services.messages import Draft, customer_message
from tests import factories
from tests.chats import talk
from tests.factories import NOON
from tests.fakes import documents, files
from tests.fakes.corpus import letters

pytestmark = pytest.mark.both_databases

VICTOR = System(name="Victor")
HOLLOW = files.archive({"[Content_Types].xml": b"", "word/document.xml": b""})
"""A Word document with nothing in it."""


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Any) -> Any:
    """Return a folder of this test's own."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def send(
    conversation: Conversation, *uploads: Upload, text: str = "", at: datetime = NOON
) -> list[Attachment]:
    """Let the customer send files."""
    stored = [attachments.store(upload=one, by=VICTOR, at=at) for one in uploads]
    draft = Draft(text=text, attachments=tuple(one.pk for one in stored))
    customer_message(conversation=conversation, by=VICTOR, draft=draft, at=at)
    return stored


PHOTO = Upload(name="lamp.jpg", data=files.photo())


def fresh(attachment: Attachment) -> Attachment:
    return Attachment.objects.select_related("reading").get(pk=attachment.pk)


def test_image_is_described(runtime: Runtime, conversation: Conversation, demo_model: Any) -> None:
    (photo,) = send(conversation, PHOTO, text="What is broken here?")
    assert file_readings.read(attachment_id=photo.pk, models=runtime)
    photo = fresh(photo)
    assert "orange" in photo.description
    assert photo.reading.state == "done"
    body = demo_model.last()["body"]
    assert "What is broken here?" in body["messages"][1]["content"][0]["text"]
    usage = Usage.objects.get(conversation=conversation)
    assert (usage.purpose, usage.is_estimated) == ("description", False)
    assert usage.cost
    event = talk.events(conversation)[-1]
    assert event["type"] == "message.updated"
    assert event["attachments"][0]["description"] == photo.description
    assert event["attachments"][0]["reading"] == {"state": "done", "error": None, "extent": None}


@pytest.mark.parametrize("name", ["voice.wav", "voice.ogg"])
def test_recording_is_written_down(runtime: Runtime, conversation: Conversation, name: str) -> None:
    said = "My lamp flickers since Monday"
    data = voice.speak(said) if name.endswith("wav") else voice.note(said)
    (note,) = send(conversation, Upload(name=name, data=data))
    file_readings.read(attachment_id=note.pk, models=runtime)
    assert fresh(note).transcript == said
    usage = Usage.objects.get(conversation=conversation)
    assert usage.purpose == "transcript"
    assert usage.cost


@pytest.mark.parametrize(
    ("name", "data", "text", "extent"),
    [
        ("a.pdf", documents.pdf("Order A-1", "Two lamps"), "Order A-1\nTwo lamps", "2 pages"),
        ("a.docx", documents.word("Order A-2"), "Order A-2", "2 words"),
        ("a.xlsx", documents.excel([["Lamp", 2]]), "# Sheet\nLamp | 2", "1 sheet"),
        ("a.csv", b"lamp;2\nbulb;3", "lamp;2\nbulb;3", "2 lines"),
        ("a.md", b"# Order", "# Order", "1 line"),
        ("a.json", b'{"order": 1}', '{"order": 1}', "1 line"),
        ("a.zip", files.archive({"lamp.txt": b"a"}), "lamp.txt (1 B)", "1 file"),
    ],
)
def test_document_is_read(
    runtime: Runtime,
    conversation: Conversation,
    name: str,
    data: bytes,
    text: str,
    extent: str,
) -> None:
    (document,) = send(conversation, Upload(name=name, data=data))
    file_readings.read(attachment_id=document.pk, models=runtime)
    document = fresh(document)
    assert (document.text, document.extent) == (text, extent)
    assert not Usage.objects.exists()


def test_films_and_unknown_files_are_not_read(conversation: Conversation) -> None:
    film = Upload(name="a.mp4", data=files.mp4())
    unknown = Upload(name="a.bin", data=bytes(range(256)))
    send(conversation, film, unknown)
    assert not Reading.objects.exists()
    assert not list(file_readings.due(times.now()))


def test_nobody_reads_twice(runtime: Runtime, conversation: Conversation, demo_model: Any) -> None:
    (photo,) = send(conversation, PHOTO)
    first = file_readings.take(attachment_id=photo.pk)
    assert first is not None
    assert not file_readings.read(attachment_id=photo.pk, models=runtime)
    Reading.objects.update(lease_until=NOON)
    assert file_readings.read(attachment_id=photo.pk, models=runtime)
    found = readings.Found(description="A zombie's.")
    assert not readings.done(reading=first, found=found, at=NOON)
    assert "zombie" not in fresh(photo).description
    assert len(demo_model.log()) == 1
    assert not file_readings.read(attachment_id=photo.pk, models=runtime)


class Failing:
    """Models that fail with the given error."""

    def __init__(self, *, is_final: bool) -> None:
        self.clock = times.now
        self._error: Exception = ModelError("refused" if is_final else "unavailable", "no")

    def complete(self, request: Any, *, within: float | None = None) -> Any:
        del request, within
        raise self._error

    def transcribe(self, recording: Recording) -> Transcript:
        del recording
        raise self._error


def test_passing_fault_is_tried_again_and_given_up_visibly(conversation: Conversation) -> None:
    (photo,) = send(conversation, PHOTO)
    models = Failing(is_final=False)
    for attempt in range(1, len(file_readings.PAUSES) + 2):
        row = Reading.objects.get()
        assert (row.state, row.attempts) == ("queued", attempt - 1)
        file_readings.read(attachment_id=photo.pk, models=models)
    row = Reading.objects.get()
    assert (row.state, row.error) == ("failed", "The model could not be reached: no")
    assert talk.events(conversation)[-1]["attachments"][0]["reading"]["state"] == "failed"


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.pdf", b"%PDF-1.4 nothing at all"), ("b.pdf", letters.locked_pdf()), ("c.docx", HOLLOW)],
)
def test_no_other_try_is_offered_for_what_cannot_change(
    runtime: Runtime, conversation: Conversation, name: str, data: bytes
) -> None:
    (document,) = send(conversation, Upload(name=name, data=data))
    file_readings.read(attachment_id=document.pk, models=runtime)
    assert fresh(document).reading.state == "failed"
    assert talk.events(conversation)[-1]["attachments"][0]["can_retry"] is False


def test_another_try_is_offered_where_a_model_or_a_busy_machine_failed(
    runtime: Runtime, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conversations.files.documents.LONGEST", 0.0)
    (photo,) = send(conversation, PHOTO)
    (document,) = send(conversation, Upload(name="a.pdf", data=documents.pdf("Order A-1")))
    file_readings.read(attachment_id=photo.pk, models=Failing(is_final=True))
    assert talk.events(conversation)[-1]["attachments"][0]["can_retry"] is True
    file_readings.read(attachment_id=document.pk, models=runtime)
    assert fresh(document).reading.error == "The document is too complicated to be read."
    assert talk.events(conversation)[-1]["attachments"][0]["can_retry"] is True
    readings.retry(attachment=fresh(document), at=NOON)
    assert talk.events(conversation)[-1]["attachments"][0]["can_retry"] is False


def test_is_tried_again_after_whatever_went_wrong(conversation: Conversation) -> None:
    (photo,) = send(conversation, PHOTO)
    models = Failing(is_final=False)
    models._error = LookupError("a fault of ours")
    with pytest.raises(LookupError):
        file_readings.read(attachment_id=photo.pk, models=models)
    row = Reading.objects.get()
    assert (row.state, row.attempts, row.lease_until) == ("queued", 1, None)
    assert row.next_at
    assert list(file_readings.due(row.next_at))


def test_document_that_waits_for_others_costs_no_attempt(
    runtime: Runtime, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conversations.files.documents.PATIENCE", 0)
    (document,) = send(conversation, Upload(name="a.pdf", data=documents.pdf("Order A-1")))
    claim = processes.Claim(sender=str(conversation.pk), patience=0)
    with processes.places.held(claim):
        file_readings.read(attachment_id=document.pk, models=runtime)
    row = fresh(document).reading
    assert (row.state, row.attempts, row.lease_until) == ("queued", 0, None)
    file_readings.read(attachment_id=document.pk, models=runtime)
    assert fresh(document).text == "Order A-1"


def test_a_worker_that_is_stopped_releases_it_at_once(
    leaving: Runtime, conversation: Conversation
) -> None:
    (photo,) = send(conversation, PHOTO)
    leaving.hand_over()
    assert not file_readings.read(attachment_id=photo.pk, models=leaving)
    row = Reading.objects.get()
    assert (row.state, row.attempts, row.lease_until) == ("queued", 0, None)
    assert not Usage.objects.exists()


def test_refusal_is_final_until_a_person_asks(runtime: Runtime, conversation: Conversation) -> None:
    (photo,) = send(conversation, PHOTO)
    file_readings.read(attachment_id=photo.pk, models=Failing(is_final=True))
    assert fresh(photo).reading.error == "The model refused this file: no"
    readings.retry(attachment=fresh(photo), at=NOON)
    assert list(file_readings.due(times.now())) == [
        ("chats.read_attachment", {"attachment": str(photo.pk)})
    ]
    assert talk.events(conversation)[-1]["attachments"][0]["reading"]["state"] == "queued"
    file_readings.read(attachment_id=photo.pk, models=runtime)
    assert fresh(photo).description
    with pytest.raises(transports.NothingToRetryError):
        readings.retry(attachment=fresh(photo), at=NOON)


def test_worker_that_dies_every_time_is_given_up(
    runtime: Runtime, conversation: Conversation
) -> None:
    (photo,) = send(conversation, PHOTO)
    for _ in range(len(file_readings.PAUSES) + 1):
        assert file_readings.take(attachment_id=photo.pk)
        Reading.objects.update(lease_until=NOON)
        assert list(file_readings.due(times.now()))
    file_readings.read(attachment_id=photo.pk, models=runtime)
    assert fresh(photo).reading.error == file_readings.GIVEN_UP


def test_file_that_is_gone_fails_visibly(runtime: Runtime, conversation: Conversation) -> None:
    (photo,) = send(conversation, PHOTO)
    default_storage.delete(photo.path)
    Reading.objects.update(attempts=len(file_readings.PAUSES))
    file_readings.read(attachment_id=photo.pk, models=runtime)
    assert fresh(photo).reading.error == file_readings.NOT_OPENED


def test_answer_waits_for_a_file_and_goes_on_with_the_last_one(
    runtime: Runtime, conversation: Conversation
) -> None:
    photo, note = send(conversation, PHOTO, Upload(name="a.wav", data=voice.speak("Is it broken?")))
    at = NOON + timedelta(seconds=1)
    waiting = openings.next_run(conversation_id=conversation.pk, at=at)
    assert (waiting.run, waiting.due_at) == (None, NOON + FILE_PATIENCE)
    assert not list(due.unanswered(at)), "the sweeper is silent meanwhile"
    later = replace_clock(runtime, NOON + timedelta(seconds=5))
    file_readings.read(attachment_id=photo.pk, models=later)
    assert openings.next_run(conversation_id=conversation.pk, at=later.clock()).run is None
    file_readings.read(attachment_id=note.pk, models=later)
    assert list(due.unanswered(later.clock()))
    run = openings.next_run(conversation_id=conversation.pk, at=later.clock()).run
    assert run is not None


def test_answer_does_not_wait_for_ever(conversation: Conversation) -> None:
    send(conversation, PHOTO)
    assert openings.next_run(conversation_id=conversation.pk, at=NOON).run is None
    assert list(due.unanswered(NOON + FILE_PATIENCE))
    assert openings.next_run(conversation_id=conversation.pk, at=NOON + FILE_PATIENCE).run


def test_burst_is_still_gathered_when_a_file_is_read_early(
    runtime: Runtime, conversation: Conversation
) -> None:
    conversation.source.gather_seconds = 10
    conversation.source.save()
    (photo,) = send(conversation, PHOTO)
    file_readings.read(
        attachment_id=photo.pk, models=replace_clock(runtime, NOON + timedelta(seconds=2))
    )
    conversation.refresh_from_db()
    assert conversation.answer_due_at == NOON + timedelta(seconds=10)


def test_model_knows_what_was_said_and_read_and_what_was_not(
    runtime: Runtime, conversation: Conversation, demo_model: Any
) -> None:
    note, letter, broken = send(
        conversation,
        Upload(name="a.wav", data=voice.speak("Where is my lamp?")),
        Upload(name="a.txt", data=b"Order A-77"),
        Upload(name="b.pdf", data=b"%PDF-1.4 nothing"),
    )
    for one in (note, letter, broken):
        file_readings.read(attachment_id=one.pk, models=runtime)
    runtime.answer(conversation.pk)
    said = str(demo_model.last()["body"]["messages"][1]["content"])
    assert "What is said in it: Where is my lamp?" in said
    assert "Its text (1 line):\nOrder A-77" in said.replace("\\n", "\n")
    assert "It could not be read; you do not know what is in it." in said


def test_title_and_packet_know_what_was_said(runtime: Runtime, conversation: Conversation) -> None:
    (note,) = send(conversation, Upload(name="a.wav", data=voice.speak("My green lamp flickers")))
    file_readings.read(attachment_id=note.pk, models=runtime)
    message = Message.objects.get(attachments=note)
    assert words_of(message) == "[Audio] My green lamp flickers"
    runtime.answer(conversation.pk)
    titles.entitle(conversation_id=conversation.pk, complete=runtime.complete, at=times.now())
    conversation.refresh_from_db()
    assert "lamp" in conversation.title.lower()


def test_audit_sees_what_is_not_read(conversation: Conversation) -> None:
    send(conversation, PHOTO)
    scope = audits.Scope(at=times.now(), is_strict=True)
    found = [finding for check, finding in audits.findings(scope) if check == "readings"]
    assert len(found) == 1


def replace_clock(runtime: Runtime, at: datetime) -> Any:
    """Return the same models at another time."""

    class Later:
        complete = staticmethod(runtime.complete)
        transcribe = staticmethod(runtime.transcribe)

        def clock(self) -> datetime:
            return at

    return Later()


@pytest.mark.slow
def test_whoever_sends_many_files_keeps_room_for_others(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = send(conversation, *[PHOTO] * (FILES_PER_SENDER + 1))
    (others,) = send(factories.conversation(), PHOTO)
    Attachment.objects.filter(pk=others.pk).update(actor="contact:another")
    named = [ids["attachment"] for _task, ids in file_readings.due(times.now())]
    assert str(others.pk) in named[:2]
    assert len(named) == FILES_PER_SENDER + 1

    shares = FairShares()
    monkeypatch.setattr(file_readings, "_shares", shares)
    for photo in mine[:FILES_PER_SENDER]:
        assert shares.enter(photo.pk, parties_of_file(photo.pk))
    models = Failing(is_final=True)
    assert not file_readings.read(attachment_id=mine[-1].pk, models=models)
    assert file_readings.read(attachment_id=others.pk, models=models)
    assert shares.leave(mine[0].pk, parties_of_file(mine[0].pk)) == mine[-1].pk
    assert fresh(mine[-1]).reading.state == "queued"
