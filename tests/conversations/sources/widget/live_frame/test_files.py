"""The widget in Chromium: files beside a message, on every way they can go."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, Route, expect

from tests.conversations.sources.widget.live_frame.shop import (
    PATIENCE,
    Colleague,
    another_widget,
    change,
    is_grave,
    say,
)
from tests.conversations.sources.widget.live_frame.visitor import close_sessions
from tests.fakes import files
from tests.servers.parley import AppProcesses

pytestmark = pytest.mark.browser

UPLOADS = "**/attachments"
LAMP = FilePayload(name="lamp.jpg", mimeType="image/jpeg", buffer=files.photo())
BILL = FilePayload(name="bill.txt", mimeType="text/plain", buffer=b"189.00")
ORDER = FilePayload(name="order.txt", mimeType="text/plain", buffer=b"1042")


@pytest.fixture
def key(app: AppProcesses) -> str:
    """A widget of its own, without a form."""
    return another_widget(app)


@pytest.fixture
def alone(browser: Browser, app: AppProcesses, key: str) -> Iterator[Page]:
    """The widget as a page of its own; nothing grave may stand in its console."""
    context = browser.new_context(base_url=app.url, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if is_grave(line) else None)
    page.goto(f"/widget/{key}/")
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()
    yield page
    context.close()
    assert [line for line in complaints if "Failed to load resource" not in line] == []


def choose(page: Page, *chosen: FilePayload) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Attach files").click()
    assert chooser.value.is_multiple()
    chooser.value.set_files(list(chosen))


def hold_uploads(page: Page) -> list[Route]:
    """Hold all uploads; return the held requests, to be let through."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(UPLOADS, hold)
    return held


def chips(page: Page) -> Locator:
    return page.get_by_role("list", name="Files of the message").get_by_role("listitem")


def is_up(page: Page, name: str) -> None:
    """Wait until the file ``name`` is uploaded."""
    chip = chips(page).filter(has_text=name)
    expect(chip).to_be_visible()
    expect(chip.locator("progress")).to_be_hidden()
    expect(chip.get_by_role("button", name="Try again")).to_be_hidden()


def send(page: Page) -> None:
    page.get_by_role("button", name="Send", exact=True).click()


def arrived(page: Page, count: int = 1) -> None:
    expect(page.locator(".message--customer[data-position]")).to_have_count(count)
    expect(page.locator(".message--pending, .message--failed")).to_have_count(0)


def test_two_files_go_with_a_message_and_a_cancelled_one_does_not(
    alone: Page, colleague: Colleague
) -> None:
    say(alone, "Hello")
    arrived(alone)
    choose(alone, LAMP, BILL)
    is_up(alone, "lamp.jpg")
    is_up(alone, "bill.txt")
    hold_uploads(alone)
    with alone.expect_request(UPLOADS) as requested:
        choose(alone, ORDER)
    expect(chips(alone)).to_have_count(3)
    expect(alone.get_by_role("progressbar", name="Uploading order.txt")).to_be_visible()
    with alone.expect_event("requestfailed", timeout=5_000):
        alone.get_by_role("button", name="Remove order.txt").press("Enter")
    expect(chips(alone)).to_have_count(2)
    expect(alone.get_by_role("button", name="Attach files")).to_be_focused()
    alone.get_by_role("textbox", name="Message").fill("Broken on arrival")
    send(alone)

    arrived(alone, 2)
    expect(chips(alone)).to_have_count(0)
    conversation = requested.value.url.split("/")[-2]
    said = [one for one in colleague.read(conversation) if one["attachments"]]
    assert [one["text"] for one in said] == ["Broken on arrival"]
    assert [file["name"] for file in said[0]["attachments"]] == ["lamp.jpg", "bill.txt"]


def test_a_file_before_the_conversation_begins_it_and_needs_no_words(alone: Page) -> None:
    choose(alone, LAMP)
    is_up(alone, "lamp.jpg")
    send(alone)

    arrived(alone)
    expect(alone.locator(".message--customer .photo")).to_be_visible()
    alone.get_by_role("button", name="Your conversations").click()
    expect(alone.locator(".past")).to_have_count(1)


def test_a_message_waits_for_its_files(alone: Page) -> None:
    held = hold_uploads(alone)
    with alone.expect_request(UPLOADS):
        choose(alone, BILL)
    say(alone, "Here it is")
    expect(alone.get_by_role("status").filter(has_text="Sends when the files")).to_be_visible()
    expect(alone.locator(".message--customer")).to_have_count(0)

    held[0].continue_()

    arrived(alone)
    expect(alone.locator(".message--customer")).to_contain_text("Here it is")
    expect(alone.locator(".message--customer .attachment")).to_contain_text("bill.txt")
    expect(alone.get_by_text("Sends when the files")).to_be_hidden()


