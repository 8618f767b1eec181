"""``manage.py audit``: no output for what is right, one line for everything that is wrong."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command

from channels_layer.access.actors import Visitor
from channels_layer.models import Event, TopicHead
from chats.models import Run
from conversations.models import Attachment, Conversation, Delivery, FileRemoval, Message
from conversations.services import attachments, messages
from conversations.services.attachments import Upload
from conversations.services.messages import Draft
from handoff import outbox
from handoff import services as handoff
from handoff.models import Handoff
from tests import factories
from tests.fakes import files
from tests.handoff.sending import send_all

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def audit(*options: Any) -> tuple[int, list[str]]:
    """Run the audit; return its exit code and its lines."""
    out = io.StringIO()
    try:
        call_command("audit", *options, stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SEND_INTERVAL_SECONDS = 0
    return tmp_path


@pytest.fixture
def story(conversation: Conversation, alice: User, bob: User, noon: datetime) -> Conversation:
    """A conversation with a question, a request, an answer of Alice's with a photo."""
    assert conversation.contact is not None
    victor = Visitor(conversation.contact.pk, conversation.source_id, "Victor")
    ask = Draft(text="Hello", client_id="c1")
    messages.customer_message(conversation=conversation, by=victor, draft=ask, at=noon)
    handoff.join(floor=conversation, by=victor, at=noon)
    actor = factories.staff(alice)
    photo = attachments.store(upload=Upload(name="a.jpg", data=files.photo()), by=actor, at=noon)
    draft = Draft(text="See", attachments=(photo.pk,), client_id="c2")
    messages.post(conversation=conversation, by=actor, draft=draft, at=noon)
    send_all()
    return conversation


def test_nothing_is_wrong(story: Conversation) -> None:
    assert audit() == (0, ["Nothing is wrong."])
    assert audit("--strict") == (0, ["Nothing is wrong."])
    assert audit("--strict", "--json") == (0, [])


def run(conversation: Conversation, **fields: Any) -> Run:
    started_at = fields.pop("started_at", factories.NOON - timedelta(days=1))
    return Run.objects.create(
        conversation=conversation,
        assistant=conversation.assistant,
        epoch=0,
        answers_to=1,
        model="demo",
        started_at=started_at,
        **fields,
    )


def lose_an_event(story: Conversation) -> None:
    Event.objects.filter(topic=story.topic, seq=2).delete()


def lose_the_last_event(story: Conversation) -> None:
    TopicHead.objects.filter(topic=story.topic).update(head=99)


def lose_a_message(story: Conversation) -> None:
    Message.objects.filter(conversation=story, position=1).delete()


def miscount(story: Conversation) -> None:
    Conversation.objects.filter(pk=story.pk).update(customer_count=7)


def lose_the_owner(story: Conversation) -> None:
    Conversation.objects.filter(pk=story.pk).update(owner=None)


def close_the_handoff(story: Conversation) -> None:
    Handoff.objects.update(state=Handoff.State.ENDED)


def lose_a_file(story: Conversation) -> None:
    default_storage.delete(Attachment.objects.get().path)


def leave_a_file(story: Conversation) -> None:
    default_storage.save("attachments/2026/11/20/stray", ContentFile(b"x"))


def leave_a_run(story: Conversation) -> None:
    run(story, status=Run.Status.RUNNING)


def answer_twice(story: Conversation) -> None:
    for _ in range(2):
        made = run(story, status=Run.Status.COMPLETED)
        Message.objects.create(
            id=made.message_id,
            conversation=story,
            position=50 + Run.objects.count(),
            author_kind="assistant",
            actor="assistant",
            run_id=made.pk,
            created_at=factories.NOON,
        )


def answer_without_words(story: Conversation) -> None:
    run(story, status=Run.Status.COMPLETED)


def notify_nobody(story: Conversation) -> None:
    outbox.notify(kind="conversation.mention", subject=story.topic, at=factories.NOON)


def ask_in_vain(story: Conversation) -> None:
    Handoff.objects.update(state=Handoff.State.RELEASED)
    Conversation.objects.filter(pk=story.pk).update(
        control="ai", owner=None, answer_due_at=None, answered_position=0
    )


@pytest.mark.parametrize(
    ("spoil", "check", "words"),
    [
        (lose_an_event, "events", "events from seq 1 to"),
        (lose_the_last_event, "events", "has the head 99"),
        (lose_a_message, "threads", "messages up to position"),
        (miscount, "threads", "miscounts"),
        (lose_the_owner, "floors", "without an owner"),
        (close_the_handoff, "floors", "without a handoff"),
        (lose_a_file, "files", "has lost its file"),
        (leave_a_file, "files", "stray has no row"),
        (leave_a_run, "runs", "past its lease"),
        (answer_twice, "answers", "has 2 answers to position 1"),
        (answer_without_words, "answers", "has no message"),
        (notify_nobody, "notifications", "was not sent"),
        (ask_in_vain, "answers", "a question that nobody answers"),
    ],
)
def test_every_fault_is_found(
    story: Conversation, spoil: Callable[[Conversation], None], check: str, words: str
) -> None:
    spoil(story)
    code, lines = audit("--strict")
    assert code == 1
    assert any(line.startswith(f"{check}: ") and words in line for line in lines), lines


def test_an_answer_that_was_set_aside_does_not_count(story: Conversation) -> None:
    answer_twice(story)
    Message.objects.filter(run_id__isnull=False, position=51).update(error=Message.REPLACED)
    _, lines = audit()
    assert [line for line in lines if line.startswith("answers: ")] == []


def test_acknowledged_messages(story: Conversation, media: Path) -> None:
    path = media / "ids"
    path.write_text(f"c1\n{story.pk} c2\n\n")
    assert audit("--client-ids", str(path))[0] == 0
    path.write_text("c1\nc3\nc3\n")
    assert audit("--client-ids", str(path)) == (
        1,
        ["client ids: client id c3 was acknowledged 2 times and is stored 0 times"],
    )


def test_a_file_that_is_to_go_is_known(story: Conversation, noon: datetime) -> None:
    Attachment.objects.all().delete()
    assert FileRemoval.objects.count() == 2
    assert audit("--strict")[0] == 0


def test_what_is_under_way_is_wrong_only_strictly(story: Conversation, noon: datetime) -> None:
    run(story, status=Run.Status.READY, started_at=noon + timedelta(days=36500))
    assert audit()[0] == 0
    code, lines = audit("--strict")
    assert code == 1
    assert any(line.startswith("runs: ") for line in lines)


def test_sees_deliveries_that_do_not_agree(story: Conversation, noon: datetime) -> None:
    message = Message.objects.filter(author_kind="agent").latest("position")
    Delivery.objects.create(
        conversation=story,
        message=message,
        state="sending",
        next_at=noon,
        created_at=noon,
        changed_at=noon,
    )
    code, lines = audit()
    assert code == 1
    assert any("says sent, its deliveries queued" in line for line in lines)
    _, lines = audit("--strict")
    assert any("is sending past its time" in line for line in lines)
