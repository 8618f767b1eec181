"""Files of a customer in Chromium: on their way, described, transcribed, failed, retried."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import BrowserContext, Error, FilePayload, Locator, Page, Route, expect

from config.demo.model import voice
from tests.fakes import documents, files
from tests.servers import waiting
from tests.servers.fixtures import Enter
from tests.servers.parley import AppProcesses
from tests.servers.ports import wait_for

pytestmark = pytest.mark.browser

SAID = "My lamp flickers since Monday"
BY_HAND = """
from django.utils import timezone
from channels_layer.access.actors import System
from conversations.models import Conversation
from conversations.services import attachments, messages
from conversations.services.messages import Draft
by, at = System(name="Elsewhere"), timezone.now()
kinds = [("Photo", "image"), ("Voice message", "audio"), ("invoice.pdf", "document")]
sent = [attachments.expect(name=n, content_type="", kind=k, by=by, at=at) for n, k in kinds]
conversation = Conversation.objects.get(pk="{conversation}")
draft = Draft(text="", attachments=tuple(one.pk for one in sent))
messages.customer_message(conversation=conversation, by=by, draft=draft, at=at)
"""
DROP = """(place) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File(["ORD-12345"], "order.txt", { type: "text/plain" }));
  const over = new DragEvent("dragover", { bubbles: true, cancelable: true, dataTransfer });
  const drop = new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer });
  if (place.dispatchEvent(over)) return "replaced";
  const isTaken = Boolean(document.querySelector(".pane.drop-target:has(form[data-drop])"));
  if (place.dispatchEvent(drop)) return "replaced";
  return isTaken ? "taken" : "left";
}"""
MAY_CHANGE = """
from conversations.models import Reading
Reading.objects.update(is_final=False)
"""
LOST = """
from django.utils import timezone
from conversations.models import Attachment
from conversations.services import attachments
reason = "WhatsApp no longer has this file. Ask the customer to send it again."
for file in Attachment.objects.filter(status="fetching"):
    attachments.lost(attachment=file, error=reason, at=timezone.now())
"""


IS_WHOLE = """(image) => {
  const natural = image.naturalWidth / image.naturalHeight;
  return Math.abs(image.clientWidth / image.clientHeight / natural - 1) < 0.03;
}"""
MODULES = re.compile(r"/static/(?!ui/(early|theme)\.js).*\.js$")
HOLD = """
(() => {
  const fetched = window.fetch;
  const held = new Promise((letGo) => (window.letGo = letGo));
  window.fetch = async (url, options) => {
    const answer = await fetched(url, options);
    if (String(url).includes("?after=")) await held;
    return answer;
  };
})()
"""
"""Later frames arrive when the test lets them."""


class Nils:
    """A customer who writes through the API source."""

    def __init__(self, api: httpx.Client, source: str) -> None:
        self._api = api
        contact = {"name": "Nils Holgersson", "external_id": uuid4().hex}
        body = {"source": source, "contact": contact, "text": "Hello, about my lamp"}
        self.id: str = api.post("conversations/", json=body).raise_for_status().json()["id"]

    def sends(self, *sent: tuple[str, bytes], text: str = "") -> None:
        """Send files in one message."""
        keys = []
        for name, data in sent:
            answer = self._api.post("attachments/", files={"file": (name, data)})
            keys.append(answer.raise_for_status().json()["id"])
        body = {"text": text, "attachments": keys}
        path = f"conversations/{self.id}/customer-messages/"
        self._api.post(path, json=body).raise_for_status()

    def has_ticket(self) -> int:
        """Open a ticket of this conversation and return its number."""
        body = {"subject": "Lamp", "conversation": self.id}
        number: int = self._api.post("tickets/", json=body).raise_for_status().json()["number"]
        return number

    def wait_for(self, words: str) -> None:
        """Wait until ``words`` are found in a file."""
        path = f"conversations/{self.id}/messages/"
        wait_for(words, lambda: words in self._api.get(path).raise_for_status().text, within=30)


@pytest.fixture
def nils(app: AppProcesses) -> Iterator[Nils]:
    facts = app.demo()
    source = next(row["id"] for row in facts["sources"] if row["kind"] == "api")
    headers = {"Authorization": f"Bearer {facts['api_key']}"}
    with httpx.Client(base_url=f"{app.url}/api/v1/", headers=headers, timeout=20) as api:
        yield Nils(api, source)


@pytest.fixture
def page(window: BrowserContext, enter: Enter, nils: Nils) -> Page:
    """Alice's window with the conversation open."""
    enter(window, "alice")
    page = window.new_page()
    page.goto(f"/conversations/{nils.id}/")
    return page


def last_of_customer(page: Page) -> Locator:
    return page.locator(".message--customer").last


