"""The widget in Chromium with a long conversation, and the order of questions and answers."""

import re
from functools import partial

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.conversations.long_threads.lengthening import SCRIPT, in_order
from tests.conversations.sources.widget.live_frame.shop import answers, begin, chat, say
from tests.servers import waiting
from tests.servers.parley import AppProcesses

pytestmark = pytest.mark.browser

MOST = 200
POSITIONS = "all => all.map((one) => Number(one.dataset.position))"
SPOKEN = ".message:not(.message--typing):not([data-position='0'])"
SPEAKERS = """
all => all.map((one) => (one.matches(".message--customer") ? "q" : "a")).join("")
"""


def positions(frame: FrameLocator) -> list[int]:
    """Return the positions in the page: few, without a gap, each entry at its place."""
    found: list[int] = frame.locator(".message[data-position]").evaluate_all(POSITIONS)
    assert len(found) <= MOST
    rising = sorted(found)
    assert rising == list(range(rising[0], rising[0] + len(found)))
    assert found == in_order(found)
    return rising


def has_earlier(frame: FrameLocator, *, than: int) -> bool:
    """Return whether messages before a position have come."""
    return positions(frame)[0] < than


def test_a_long_conversation_is_walked_up_and_left_for_the_newest(
    page: Page, app: AppProcesses
) -> None:
    frame = begin(page)
    say(frame, "Hello [demo:rate=0]")
    expect(answers(frame)).to_have_count(1)
    identifier = page.evaluate("window.started")
    app.manage("shell", "-c", SCRIPT.format(id=identifier, number=1_000))
    page.reload()
    page.locator("#parley .launcher").click()
    frame = chat(page)
    expect(frame.get_by_text("line 1002 of")).to_be_in_viewport()
    newest = positions(frame)[-1]
    scroller = frame.locator("[data-part=scroller]")
    for _ in range(5):
        has_come = partial(has_earlier, frame, than=positions(frame)[0])
        scroller.evaluate("one => { one.scrollTop = 0; }")
        waiting.until(has_come, page=page)
    assert positions(frame)[-1] < newest
    last = positions(frame)[-1]
    scroller.evaluate("one => { one.scrollTop = one.scrollHeight; }")
    waiting.until(lambda: positions(frame)[-1] > last, page=page)
    frame.get_by_role("button", name="Newest messages").click()
    expect(frame.get_by_text("line 1002 of")).to_be_in_viewport()
    assert positions(frame)[-1] == newest


def test_an_answer_stays_below_its_question_when_another_follows(page: Page) -> None:
    frame = begin(page)
    say(frame, "How long does shipping take? [demo:rate=8]")
    expect(frame.locator(".message--streaming")).to_be_visible()
    say(frame, "And what does it cost? [demo:rate=0]")
    seen = set()

    def look() -> bool:
        seen.add(frame.locator(SPOKEN).evaluate_all(SPEAKERS))
        return "qaqa" in seen and frame.locator(".message--streaming").count() == 0

    waiting.until(look, page=page)
    assert [order for order in seen if not re.fullmatch("(qa)+q?", order)] == []
    assert "qaq" in seen
    page.reload()
    page.locator("#parley .launcher").click()
    expect(answers(chat(page))).to_have_count(2)
    assert chat(page).locator(SPOKEN).evaluate_all(SPEAKERS) == "qaqa"
