"""The floor in the details: one word for a state, and why an act is refused."""

import re
from datetime import datetime

from django.contrib.auth.models import User
from django.test import Client

from channels_layer.access.actors import System
from conversations.models import Conversation
from conversations.services import conversations
from handoff import services as handoff
from handoff.models import Switch
from tests import factories
from tests.conversations.conftest import floor_of, list_of

ADA = System(name="Ada")


def test_blocked_has_one_word_and_a_hint_that_is_true(
    page: Client, conversation: Conversation, alice: User, noon: datetime
) -> None:
    conversations.set_switch(
        conversation=conversation, switch=Switch.BLOCKED, by=factories.staff(alice), at=noon
    )
    html = floor_of(page, conversation)
    assert not re.search(r">\s*Blocked|Assistant</span> User blocked|takes over from", html)
    assert "Sending gives you the floor" in html
    assert "User blocked" in list_of(page)


def test_an_act_that_is_refused_says_why(
    page: Client, conversation: Conversation, bob: User, noon: datetime
) -> None:
    def shown() -> list[str]:
        section = floor_of(page, conversation).partition('data-swap="floor"')[2]
        buttons = re.findall(r"<button[^>]*\bdisabled\b[^>]*>", section)
        return [re.findall(r'title="([^"]+)"', button)[0] for button in buttons]

    assert shown() == ["Nobody asked for a person: join first", "Nobody took over from Ada"]
    handoff.join(floor=conversation, by=ADA, at=noon)
    assert shown() == ["A person is asked for already"]
    handoff.accept(floor=conversation, by=factories.staff(bob), at=noon)
    assert shown() == ["Bob has it"] * 2
    handoff.end(floor=conversation, by=factories.staff(bob), at=noon)
    assert shown() == ["Closed: reopen it first"] * 3


def test_the_bar_offers_what_the_section_does_not_refuse(
    page: Client, conversation: Conversation, bob: User, noon: datetime
) -> None:
    def offered() -> list[str]:
        bar = floor_of(page, conversation).partition('data-swap="floor-bar"')[2]
        return re.findall(r'data-act="(\w+)"', bar.partition("</div>")[0])

    assert offered() == ["join", "end"]
    handoff.join(floor=conversation, by=ADA, at=noon)
    assert offered() == ["accept", "end"]
    handoff.accept(floor=conversation, by=factories.staff(bob), at=noon)
    assert offered() == ["release", "end"]
    handoff.end(floor=conversation, by=factories.staff(bob), at=noon)
    assert offered() == ["reopen"]