def test_files_are_seen_heard_and_read_while_one_looks(page: Page, nils: Nils) -> None:
    nils.sends(("lamp.jpg", files.photo()), text="Here is a photo")
    expect(last_of_customer(page).locator(".photo img")).to_be_visible()
    expect(last_of_customer(page).locator(".transcript")).to_contain_text("mostly orange")
    nils.sends(("note.ogg", voice.note(SAID)))
    expect(last_of_customer(page).locator("audio")).to_be_visible()
    expect(last_of_customer(page).locator(".transcript")).to_have_text(re.compile(SAID))
    nils.sends(
        ("order.pdf", documents.pdf("Order A-1", "Two lamps")),
        ("prices.xlsx", documents.excel([["Lamp", 2]])),
    )
    lines = last_of_customer(page).locator(".transcript")
    expect(lines).to_have_text([re.compile("order.pdf Read: 2 pages"), re.compile("Read: 1 sheet")])


def is_whole(image: Locator) -> bool:
    """Scroll to a picture, whose row may be drawn anew; return whether it has its own shape."""
    try:
        image.scroll_into_view_if_needed(timeout=1_000)
        return bool(image.evaluate(IS_WHOLE, timeout=1_000))
    except Error:
        return False


def test_pictures_are_seen_whole_one_after_the_other(page: Page, nils: Nils) -> None:
    nils.sends(
        ("wide.png", files.image("PNG", (1_200, 100))),
        ("scan.tif", files.scan(3)),
        ("party.gif", files.moving(6, (300, 200))),
        text="Here they are",
    )
    photos = last_of_customer(page).locator("a.photo")
    expect(photos).to_have_text(["", "3 pages", re.compile("Play")])
    expect(last_of_customer(page).locator(".transcript")).to_have_text([re.compile("wide")] * 3)
    for image in photos.locator("img").all():
        wait_for("the whole picture", partial(is_whole, image), within=10)
    page.route("**/page-3*", lambda route: route.abort())
    photos.first.focus()
    page.keyboard.press("Enter")
    box = page.locator("dialog.lightbox")
    expect(box).to_contain_text(re.compile("wide.png.*1 of 5", re.DOTALL))
    for words in ("page 1 of 3", "page 2 of 3"):
        page.keyboard.press("ArrowRight")
        expect(box).to_contain_text(words)
    page.keyboard.press("ArrowRight")
    expect(box.get_by_role("alert")).to_contain_text("could not be loaded")
    page.unroute("**/page-3*")
    box.get_by_role("button", name="Reload").click()
    expect(box.locator("img")).to_be_visible()
    expect(box).to_contain_text("page 3 of 3")
    page.keyboard.press("End")
    expect(box).to_contain_text("party.gif")
    expect(box).not_to_have_attribute("aria-busy", "true")
    expect(box.get_by_role("button", name="Next picture")).to_be_hidden()
    box.get_by_role("button", name="Larger").click()
    assert box.locator("img").evaluate("(image) => image.clientWidth") == 450
    page.keyboard.press("0")
    page.mouse.click(30, 200)
    expect(box).to_have_count(0)
    expect(photos.last).to_be_focused()


def test_a_larger_picture_is_moved_by_keys(page: Page, nils: Nils) -> None:
    nils.sends(
        ("wide.png", files.image("PNG", (1_200, 100))), ("party.gif", files.moving(6, (300, 200)))
    )
    last_of_customer(page).locator("a.photo").last.click()
    box = page.locator("dialog.lightbox")
    expect(box).to_contain_text("party.gif")
    expect(box).not_to_have_attribute("aria-busy", "true")
    for _ in range(6):
        page.keyboard.press("+")
    stage = box.get_by_role("group", name="Picture")
    place = "(stage) => [stage.scrollLeft, stage.scrollTop]"
    before = stage.evaluate(place)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert all(after > was for was, after in zip(before, stage.evaluate(place), strict=True))
    stage.focus()
    page.keyboard.press("0")
    page.keyboard.press("Home")
    expect(box).to_contain_text("wide.png")
    page.keyboard.press("End")
    expect(box).to_contain_text("party.gif")


def test_what_is_found_before_the_message_is_there_is_shown(page: Page, nils: Nils) -> None:
    expect(page.locator("[data-live]").first).to_have_text("Live")
    expect(page.locator(".message--assistant[data-position]")).to_have_count(1)
    page.evaluate(HOLD)
    nils.sends(("note.ogg", voice.note(SAID)))
    nils.wait_for(SAID)
    # Nothing shows that the page has received the result.
    waiting.work_goes_on(0.5, page=page)
    page.evaluate("letGo()")
    expect(last_of_customer(page).locator(".transcript")).to_have_text(re.compile(SAID))


def test_what_could_not_be_read_says_why_and_is_tried_again_where_that_may_help(
    page: Page, nils: Nils, app: AppProcesses
) -> None:
    nils.sends(("broken.pdf", b"%PDF-1.4 nothing at all"))
    line = last_of_customer(page).locator(".transcript--failed")
    expect(line).to_contain_text("Not read. The document is damaged")
    expect(line.get_by_role("button")).to_have_count(0)
    app.manage("shell", "-c", MAY_CHANGE)
    page.reload()
    with page.expect_response(re.compile("/retry/")) as answer:
        line.get_by_role("button", name="Try again").click()
    assert answer.value.status == 202
    expect(line).to_contain_text("Not read. The document is damaged")


