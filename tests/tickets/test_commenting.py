"""Comments: internal or to the customer, exactly once."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User

from channels_layer.access import keys
from channels_layer.access.actors import Key
from channels_layer.errors import InvalidError
from channels_layer.models import Event
from conversations.models import Attachment, Conversation, Message
from conversations.services import attachments
from conversations.services.attachments import Upload
from handoff import services as handoff
from handoff.models import Control
from tests.factories import staff
from tickets import selectors
from tickets.models import Comment, Ticket
from tickets.services import comments, tickets
from tickets.services.comments import Remark
from tickets.services.tickets import Draft

pytestmark = pytest.mark.both_databases


def test_an_internal_one_stays_inside(
    ticket: Ticket, conversation: Conversation, alice: User, noon: datetime
) -> None:
    comment, is_new = comments.add(
        ticket=ticket, remark=Remark(text="Refund now"), by=staff(alice), at=noon
    )

    ticket.refresh_from_db()
    assert (is_new, comment.message, ticket.comment_count) == (True, None, 1)
    assert ticket.first_reply_at is None
    assert not Message.objects.filter(conversation=conversation, kind="message").exists()
    event = Event.objects.get(type="ticket.commented")
    assert (event.data["id"], event.data["kind"]) == (str(comment.pk), "internal")
    assert event.seq == ticket.seq == 2


def test_a_public_one_reaches_the_customer(
    ticket: Ticket, conversation: Conversation, alice: User, noon: datetime
) -> None:
    remark = Remark(text="A new lamp is on its way", kind=Comment.Kind.PUBLIC)
    comment, _ = comments.add(ticket=ticket, remark=remark, by=staff(alice), at=noon)

    message = Message.objects.get(conversation=conversation, kind="message")
    conversation.refresh_from_db()
    ticket.refresh_from_db()
    assert comment.message == message
    assert (message.text, message.author_name) == ("A new lamp is on its way", "Alice")
    assert (conversation.control, conversation.owner) == (Control.AGENT, alice)
    assert ticket.first_reply_at == noon


def test_a_public_one_stays_when_nobody_would_read_it(
    ticket: Ticket, conversation: Conversation, alice: User, noon: datetime
) -> None:
    handoff.end(floor=conversation, by=staff(alice), at=noon)
    remark = Remark(text="Sent by post", kind=Comment.Kind.PUBLIC)
    comment, _ = comments.add(ticket=ticket, remark=remark, by=staff(alice), at=noon)

    ticket.refresh_from_db()
    assert (comment.message, comment.undelivered) == (None, "ended")
    assert ticket.first_reply_at is None
    event = Event.objects.filter(type="ticket.commented").latest("seq")
    assert event.data["undelivered"] == "ended"


def test_a_public_one_without_a_conversation_says_so(alice: User, noon: datetime) -> None:
    ticket = tickets.create(draft=Draft(subject="By phone"), by=staff(alice), at=noon)
    remark = Remark(text="Sent by post", kind=Comment.Kind.PUBLIC)
    comment, _ = comments.add(ticket=ticket, remark=remark, by=staff(alice), at=noon)

    assert comment.undelivered == "no_conversation"


def test_what_a_key_may_not_send_says_so(ticket: Ticket, noon: datetime) -> None:
    key, _ = keys.issue(name="Shop", scopes=["tickets:write"], at=noon)
    remark = Remark(text="Sent by post", kind=Comment.Kind.PUBLIC)
    comment, _ = comments.add(ticket=ticket, remark=remark, by=Key(key), at=noon)

    assert (comment.message, comment.undelivered) == (None, "not_allowed")


def test_what_stays_inside_was_never_to_be_sent(
    ticket: Ticket, conversation: Conversation, alice: User, noon: datetime
) -> None:
    handoff.end(floor=conversation, by=staff(alice), at=noon)
    comment, _ = comments.add(ticket=ticket, remark=Remark(text="Note"), by=staff(alice), at=noon)

    assert comment.undelivered == ""


def test_a_client_id_writes_once(ticket: Ticket, alice: User, noon: datetime) -> None:
    remark = Remark(text="Sent", kind=Comment.Kind.PUBLIC, client_id="a")
    first, _ = comments.add(ticket=ticket, remark=remark, by=staff(alice), at=noon)
    again, is_new = comments.add(ticket=ticket, remark=remark, by=staff(alice), at=noon)

    assert (again, is_new) == (first, False)
    assert Comment.objects.count() == 1
    assert Message.objects.filter(kind="message").count() == 1


def test_a_comment_does_not_stand_in_the_way_of_a_change(
    ticket: Ticket, alice: User, noon: datetime
) -> None:
    version = ticket.version
    comments.add(ticket=ticket, remark=Remark(text="Note"), by=staff(alice), at=noon)

    ticket.refresh_from_db()
    assert ticket.version == version


def test_files_go_with_the_message_or_stay_on_the_ticket(
    ticket: Ticket, alice: User, noon: datetime
) -> None:
    sent, kept = (upload(alice, name, noon) for name in ("label.txt", "note.txt"))
    public = Remark(text="Here", kind=Comment.Kind.PUBLIC, attachments=(sent.pk,))
    first, _ = comments.add(ticket=ticket, remark=public, by=staff(alice), at=noon)
    second, _ = comments.add(
        ticket=ticket, remark=Remark(text="", attachments=(kept.pk,)), by=staff(alice), at=noon
    )

    sent.refresh_from_db()
    assert sent.message == first.message
    assert selectors.attachments([first, second]) == {first.pk: [sent], second.pk: [kept]}
    attachments.drop_unused(at=noon + timedelta(days=2))
    assert set(Attachment.objects.all()) == {sent, kept}
    event = Event.objects.filter(type="ticket.commented").latest("seq")
    assert [file["name"] for file in event.data["attachments"]] == ["note.txt"]


def test_a_file_is_used_once_and_by_its_owner(
    ticket: Ticket, alice: User, bob: User, noon: datetime
) -> None:
    file = upload(alice, "note.txt", noon)
    remark = Remark(text="See", attachments=(file.pk,))
    with pytest.raises(InvalidError):
        comments.add(ticket=ticket, remark=remark, by=staff(bob), at=noon)
    comments.add(ticket=ticket, remark=remark, by=staff(alice), at=noon)
    with pytest.raises(InvalidError):
        comments.add(ticket=ticket, remark=remark, by=staff(alice), at=noon)


def test_an_empty_one_is_refused(ticket: Ticket, alice: User, noon: datetime) -> None:
    with pytest.raises(InvalidError):
        comments.add(ticket=ticket, remark=Remark(text=""), by=staff(alice), at=noon)


def upload(by: User, name: str, at: datetime) -> Attachment:
    return attachments.store(upload=Upload(name=name, data=b"Hello"), by=staff(by), at=at)
