"""How quick typing and answering stay in a chat of 1,400 and of 10,000 messages, in Chromium."""

import re
import time
from statistics import median
from typing import NamedTuple

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.bench.figures import Figure, Show, at_most_times
from tests.conversations.long_threads.lengthening import SCRIPT
from tests.servers.fixtures import Enter
from tests.servers.parley import AppProcesses
from tests.servers.waiting import work_goes_on

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]

LENGTHS = (2, 1_400, 10_000)
ROUNDS = 5
MOST = 1.3
"""How often as long as in a short chat it may take in a long one."""
SHORT = "a chat of 2 messages"
WORDS = "How do I return my lamp??"
PATIENCE = 20_000
NEXT_FRAME = """
() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
"""


class Taken(NamedTuple):
    """Milliseconds that a question and its answer take."""

    typing: float
    answer: float


def test_long_chats_are_as_quick_as_short_ones(
    window: BrowserContext, enter: Enter, app: AppProcesses, show: Show
) -> None:
    enter(window, "alice")
    pages = {length: opened(window.new_page(), app, length) for length in LENGTHS}
    taken: dict[int, list[Taken]] = {length: [] for length in LENGTHS}
    # Beside each other: what else the machine does disturbs all of them alike.
    for _ in range(ROUNDS):
        for length, page in pages.items():
            taken[length].append(once(page))
    for name in Taken._fields:
        short, *long = (median(getattr(one, name) for one in taken[length]) for length in LENGTHS)
        for length, milliseconds in zip(LENGTHS[1:], long, strict=True):
            show(
                Figure(
                    name=f"{name} in a chat of {length} messages",
                    unit="ms",
                    ours=milliseconds,
                    reference=short,
                    what=SHORT,
                    goal=at_most_times(MOST),
                )
            )


def opened(page: Page, app: AppProcesses, length: int) -> Page:
    """Open a new chat and make it so long."""
    page.goto("/chats/?new")
    field = page.get_by_role("textbox", name="Message")
    field.fill("Hello [demo:rate=0]")
    field.press("Enter")
    expect(page.locator(".answer[data-position]")).to_have_count(1, timeout=PATIENCE)
    chat = re.findall(r"/chats/([0-9a-f-]{36})/", page.url)[0]
    app.manage("shell", "-c", SCRIPT.format(id=chat, number=length))
    page.reload()
    expect(page.locator("[data-live]")).to_have_text("Live")
    return page


def once(page: Page) -> Taken:
    """Type a question, send it and wait until its answer appears."""
    page.bring_to_front()
    work_goes_on(3.2, page=page)  # one message per interval
    field = page.get_by_role("textbox", name="Message")
    field.focus()
    newest = page.locator(".answer").last.get_attribute("id")
    began = time.monotonic()
    page.keyboard.type(WORDS)
    page.evaluate(NEXT_FRAME)
    typed = time.monotonic()
    page.keyboard.press("Enter")
    page.wait_for_function(
        "(id) => document.querySelector('[data-items]').lastElementChild.id !== id"
        " && document.querySelector('.answer:last-child .prose')?.innerText.trim()",
        arg=newest,
        timeout=PATIENCE,
    )
    answered = time.monotonic()
    expect(page.locator("[data-live-run]")).to_have_count(0, timeout=PATIENCE)
    return Taken(typing=(typed - began) * 1000, answer=(answered - typed) * 1000)
