"""Chats in Chromium, on a whole running Parley."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.servers.fixtures import Enter
from tests.servers.parley import AppProcesses

pytestmark = pytest.mark.browser

PATIENCE = 20_000
QUESTION = "What do you offer when a lamp arrives damaged? Show a table and code."
WAITING_CALL = """
from django.db import transaction
from django.utils import timezone

from chats.objects.run import started
from chats.objects.tool_call import tool_call
from chats.events import RUN_STARTED, TOOL_CALL
from chats.models import Run, RunStep, ToolCall
from conversations.services import thread
from conversations.models import Conversation

with transaction.atomic():
    now = timezone.now()
    chat = Conversation(pk="{chat}").locked()
    run = Run.objects.create(conversation=chat, assistant=chat.assistant, epoch=chat.epoch,
        answers_to=1, status=Run.Status.WAITING, model="demo",
        started_at=now, attempts=1)
    step = RunStep.objects.create(run=run, number=1, finish="tool_calls",
        started_at=now, finished_at=now)
    call = ToolCall.objects.create(run=run, step=step, number=0, call_id="one",
        name="search_knowledge", title="Search knowledge", raw='{{"query": "refund"}}',
        arguments={{"query": "refund"}}, needs_approval=True, status="pending", created_at=now)
    thread.publish_unlisted(chat, RUN_STARTED, started(run, chat.assistant), at=now)
    thread.publish_unlisted(chat, TOOL_CALL, tool_call(call), at=now)
"""
CARDS = """
window.mostCards = 0;
const cards = () => document.querySelectorAll("[data-items] [data-tool]").length;
new MutationObserver(() => { window.mostCards = Math.max(window.mostCards, cards()); })
  .observe(document.querySelector("[data-items]"), { subtree: true, childList: true });
"""
expect.set_options(timeout=PATIENCE)


@pytest.fixture
def chats(window: BrowserContext, enter: Enter) -> Page:
    """Carol's chats, at a new one."""
    enter(window, "carol")
    page = window.new_page()
    page.goto("/chats/?new")
    expect(page.locator("[data-live]")).to_have_text("Live")
    page.wait_for_load_state()
    return page


def ask(page: Page, text: str = QUESTION) -> None:
    """Write and press Enter."""
    page.get_by_role("textbox", name="Message").fill(text)
    page.get_by_role("textbox", name="Message").press("Enter")


def test_the_first_message_begins_a_chat_that_gets_a_title(chats: Page) -> None:
    ask(chats)
    expect(chats).to_have_url(re.compile(r"/chats/[0-9a-f-]{36}/"))
    expect(chats.locator("[data-live-run] .caret")).to_be_visible()
    expect(chats.locator("[data-live-run] table")).to_be_visible()
    expect(chats.locator(".answer[data-position]")).to_have_count(1)
    expect(chats.locator(".chat-title")).not_to_be_empty()
    title = chats.locator(".chat-title").inner_text()
    expect(chats.locator(".session--selected .session__title")).to_have_text(title)
    expect(chats.locator(".nav__recents")).to_contain_text(title)


def test_stop_and_go_on(chats: Page) -> None:
    ask(chats)
    expect(chats.locator("[data-live-run] .prose__tail, [data-live-run] table")).not_to_have_count(
        0
    )
    chats.get_by_role("button", name="Stop").click()
    expect(chats.locator(".message__cut")).to_have_text("Stopped")
    expect(chats.get_by_role("button", name="Stop")).to_be_hidden()
    ask(chats, "Go on, please.")
    expect(chats.locator(".answer[data-position]")).to_have_count(2)


def refuse(route: Route) -> None:
    """Refuse a change as the server does."""
    body = {"code": "invalid", "detail": "Invalid.", "fields": {"title": ["Not this title."]}}
    route.fulfill(status=400, json=body)