def test_file_on_its_way_is_a_placeholder_until_it_is_lost(
    page: Page, nils: Nils, app: AppProcesses
) -> None:
    app.manage("shell", "-c", BY_HAND.format(conversation=nils.id))
    message = last_of_customer(page)
    expect(message.locator(".photo--waiting")).to_have_text(re.compile("On its way"))
    expect(message.locator(".attachment--waiting")).to_have_count(2)
    app.manage("shell", "-c", LOST)
    failed: Any = message.locator(".attachment--failed")
    expect(failed).to_have_count(3)
    expect(failed.first).to_contain_text("WhatsApp no longer has this file")
    failed.first.get_by_role("button", name="Try again").click()
    expect(page.locator(".toast")).to_contain_text("nothing to try again")


def test_each_refused_file_has_its_line_and_the_others_are_kept(page: Page) -> None:
    page.locator("[data-file-input]").evaluate(
        "(input) => (input.dataset.mostBytes = 2 * 1024 * 1024)"
    )
    film = FilePayload(name="film.mp4", mimeType="video/mp4", buffer=bytes(2 * 1024 * 1024 + 1))
    setup = FilePayload(name="setup.exe", mimeType="", buffer=b"MZ" + b"\0" * 200)
    order = FilePayload(name="order.txt", mimeType="text/plain", buffer=b"ORD-12345")
    again = FilePayload({**film, "name": "again.mp4"})
    page.locator("[data-file-input]").set_input_files([film, setup, order, again])
    refusal = page.locator("[data-refusal]")
    expect(refusal).to_contain_text("setup.exe")
    assert refusal.inner_text().splitlines() == [
        "film.mp4 is larger than 2 MB.",
        "again.mp4 is larger than 2 MB.",
        "setup.exe: Programs and scripts are not taken.",
    ]
    files = page.locator("[data-files] .attachment")
    expect(files).to_have_text([re.compile(r"order\.txt\s*9 B")])
    page.get_by_role("tab", name="Note").click()
    expect(refusal).to_be_hidden()
    page.get_by_role("tab", name="Reply").click()
    expect(files).to_have_count(1)


def test_files_go_one_after_the_other_and_a_removed_one_holds_up_nobody(page: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/api/v1/attachments/", hold)
    first, second = (
        FilePayload(name=name, mimeType="text/plain", buffer=b"ORD-12345")
        for name in ("a.txt", f"{'b' * 160}.txt")
    )
    with page.expect_request("**/api/v1/attachments/"):
        page.locator("[data-file-input]").set_input_files([first, second])
    files = page.locator("[data-files] .attachment")
    expect(files).to_have_count(2)
    assert len(held) == 1
    page.unroute("**/api/v1/attachments/")
    page.get_by_role("button", name="Remove a.txt").click()
    expect(files).to_have_count(1)
    expect(files.locator("[data-progress-bar]")).to_have_count(0)
    expect(page.locator("[data-refusal]")).to_be_hidden()
    page.set_viewport_size({"width": 390, "height": 800})
    lines = "(size) => size.clientHeight / parseFloat(getComputedStyle(size).lineHeight)"
    assert files.locator("[data-size]").evaluate(lines) < 1.5


def test_a_dropped_file_never_replaces_the_page(page: Page, nils: Nils) -> None:
    files = page.locator("[data-files] .attachment")
    places = ("[data-thread-scroll]", ".thread-head", "[data-composer]", "[data-list]", ".nav")
    for number, place in enumerate(places):
        assert dropped_once_ready(page.locator(place).first) == "taken"
        expect(files).to_have_count(number + 1)
        expect(page.locator(".drop-target")).to_have_count(0)
    page.goto(f"/tickets/{nils.has_ticket()}/")
    assert dropped_once_ready(page.locator("[data-ticket-scroll]")) == "taken"
    expect(files).to_have_count(1)
    page.goto("/chats/?new")
    expect(page.locator("[data-live]")).to_have_text("Live")
    assert dropped(page.locator("[data-chat-pane] .pane__bar")) == "left"
    expect(page.locator(".toast")).to_have_text(
        "Open a conversation or a chat to add files to a message."
    )


def test_a_file_dropped_before_the_page_is_ready_does_not_replace_it(page: Page) -> None:
    page.route(MODULES, lambda _: None)
    page.reload(wait_until="commit")
    place = page.locator("[data-composer]")
    assert dropped(place) == "left"
    page.unroute(MODULES)
    assert dropped_once_ready(place) == "taken"


def dropped(place: Locator) -> str:
    """Drop a file and say whether it was taken, left, or would have replaced the page."""
    found: str = place.evaluate(DROP)
    return found


def dropped_once_ready(place: Locator) -> str:
    """Drop a file until it is not left any more, and say what became of it."""
    return waiting.until(
        lambda: found if (found := dropped(place)) != "left" else "", page=place.page
    )
