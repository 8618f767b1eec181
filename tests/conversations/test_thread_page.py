"""One conversation: GET /conversations/<id>/ and the fragments of its thread."""

import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from channels_layer.access.actors import System, Visitor
from conversations.models import Conversation, Message
from conversations.services import conversations, messages
from conversations.services.deliveries import NOT_DELIVERED
from conversations.services.messages import Draft
from handoff import services as handoff
from handoff.models import Switch
from tests import factories
from tests.conversations.conftest import many, says, signed_in

FRAGMENT = {"X-Requested-With": "fetch"}


def _url(conversation: Conversation) -> str:
    return f"/conversations/{conversation.pk}/"


def test_shows_list_thread_and_details(
    page: Client, conversation: Conversation, noon: datetime
) -> None:
    says(conversation, "Where is my lamp?", noon)
    html = page.get(_url(conversation)).content.decode()
    assert 'data-pane="thread"' in html
    assert "Where is my lamp?" in html
    assert "victor@example.com" in html
    assert 'aria-current="true"' in html


def test_a_fragment_is_the_thread_alone(page: Client, conversation: Conversation) -> None:
    html = page.get(_url(conversation), headers=FRAGMENT).content.decode()
    assert "<html" not in html
    assert f'data-thread="{conversation.pk}"' in html


def test_a_phone_gets_the_pane_of_the_address(page: Client, conversation: Conversation) -> None:
    assert 'data-pane="details"' in page.get(f"{_url(conversation)}?pane=details").content.decode()
    assert 'data-pane="list"' in page.get("/conversations/").content.decode()


def test_hides_what_does_not_exist(page: Client, db: None) -> None:
    response = page.get(f"/conversations/{uuid4()}/")
    assert response.status_code == 404
    assert "It may have been deleted" in response.content.decode()


def test_hides_it_from_the_unentitled(conversation: Conversation, mallory: User) -> None:
    client = signed_in(mallory)
    for path in ("", "messages/?after=0", "floor/", "details/"):
        assert client.get(_url(conversation) + path).status_code == 403


def test_escapes_what_a_customer_writes(
    page: Client, conversation: Conversation, noon: datetime
) -> None:
    says(conversation, "<script>alert(1)</script> [x](javascript:alert(1))", noon)
    html = page.get(_url(conversation)).content.decode()
    assert "<script>alert" not in html
    assert 'href="javascript:' not in html


def test_notes_days_and_the_floor_are_entries(
    page: Client, conversation: Conversation, alice: User, noon: datetime
) -> None:
    actor = factories.staff(alice)
    says(conversation, "Hello", noon)
    draft = Draft(text="Careful with **this** one.", kind=Message.Kind.NOTE)
    messages.post(conversation=conversation, by=actor, draft=draft, at=noon + timedelta(days=1))
    handoff.join(floor=conversation, by=actor, at=noon + timedelta(days=1), reason="a refund")
    html = page.get(_url(conversation)).content.decode()
    assert "message--note" in html
    assert "<strong>this</strong>" in html
    assert html.count('class="day"') == 2
    assert "event--requested" in html
    assert "a refund" in html


def test_groups_what_one_person_says_at_once(
    page: Client, conversation: Conversation, noon: datetime
) -> None:
    for seconds in (0, 60, 600):
        says(conversation, "Hello", noon + timedelta(seconds=seconds))
    html = page.get(f"{_url(conversation)}messages/?after=0").content.decode()
    assert html.count("message--grouped") == 1


def test_an_answer_cut_short_says_so(
    page: Client, conversation: Conversation, noon: datetime
) -> None:
    says(conversation, "Hello", noon)
    conversation.refresh_from_db()
    factories.answer(conversation, "Of course", error="superseded", at=noon)
    assert "a person took over" in page.get(_url(conversation)).content.decode()


def test_a_stored_reason_is_in_the_readers_language(
    page: Client, conversation: Conversation, noon: datetime, settings: Settings
) -> None:
    settings.STAFF_LANGUAGES = ["en", "de"]
    handoff.join(floor=conversation, by=System(name="Ada"), reason=NOT_DELIVERED, at=noon)
    html = page.get(_url(conversation), headers={"Accept-Language": "de"}).content.decode()
    assert "<strong>Ada hat nach einem Menschen gefragt</strong>: Eine Antwort wurde" in html
    assert "Eine Antwort wurde nicht zugestellt." in html  # in the head


def test_marks_where_the_unread_begins(
    page: Client, conversation: Conversation, alice: User, noon: datetime
) -> None:
    says(conversation, "one", noon)
    conversations.mark_read(conversation=conversation, user=alice, position=1)
    says(conversation, "two", noon + timedelta(minutes=1))
    html = page.get(_url(conversation)).content.decode()
    assert html.index("one</p>") < html.index("data-unread-marker") < html.index("two</p>")