def test_renames_rewords_and_deletes(chats: Page) -> None:
    ask(chats, "Hello")
    expect(chats.locator(".answer[data-position]")).to_have_count(1)
    chats.get_by_role("button", name="More").click()
    chats.get_by_role("menuitem", name="Rename").click()
    chats.route("**/api/v1/chats/*/", refuse)
    chats.get_by_label("Title").fill("Kept by hand")
    chats.get_by_label("Title").press("Enter")
    expect(chats.get_by_role("dialog").get_by_role("alert")).to_have_text("Not this title.")
    chats.unroute("**/api/v1/chats/*/")
    chats.get_by_label("Title").press("Enter")
    expect(chats.locator(".chat-title")).to_have_text("Kept by hand")
    expect(chats.get_by_role("button", name="More")).to_be_focused()
    chats.keyboard.press("Control+k")
    chats.get_by_role("combobox").fill("Kept by hand")
    found = chats.get_by_role("option", name="Kept by hand")
    expect(found).to_have_attribute("data-href", re.compile("^/chats/[0-9a-f-]{36}/$"))
    chats.keyboard.press("Escape")
    chats.locator(".ask").hover()
    chats.get_by_role("button", name="Edit and ask again").click()
    chats.get_by_label("Your message").fill("Good evening")
    chats.get_by_label("Your message").press("Enter")
    expect(chats.locator(".ask[data-position]").last).to_contain_text("Good evening")
    entry = chats.locator("[data-session]", has_text="Kept by hand")
    entry.hover()
    entry.get_by_role("button", name="Delete Kept by hand").click()
    expect(chats.get_by_role("button", name="Keep it")).to_be_focused()
    chats.get_by_role("button", name="Delete 1 chat").click()
    expect(entry).to_have_count(0)
    expect(chats.get_by_text("Whom do you want to ask?")).to_be_visible()
    expect(chats).to_have_title("Chats · Parley")


def test_what_is_typed_while_a_chat_begins_stays(chats: Page) -> None:
    held: list[Route] = []
    chats.route("**/api/v1/chats/", lambda route: held.append(route))  # noqa: PLW0108 - no builtin
    ask(chats, "Hello")
    expect(chats.locator("[data-send]")).to_have_attribute("aria-busy", "true")
    chats.keyboard.type("And one more")
    held.pop().continue_()
    expect(chats).to_have_url(re.compile(r"/chats/[0-9a-f-]{36}/"))
    field = chats.locator("[data-composer] [data-text]")
    expect(field).to_have_value("And one more")
    expect(chats.locator(".ask[data-position] .ask__text")).to_have_text("Hello")
    chats.reload()
    expect(field).to_have_value("And one more")


def test_a_chat_that_cannot_begin_gives_the_words_back(chats: Page) -> None:
    chats.route("**/api/v1/chats/", lambda route: route.abort())
    ask(chats, "Hello")
    expect(chats.locator("[data-refusal]")).not_to_be_empty()
    expect(chats.get_by_role("textbox", name="Message")).to_have_value("Hello")
    chats.unroute("**/api/v1/chats/")
    chats.get_by_role("textbox", name="Message").press("Enter")
    expect(chats.locator(".ask[data-position] .ask__text")).to_have_text("Hello")


def test_keys_walk_through_the_chats(chats: Page) -> None:
    for text in ("Hello", "Good morning"):
        chats.goto("/chats/?new")
        ask(chats, text)
        expect(chats).to_have_url(re.compile(r"/chats/[0-9a-f-]{36}/"))
    chats.goto("/chats/?new")
    for number in range(2):
        chats.keyboard.press("Escape")
        chats.keyboard.press("j")
        selected = chats.locator("[data-session]").nth(number).locator(".session")
        expect(selected).to_have_attribute("aria-current", "true")
        expect(selected).to_be_focused()
    chats.keyboard.press("r")
    expect(chats.locator("[data-composer] [data-text]")).to_be_focused()