def test_what_is_not_taken_is_said_in_plain_words(alone: Page) -> None:
    requested: list[str] = []
    alone.on("request", lambda request: requested.append(request.url))
    large = FilePayload(name="film.mp4", mimeType="video/mp4", buffer=b"0" * (10 * 1024 * 1024 + 1))
    choose(alone, large)
    expect(alone.get_by_role("alert")).to_have_text("film.mp4 is larger than 10 MB.")
    expect(chips(alone)).to_have_count(0)
    assert not [url for url in requested if url.endswith("/attachments")]

    setup = FilePayload(name="setup.exe", mimeType="", buffer=b"MZ" + b"\0" * 200)
    choose(alone, setup, large, FilePayload({**setup, "name": "again.exe"}))
    for name in ("setup.exe", "again.exe"):
        expect(alone.get_by_role("alert")).to_contain_text(f"{name}: Programs")
    assert sorted(alone.get_by_role("alert").inner_text().splitlines()) == [
        "again.exe: Programs and scripts are not taken.",
        "film.mp4 is larger than 10 MB.",
        "setup.exe: Programs and scripts are not taken.",
    ]
    expect(chips(alone)).to_have_count(0)

    eleven = [FilePayload({**BILL, "name": f"{number}.txt"}) for number in range(11)]
    choose(alone, *eleven)
    expect(alone.get_by_role("alert")).to_contain_text("10.txt is left out")
    expect(chips(alone)).to_have_count(10)


def test_each_refused_file_has_its_line(alone: Page) -> None:
    large = b"0" * (10 * 1024 * 1024 + 1)
    films = [FilePayload(name=name, mimeType="", buffer=large) for name in ("a.mp4", "b.mp4")]
    programs = [
        FilePayload(name=name, mimeType="", buffer=b"MZ" + b"\0" * 200)
        for name in ("setup.exe", "run.exe")
    ]
    choose(alone, *programs, *films, BILL)

    alert = alone.get_by_role("alert")
    for name in ("setup.exe: Programs", "run.exe: Programs", "a.mp4 is larger", "b.mp4 is larger"):
        expect(alert).to_contain_text(name)
    assert len(alert.inner_text().splitlines()) == 4
    is_up(alone, "bill.txt")

    send(alone)
    arrived(alone)
    expect(alert).to_be_hidden()


def test_files_outlast_a_lost_network_and_a_reload_and_are_sent_once(
    alone: Page, colleague: Colleague
) -> None:
    with alone.expect_request(UPLOADS) as requested:
        choose(alone, BILL)
    is_up(alone, "bill.txt")
    alone.reload()
    is_up(alone, "bill.txt")
    alone.context.set_offline(True)
    choose(alone, ORDER)
    expect(chips(alone).filter(has_text="order.txt")).to_contain_text("Not uploaded")
    expect(alone.get_by_role("alert").filter(has_text="order.txt")).to_be_visible()
    alone.get_by_role("button", name="Remove order.txt").click()
    say(alone, "In a tunnel")
    expect(alone.locator(".message--pending .attachment")).to_contain_text("bill.txt")
    alone.context.set_offline(False)

    arrived(alone)
    conversation = requested.value.url.split("/")[-2]
    said = [one for one in colleague.read(conversation) if one["attachments"]]
    assert [(one["text"], len(one["attachments"])) for one in said] == [("In a tunnel", 1)]


def test_what_did_not_get_through_is_tried_again(alone: Page) -> None:
    alone.route(UPLOADS, lambda route: route.abort())
    choose(alone, BILL)
    again = alone.get_by_role("button", name="Try again: bill.txt")
    expect(again).to_be_visible()
    alone.unroute_all()
    again.click()
    is_up(alone, "bill.txt")
    send(alone)
    arrived(alone)
    expect(alone.locator(".message--customer .attachment")).to_contain_text("bill.txt")


def test_a_session_that_ends_loses_no_file_that_is_still_at_hand(
    alone: Page, app: AppProcesses, key: str
) -> None:
    choose(alone, BILL)
    is_up(alone, "bill.txt")
    alone.get_by_role("textbox", name="Message").fill("Half a word")
    with alone.expect_response("**/session") as opened:
        close_sessions(app, key)
    assert opened.value.status in (200, 401)
    expect(alone.get_by_role("button", name="Your conversations")).to_be_hidden()
    expect(alone.get_by_role("textbox", name="Message")).to_have_value("Half a word")
    is_up(alone, "bill.txt")
    send(alone)

    arrived(alone)
    expect(alone.locator(".message--customer .attachment")).to_contain_text("bill.txt")


