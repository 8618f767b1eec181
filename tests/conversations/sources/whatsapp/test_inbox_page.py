"""WhatsApp in the inbox: the window, deliveries, reactions, the number and what keeps it back."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from channels_layer import times
from channels_layer.access.actors import System
from conversations.models import Attachment, AuthorKind, Contact, Conversation, Delivery, Message
from conversations.services.conversations import Opening, start
from conversations.services.deliveries import UNCLEAR, UNCLEAR_CODE
from conversations.sources.whatsapp.models import BusinessInitiatedContact, LimitTier, Sender
from handoff import services as handoff
from tests import factories
from tests.conversations.conftest import signed_in
from tests.conversations.sources.whatsapp import helpers

HOUR = timedelta(hours=1)


@pytest.fixture
def now() -> datetime:
    return times.now()


@pytest.fixture
def page(alice: User) -> Client:
    return signed_in(alice)


@pytest.fixture
def conversation(sender: Sender, now: datetime) -> Conversation:
    talk = helpers.talk(sender, at=now)
    close_at(talk, now + 5 * HOUR)
    return talk


def html_of(page: Client, conversation: Conversation, part: str = "") -> str:
    """Return what the page, or a part of it, says; line breaks count as spaces."""
    response = page.get(f"/conversations/{conversation.pk}/{part}")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def close_at(conversation: Conversation, at: datetime | None) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(window_expires_at=at)


def said(conversation: Conversation, at: datetime, **fields: object) -> Message:
    """Something that the assistant said."""
    last = Message.objects.filter(conversation=conversation).count()
    message = Message.objects.create(
        conversation=conversation,
        position=last + 1,
        author_kind=AuthorKind.ASSISTANT,
        author_name="Ada",
        actor="system:Ada",
        text="Two days.",
        created_at=at,
        **fields,
    )
    Delivery.objects.create(
        conversation=conversation, message=message, created_at=at, changed_at=at
    )
    return message


def test_the_list_names_customers_by_username_else_by_identifier(
    page: Client, sender: Sender, now: datetime
) -> None:
    talk = helpers.talk(sender, "SE.1349", at=now)
    Contact.objects.update(name="", phone="", email="", attributes={})
    assert "SE.1349" in page.get("/conversations/").content.decode()
    assert "Visitor" not in page.get("/conversations/").content.decode()
    Contact.objects.update(attributes={"whatsapp_username": "ann.k"})
    shown = page.get("/conversations/").content.decode()
    assert ("@ann.k" in shown, talk.external_id in shown) == (True, False)


@pytest.mark.parametrize(
    ("left", "words", "is_orange"),
    [(5 * HOUR, "4 h left", False), (HOUR, "59 min left", True), (-HOUR, "Window closed", False)],
)
def test_the_head_shows_what_is_left_of_the_window(
    page: Client,
    conversation: Conversation,
    now: datetime,
    left: timedelta,
    words: str,
    *,
    is_orange: bool,
) -> None:
    close_at(conversation, now + left)
    html = html_of(page, conversation, "floor/")
    assert f">{words}</time>" in html
    assert ("badge--orange" in html.split("data-window")[0]) is is_orange


def test_only_an_open_window_shows_in_the_list(
    page: Client, conversation: Conversation, now: datetime
) -> None:
    assert "data-window" in html_of(page, conversation).split("data-thread=")[0]
    close_at(conversation, now - HOUR)
    assert "data-window" not in html_of(page, conversation).split("data-thread=")[0]


def is_shut(html: str) -> bool:
    """Return whether the field has given way to the choice of a template."""
    return 'data-swap="closed" data-closed hidden' not in html


@pytest.mark.parametrize(("left", "shut"), [(HOUR, False), (-HOUR, True), (None, True)])
def test_after_the_window_a_template_is_offered(
    page: Client, conversation: Conversation, now: datetime, left: timedelta | None, *, shut: bool
) -> None:
    close_at(conversation, now + left if left else None)
    html = html_of(page, conversation)
    assert 'data-swap="closed"' in html
    assert is_shut(html) is shut
    assert "data-template-dialog" in html
    handoff.end(floor=conversation, by=System(), at=now)
    assert is_shut(html_of(page, conversation)) is shut


def test_other_sources_know_no_window(page: Client, now: datetime) -> None:
    identity = factories.IdentityFactory.create()
    opening = Opening(source=identity.source, contact=identity.contact)
    other = start(opening=opening, by=System(), at=now)
    html = html_of(page, other)
    assert not is_shut(html)
    assert "data-template-dialog" not in html


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        ("queued", "", "Sending…"),
        ("sent", "", "Sent"),
        ("delivered", "", "Delivered"),
        ("read", "", "Read"),
        ("failed", "No WhatsApp.", "Not delivered: No WhatsApp."),
        ("failed", "superseded", "Not sent"),
    ],
)
def test_a_message_says_how_far_it_came(
    page: Client, conversation: Conversation, now: datetime, status: str, error: str, words: str
) -> None:
    message = said(conversation, now, status=status, error=error)
    html = html_of(page, conversation, f"messages/{message.pk}/")
    assert words in html
    assert ("data-resend" in html) is (status == "failed" and error != "superseded")
    assert ("Not delivered" in html) is (error == "No WhatsApp.")


@pytest.mark.parametrize(
    ("code", "is_unclear"), [(UNCLEAR_CODE, True), ("131026", False), ("", False)]
)
def test_whether_it_is_unclear_is_said_by_the_code(
    page: Client, conversation: Conversation, now: datetime, code: str, *, is_unclear: bool
) -> None:
    for error in (UNCLEAR, "Nobody knows."):
        message = said(conversation, now, status="failed", error=error, error_code=code)
        html = html_of(page, conversation, f"messages/{message.pk}/")
        assert error in html
        assert ("Not delivered" in html) is not is_unclear


def test_what_failed_is_not_said_again_after_the_window(
    page: Client, conversation: Conversation, now: datetime
) -> None:
    message = said(conversation, now, status="failed", error="No WhatsApp.")
    close_at(conversation, now - HOUR)
    html = html_of(page, conversation, f"messages/{message.pk}/")
    assert "data-resend" not in html
    assert "Use a template" in html


def test_reactions_stand_below_what_they_are_put_to(
    page: Client, conversation: Conversation, now: datetime
) -> None:
    reaction = {"emoji": "❤️", "author_kind": "customer", "author_id": "", "author_name": "<Elin>"}
    message = said(conversation, now, reactions=[reaction])
    html = html_of(page, conversation, f"messages/{message.pk}/")
    assert "❤️ by &lt;Elin&gt;" in html


def test_the_number_shows_what_meta_thinks_of_it(
    page: Client, conversation: Conversation, sender: Sender, now: datetime
) -> None:
    Sender.objects.filter(pk=sender.pk).update(quality="yellow", messaging_limit="TIER_250")
    BusinessInitiatedContact.objects.create(sender=sender, external_id="1", at=now - HOUR)
    BusinessInitiatedContact.objects.create(sender=sender, external_id="2", at=now - 25 * HOUR)
    LimitTier.objects.all().delete()
    for order, daily in enumerate((250, 1_000, 10_000, 100_000)):
        LimitTier.objects.create(name=f"Tier {order}", daily_limit=daily, order=order)
    html = html_of(page, conversation, "details/")
    assert "1 of 250" in html
    assert '<span class="badge badge--orange">Medium</span>' in html
    for limit in ("250", "1,000", "10,000", "100,000"):
        assert f'<td class="num">{limit}</td>' in html


@pytest.mark.parametrize(
    ("kind", "words"),
    [("account", "Nothing is sent over this number."), ("templates", "Nobody can be written to")],
)
def test_a_restriction_stands_over_the_thread(
    page: Client, conversation: Conversation, sender: Sender, kind: str, words: str
) -> None:
    assert words not in html_of(page, conversation)
    Sender.objects.filter(pk=sender.pk).update(restriction="Spam.", restriction_kind=kind)
    html = html_of(page, conversation, "floor/")
    assert words in html
    assert "Spam." in html


def sent(conversation: Conversation, at: datetime, kind: str, content_type: str) -> None:
    """Store a file that the customer sent."""
    Attachment.objects.create(
        conversation=conversation,
        message=said(conversation, at),
        actor="system:WhatsApp",
        name="Holiday",
        content_type=content_type,
        kind=kind,
        size=1,
        path=f"files/{content_type}",
        created_at=at,
    )


def test_a_video_plays_in_its_place(
    page: Client, conversation: Conversation, now: datetime
) -> None:
    sent(conversation, now, "video", "video/mp4")
    html = html_of(page, conversation)
    assert "<video " in html
    assert 'aria-label="Holiday"' in html


def test_a_voice_note_shows_its_length(
    page: Client, conversation: Conversation, now: datetime
) -> None:
    sent(conversation, now, "audio", "audio/ogg")
    player = html_of(page, conversation).split("<audio ")[1].split(">")[0]
    assert 'preload="metadata"' in player, "without it every one is 0:00 long"


@pytest.mark.parametrize(
    ("content_type", "is_whole"), [("image/webp", True), ("image/jpeg", False)]
)
def test_a_sticker_is_seen_whole(
    page: Client, conversation: Conversation, now: datetime, content_type: str, *, is_whole: bool
) -> None:
    sent(conversation, now, "image", content_type)
    assert ("photo--whole" in html_of(page, conversation)) is is_whole


def test_the_details_call_the_username_by_its_name(
    page: Client, conversation: Conversation
) -> None:
    Contact.objects.update(attributes={"whatsapp_username": "ann.k", "plan": "gold"})
    html = html_of(page, conversation)
    assert 'data-copy="@ann.k"' in html
    assert ("whatsapp_username" in html, "plan" in html) == (False, True)