def test_chats_that_do_not_load_say_so_in_their_dialog(chats: Page) -> None:
    for number in range(4):
        chats.goto("/chats/?new")
        ask(chats, f"Hello {number}")
        expect(chats).to_have_url(re.compile(r"/chats/[0-9a-f-]{36}/"))
    chats.reload()
    chats.route("**/chats/history/**", lambda route: route.fulfill(status=500))
    chats.get_by_role("link", name="See all chats").click()
    dialog = chats.get_by_role("dialog", name="All chats")
    expect(dialog.get_by_role("alert")).to_contain_text("The list didn")
    expect(chats.locator(".toast")).to_have_count(0)
    chats.unroute("**/chats/history/**")
    dialog.get_by_role("button", name="Try again").click()
    expect(dialog.locator("[data-history-row]")).not_to_have_count(0)
    expect(dialog.get_by_role("alert")).to_have_count(0)
    chats.set_viewport_size({"width": 390, "height": 800})
    chats.keyboard.press("Escape")
    expect(chats.locator(".chat-title")).to_be_visible()
    chats.goto("/chats/")
    expect(chats.locator(".nav .nav__item:visible")).to_have_count(5)
    chats.locator(".nav__me").click()
    chats.get_by_role("menuitem", name="See all chats").click()
    expect(dialog.locator("[data-history-row]")).not_to_have_count(0)


@pytest.mark.parametrize("path", ["/chats/", "/conversations/"])
def test_an_edge_that_cannot_be_moved_is_not_there(chats: Page, path: str) -> None:
    chats.goto(path)
    edge = chats.get_by_role("separator").first
    expect(edge).to_be_visible()
    chats.set_viewport_size({"width": 1279, "height": 800})
    expect(edge).to_be_hidden()


def test_another_assistant_goes_on_and_an_answer_is_written_again(chats: Page) -> None:
    ask(chats, "Hello")
    expect(chats.locator(".answer[data-position]")).to_have_count(1)
    chats.locator("[data-composer] [data-text]").fill("Half a thou")
    chats.locator("[aria-controls=picker-menu]").click()
    chats.get_by_role("menuitemradio", name="Kit").click()
    expect(chats.locator(".picker")).to_contain_text("Kit")
    expect(chats.locator("[data-composer] [data-text]")).to_have_value("Half a thou")
    expect(chats.locator("[data-composer] [data-text]")).to_be_focused()
    first = chats.locator(".answer[data-author=assistant]").get_attribute("id")
    chats.get_by_role("button", name="Regenerate").click()
    again = chats.locator(f".answer[data-author=assistant]:not(#{first})")
    expect(again.locator(".answer__head b")).to_have_text("Kit")


def test_a_tool_call_that_waits_is_approved(chats: Page, app: AppProcesses) -> None:
    ask(chats, "Hello")
    expect(chats.locator(".answer[data-position]")).to_have_count(1)
    chat = re.findall(r"/chats/([0-9a-f-]{36})/", chats.url)[0]
    app.manage("shell", "-c", WAITING_CALL.format(chat=chat))
    card = chats.locator(".tool--waiting")
    expect(card).to_contain_text("refund")
    chats.reload()
    expect(chats.get_by_text("Ada waits for an approval")).to_be_visible()
    card.get_by_role("button", name="Deny…").focus()
    chats.keyboard.press("y")
    expect(card).to_have_count(0)
    expect(chats.locator(".answer[data-position]")).to_have_count(2)
    done = chats.locator(".answer[data-position] .tool--decided", has_text="Search knowledge")
    expect(done).to_contain_text("Approved by Carol")
    chats.evaluate(CARDS)
    app.manage("shell", "-c", WAITING_CALL.format(chat=chat))
    expect(card).to_be_visible()
    chats.locator("[data-composer] [data-stop]").click()
    expect(chats.locator(".event-tools")).to_contain_text("Withdrawn")
    expect(chats.locator("[data-live-run]")).to_have_count(0)
    assert chats.evaluate("window.mostCards") == 2