def test_what_was_begun_comes_along_when_a_form_has_to_be_filled_in_again(
    alone: Page, app: AppProcesses, key: str
) -> None:
    field = {"name": "order", "label": "Order", "type": "text", "required": True}
    change(app, key, prechat_fields=[field])
    for number in ("1042", "1043"):
        alone.reload()
        alone.get_by_label("Order").fill(number)
        alone.get_by_role("button", name="Start chat").click()
        if number == "1042":
            choose(alone, BILL)
            is_up(alone, "bill.txt")
            alone.get_by_role("textbox", name="Message").fill("Half a word")
            close_sessions(app, key)
            expect(alone.get_by_label("Order")).to_be_visible()
    expect(alone.get_by_role("textbox", name="Message")).to_have_value("Half a word")
    is_up(alone, "bill.txt")


def test_a_file_that_is_gone_is_named(alone: Page, app: AppProcesses, key: str) -> None:
    choose(alone, BILL)
    is_up(alone, "bill.txt")
    alone.reload()  # it is not at hand any more
    is_up(alone, "bill.txt")
    close_sessions(app, key)
    expect(alone.get_by_role("button", name="Your conversations")).to_be_hidden()
    send(alone)
    failed = alone.locator(".message--failed")
    expect(failed).to_contain_text("bill.txt is no longer here.")

    failed.get_by_role("button", name="Take back").click()
    alone.get_by_role("button", name="Remove bill.txt").click()
    choose(alone, BILL)
    is_up(alone, "bill.txt")
    send(alone)
    arrived(alone)


@pytest.mark.parametrize("way", ["paste", "drop"])
def test_files_are_pasted_and_dropped(alone: Page, way: str) -> None:
    alone.get_by_role("textbox", name="Message").evaluate(
        """(field, way) => {
          const carried = new DataTransfer();
          carried.items.add(new File(["189.00"], "bill.txt", { type: "text/plain" }));
          const options = { bubbles: true, cancelable: true };
          const event = way === "paste"
            ? new ClipboardEvent("paste", { ...options, clipboardData: carried })
            : new DragEvent("drop", { ...options, dataTransfer: carried });
          if (way === "drop") {
            const over = new DragEvent("dragover", { ...options, dataTransfer: carried });
            document.querySelector("h1").dispatchEvent(over);
            if (!document.body.matches(".drop-target")) throw new Error("The frame is not lit up.");
          }
          field.dispatchEvent(event);
          if (!event.defaultPrevented) throw new Error("The browser would act, too.");
        }""",
        way,
    )
    is_up(alone, "bill.txt")


def test_a_file_opens_however_long_the_page_has_been_open(alone: Page) -> None:
    choose(alone, LAMP)
    is_up(alone, "lamp.jpg")
    send(alone)
    arrived(alone)
    photo = alone.locator(".message--customer a.photo")
    expect(photo).to_be_visible()
    expired = r"node => { node.NAME = node.NAME.replace(/until=\d+/, 'until=1'); }"
    photo.locator("img").evaluate(expired.replace("NAME", "src"))
    photo.evaluate(expired.replace("NAME", "href"))

    expect(photo.locator("img")).to_have_attribute("src", re.compile(r"until=\d{6}"))
    photo.click()
    box = alone.locator("dialog.lightbox")
    picture = box.locator("img")
    expect(picture).to_have_attribute("src", re.compile(r"until=\d{6}"))
    expect(box).not_to_have_attribute("aria-busy", "true")
    assert picture.evaluate("(image) => image.naturalWidth") == 200
    expect(box).to_contain_text("lamp.jpg")
    with alone.expect_download() as download:
        box.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "lamp.jpg"
    alone.keyboard.press("Escape")
    expect(box).to_have_count(0)
    expect(photo).to_be_focused()


def test_a_file_dropped_before_the_frame_is_ready_does_not_replace_it(alone: Page) -> None:
    alone.route("**/widget/widget.js", lambda _: None)
    alone.reload(wait_until="commit")
    is_left = alone.locator(".widget__head").evaluate(
        """(place) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File(["189.00"], "bill.txt", { type: "text/plain" }));
          const options = { bubbles: true, cancelable: true, dataTransfer };
          const isRefused = (name) => !place.dispatchEvent(new DragEvent(name, options));
          return ["dragover", "drop"].every(isRefused);
        }"""
    )
    assert is_left
    alone.unroute("**/widget/widget.js")
    expect(alone.get_by_role("textbox", name="Message")).to_be_visible()