def test_scrolling_up_loads_what_was_before(
    page: Client, conversation: Conversation, noon: datetime
) -> None:
    many(conversation, 70, noon)
    html = page.get(_url(conversation)).content.decode()
    assert "message number 69" in html
    assert "message number 19<" not in html
    response = page.get(f"{_url(conversation)}messages/?before=21")
    assert "message number 19<" in response.content.decode()
    assert response.headers["X-Earlier"] == "no"


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 20, "0" * 5000])
def test_a_number_beyond_all_positions_is_the_highest(
    page: Client, conversation: Conversation, noon: datetime, number: str
) -> None:
    many(conversation, 1, noon)
    for name in ("before", "after"):
        assert page.get(f"{_url(conversation)}messages/?{name}={number}").status_code == 200


def test_catching_up_loads_what_came_after(
    page: Client, conversation: Conversation, noon: datetime
) -> None:
    many(conversation, 3, noon)
    html = page.get(f"{_url(conversation)}messages/?after=2").content.decode()
    assert "message number 2" in html
    assert "message number 1" not in html
    assert 'class="day"' not in html


def test_one_entry_looks_as_on_the_page(
    page: Client, conversation: Conversation, noon: datetime
) -> None:
    message = says(conversation, "Hello", noon)
    html = page.get(f"{_url(conversation)}messages/{message.pk}/").content.decode()
    assert f'id="message-{message.pk}"' in html
    assert page.get(f"{_url(conversation)}messages/{uuid4()}/").status_code == 404


def test_messages_need_a_position(page: Client, conversation: Conversation) -> None:
    assert page.get(f"{_url(conversation)}messages/").status_code == 400
    assert page.get(f"{_url(conversation)}messages/?after=x").status_code == 400


def test_a_message_of_another_conversation_is_not_here(
    page: Client, conversation: Conversation, noon: datetime
) -> None:
    message = says(factories.conversation(), "Hello", noon)
    assert page.get(f"{_url(conversation)}messages/{message.pk}/").status_code == 404


def test_the_floor_offers_what_would_be_accepted(
    page: Client, waiting: Conversation, alice: User, noon: datetime
) -> None:
    html = page.get(f"{_url(waiting)}floor/").content.decode()
    assert 'data-act="accept"' in html
    assert "Next in the queue." in html
    handoff.accept(floor=waiting, by=factories.staff(alice), at=noon)
    html = page.get(f"{_url(waiting)}floor/").content.decode()
    assert "You have the floor" in html
    assert 'data-act="accept"' not in html


def test_the_floor_names_a_colleague(
    page: Client, waiting: Conversation, bob: User, noon: datetime
) -> None:
    handoff.accept(floor=waiting, by=factories.staff(bob), at=noon)
    assert "Bob has the floor" in page.get(f"{_url(waiting)}floor/").content.decode()


def test_the_hint_says_what_sending_does(
    page: Client, conversation: Conversation, alice: User, noon: datetime
) -> None:
    address = f"{_url(conversation)}floor/"
    assert "Sending takes over from Ada" in page.get(address).content.decode()
    actor = factories.staff(alice)
    conversations.set_switch(conversation=conversation, switch=Switch.PAUSED, by=actor, at=noon)
    assert "Sending takes over" not in page.get(address).content.decode()


def test_a_closed_conversation_says_that_sending_reopens_it(
    page: Client, conversation: Conversation, alice: User, noon: datetime
) -> None:
    assert "data-reopens" not in page.get(_url(conversation)).content.decode()
    handoff.end(floor=conversation, by=factories.staff(alice), at=noon)
    assert "data-reopens" in page.get(f"{_url(conversation)}floor/").content.decode()
    html = page.get(_url(conversation)).content.decode()
    assert "Closed: sending reopens it" in html
    assert re.search(r"data-send[^>]*>\s*Reopen and send\s*<", html)


def test_release_is_never_the_filled_button(
    page: Client, waiting: Conversation, alice: User, noon: datetime
) -> None:
    handoff.accept(floor=waiting, by=factories.staff(alice), at=noon)
    html = page.get(f"{_url(waiting)}floor/").content.decode()
    assert html.count('data-act="release"') == 2
    assert "button--primary" not in html


def test_row_and_details_say_the_same_word(page: Client, waiting: Conversation) -> None:
    html = page.get(_url(waiting)).content.decode()
    words = re.findall(r'control--requested">\s*(?:<span[^>]*>)?(\w+)', html)
    assert words == ["Escalated"] * 3


def test_a_customers_own_request_is_said_once(
    page: Client, conversation: Conversation, noon: datetime
) -> None:
    assert conversation.contact_id is not None
    ids = {"contact_id": conversation.contact_id, "source_id": conversation.source_id}
    victor = Visitor(**ids, name="Victor")
    handoff.join(floor=conversation, by=victor, at=noon, reason="The customer asked for a person")
    line = page.get(f"{_url(conversation)}messages/?after=0").content.decode()
    assert "“Victor” asked for a person" in line
    assert "The customer asked for a person" not in line


def test_blocked_shows_red_over_the_thread(
    page: Client, conversation: Conversation, alice: User, noon: datetime
) -> None:
    actor = factories.staff(alice)
    conversations.set_switch(conversation=conversation, switch=Switch.BLOCKED, by=actor, at=noon)
    html = page.get(_url(conversation)).content.decode()
    assert "switch-button--blocked" in html


def test_the_customer_can_stand_on_the_right(
    page: Client, conversation: Conversation, noon: datetime
) -> None:
    says(conversation, "Hello", noon)
    page.cookies["bubbles"] = "mirrored"
    html = page.get(_url(conversation)).content.decode()
    assert 'data-bubbles="mirrored"' in html
    assert "message--customer message--end" in html


def test_times_are_in_the_readers_zone(
    page: Client, conversation: Conversation, noon: datetime
) -> None:
    says(conversation, "Hello", noon)
    page.cookies["timezone"] = "Asia/Tokyo"
    assert ">21:00</time>" in page.get(_url(conversation)).content.decode()


def test_an_unknown_zone_is_no_error(page: Client, conversation: Conversation) -> None:
    page.cookies["timezone"] = "../../etc/passwd"
    assert page.get(_url(conversation)).status_code == 200


def test_renders_finished_blocks_of_an_answer(page: Client, db: None) -> None:
    html = page.post("/conversations/markdown/", {"text": "**a**<script>"}).content.decode()
    assert html == "<p><strong>a</strong>&lt;script&gt;</p>\n"


def test_rendering_needs_the_csrf_token(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert client.post("/conversations/markdown/", {"text": "a"}).status_code == 403


def test_a_packet_stands_below_the_act_that_led_to_it(
    page: Client, conversation: Conversation, alice: User, noon: datetime
) -> None:
    actor = factories.staff(alice)
    later = noon + timedelta(minutes=5)
    handoff.join(floor=conversation, by=actor, at=noon, reason="a refund")
    handoff.accept(floor=conversation, by=actor, at=noon + timedelta(minutes=1))
    handoff.release(floor=conversation, by=actor, at=later)
    packet = {
        "summary": "A <b>lamp</b>",
        "goal": "",
        "facts": ["Order 88"],
        "tried": [],
        "by": "model",
    }
    conversation.handoffs.update(packet=packet, return_packet=packet | {"summary": "Settled"})
    html = page.get(_url(conversation)).content.decode()
    places = [html.index(text) for text in ("event--requested", "&lt;b&gt;lamp", "packet--return")]
    assert places == sorted(places)
    assert "Settled" in html[places[2] :]
    act = conversation.messages.get(change="released")
    assert "Settled" in page.get(f"{_url(conversation)}messages/{act.pk}/").content.decode()


def test_an_unwritten_packet_leaves_no_gap(page: Client, waiting: Conversation) -> None:
    html = page.get(_url(waiting)).content.decode()
    assert "data-handoff=" in html
    assert 'class="packet"' not in html


def test_goes_around_a_message_and_to_the_newest(
    page: Client, conversation: Conversation, noon: datetime
) -> None:
    many(conversation, 70, noon)
    middle = conversation.messages.get(position=35)
    address = f"{_url(conversation)}messages/"
    around = page.get(f"{address}?around={middle.pk}")
    html = around.content.decode()
    assert html.count("data-position") == 50
    assert 'class="day"' in html[:200]
    assert (around["X-Earlier"], around["X-Later"]) == ("yes", "yes")
    newest = page.get(f"{address}?newest")
    assert "message number 69" in newest.content.decode()
    assert (newest["X-Earlier"], newest["X-Later"]) == ("yes", "no")
    assert page.get(f"{address}?around={uuid4()}").status_code == 404


def test_opens_where_the_unread_begins_far_above_the_newest(
    page: Client, conversation: Conversation, alice: User, noon: datetime
) -> None:
    many(conversation, 70, noon)
    conversations.mark_read(conversation=conversation, user=alice, position=10)
    html = page.get(_url(conversation), headers=FRAGMENT).content.decode()
    assert html.index("number 9<") < html.index("data-unread-marker") < html.index("number 10<")
    assert "number 69<" not in html


def test_a_quote_leads_to_what_it_quotes(
    page: Client, conversation: Conversation, alice: User, noon: datetime
) -> None:
    said = says(conversation, "Which lamp?", noon)
    draft = Draft(text="This one.", reply_to=said.pk)
    messages.post(conversation=conversation, by=factories.staff(alice), draft=draft, at=noon)
    html = page.get(_url(conversation)).content.decode()
    assert f'data-go-to="{said.pk}"' in html


def test_what_one_has_before_ones_eyes_is_not_unread(
    page: Client, conversation: Conversation, noon: datetime
) -> None:
    says(conversation, "Hello", noon)
    address = f"/conversations/rows/?id={conversation.pk}"
    assert "row--unread" in page.get(address).content.decode()
    assert "row--unread" not in page.get(f"{address}&reading={conversation.pk}").content.decode()
