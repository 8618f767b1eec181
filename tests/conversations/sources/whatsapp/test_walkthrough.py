"""Seed 003's part on WhatsApp, line by line: a person at the phone, an agent at the inbox."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from config import env
from tests.servers.parley import AppProcesses

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)


class Phone:
    """The customer's phone, in a window of its own."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        page.goto(f"{url}/phone/")
        expect(page.locator("[data-business]")).to_have_text("Nordhem")

    def become(self, name: str, *, is_secret: bool = False) -> None:
        """Become a customer who has never written."""
        form = self.page.locator("[data-new]")
        form.get_by_label("Name").fill(name)
        if is_secret:
            form.get_by_label("Keeps the number secret").check()
        form.get_by_role("button").click()
        expect(self.page.locator("[data-person][aria-current=true]")).to_contain_text(name)

    def says(self, text: str) -> None:
        """Write a text."""
        self.page.get_by_label("Message", exact=True).fill(text)
        self.page.keyboard.press("Enter")
        expect(self.mine.last).to_contain_text(text)

    def sends(self, what: str) -> None:
        """Send something else than a text, from the drawer."""
        self.page.locator("[data-more]").click()
        self.page.locator("[data-drawer]").get_by_role("button", name=what, exact=True).click()

    def is_set(self, hours: str) -> None:
        """Let what is written next have been written ``hours`` ago."""
        self.page.locator("[data-more]").click()
        self.page.locator("[data-age]").select_option(hours)
        self.page.locator("[data-more]").click()

    @property
    def mine(self) -> Locator:
        """What the customer sent."""
        return self.page.locator(".bubble--mine")

    @property
    def theirs(self) -> Locator:
        """What came from Parley."""
        return self.page.locator(".bubble:not(.bubble--mine)")


class Inbox:
    """Alice's inbox, filtered by WhatsApp."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.goto("/login/")
        page.locator("[name=username]").fill("alice")
        page.locator("[name=password]").fill("alice-demo")
        page.keyboard.press("Enter")
        page.wait_for_url("**/conversations/")

    def opens(self, name: str) -> Locator:
        """Find ``name`` in the list, open the conversation, and return its row."""
        self.page.goto("/conversations/?source=whatsapp")
        self.page.mouse.move(0, 0)  # a list under the pointer lets new rows wait
        row = self.page.locator("[data-row]", has_text=name)
        expect(row).to_have_count(1)
        row.locator(".row").click()
        expect(self.page.locator(".thread-head__name")).to_contain_text(name)
        return row

    def shows(self, banner: Locator, *, times: int = 1) -> None:
        """Load the page until ``banner`` is there, or gone: it is not updated live."""
        for _ in range(20):
            self.page.reload()
            if banner.count() == times:
                break

    def says(self, text: str) -> None:
        """Write a reply."""
        self.page.locator("[data-composer] [data-text]").fill(text)
        self.page.keyboard.press("Enter")

    def message(self, text: str) -> Locator:
        """Return one entry of the thread."""
        return self.page.locator(".message", has_text=text).last


def assert_icon_stands_beside_words(piece: Locator) -> None:
    """Its icon must not have a line of its own above the words."""
    icon, words = piece.locator("> .icon").bounding_box(), piece.locator("> span").bounding_box()
    assert icon is not None
    assert words is not None
    assert icon["x"] + icon["width"] <= words["x"]
    assert icon["y"] < words["y"] + words["height"]


@pytest.fixture
def narrow(inbox: Inbox) -> Iterator[Page]:
    """Yield the inbox as a phone shows it."""
    inbox.page.set_viewport_size({"width": 390, "height": 800})
    yield inbox.page
    inbox.page.set_viewport_size({"width": 1440, "height": 900})


@pytest.fixture(scope="module")
def graph_url(app: AppProcesses) -> str:
    return env.merged({"DATA_DIR": str(app.data_dir)})["WHATSAPP_GRAPH_URL"]


@pytest.fixture(scope="module")
def windows(app: AppProcesses, browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=app.url, viewport={"width": 1440, "height": 900})
    yield context
    context.close()


@pytest.fixture(scope="module")
def phone(windows: BrowserContext, graph_url: str) -> Phone:
    return Phone(windows.new_page(), graph_url)


@pytest.fixture(scope="module")
def inbox(windows: BrowserContext) -> Inbox:
    return Inbox(windows.new_page())


def test_a_customer_writes_and_the_assistant_answers(phone: Phone, inbox: Inbox) -> None:
    phone.become("Wendela Ros")
    phone.says("Hi, how long does delivery to Norway take?")
    expect(phone.theirs.first).to_be_visible()
    expect(phone.mine.first).to_have_attribute("data-status", "read")

    row = inbox.opens("Wendela Ros")
    expect(row.locator(".source--whatsapp")).to_have_text("WhatsApp")
    expect(row.locator("[data-window]")).to_have_text("23 h")
    expect(row).to_contain_text("Ada")
    expect(inbox.page.locator(".message--assistant .delivery").last).to_have_text("Delivered")
    phone.page.get_by_role("button", name="Mark read").click()
    expect(inbox.page.locator(".message--assistant .delivery").last).to_have_text("Read")


def test_an_agent_writes_freely_within_the_window(phone: Phone, inbox: Inbox) -> None:
    inbox.opens("Wendela Ros")
    inbox.says("Alice here: *two days* to Oslo.")
    expect(phone.theirs.last).to_contain_text("Alice here: two days to Oslo.")
    expect(phone.theirs.last.locator("b")).to_have_text("two days")
    expect(inbox.message("two days").locator(".delivery")).to_have_text("Delivered")
    phone.theirs.last.hover()
    phone.theirs.last.get_by_label("React with ❤️").click()
    expect(inbox.message("two days").locator(".reactions")).to_contain_text("❤️")
    phone.theirs.last.get_by_label("Reply to it").click()
    phone.says("Perfect")
    expect(inbox.message("Perfect").locator(".quote")).to_contain_text("two days")


def test_what_failed_says_why_and_is_sent_again(phone: Phone, inbox: Inbox) -> None:
    inbox.opens("Wendela Ros")
    inbox.says("And the lamp? [graph:fail=131026]")
    failed = inbox.message("And the lamp?")
    expect(failed.locator(".delivery")).to_contain_text("Not delivered: WhatsApp cannot reach")
    count = phone.theirs.count()
    failed.get_by_role("button", name="Send again").click()
    expect(phone.theirs).to_have_count(count + 1)


def test_photos_are_described_and_voice_notes_transcribed(phone: Phone, inbox: Inbox) -> None:
    phone.become("Noor Lund", is_secret=True)
    phone.sends("Two photos and a voice note")
    expect(phone.theirs.first).to_be_visible()

    inbox.opens("Noor Lund")
    customer = inbox.page.locator(".message--customer")
    expect(customer).to_have_count(3)
    expect(customer.locator("img")).to_have_count(2)
    expect(customer.locator(".transcript")).to_have_count(3)
    expect(customer.locator("audio")).to_have_count(1)
    expect(inbox.page.locator(".message--assistant")).to_have_count(1)


def test_documents_places_and_cards_are_shown(phone: Phone, inbox: Inbox) -> None:
    phone.become("Dag Holm")
    for what in ("Document", "Location", "Contact card", "Poll (unsupported)"):
        phone.sends(what)
    inbox.opens("Dag Holm")
    customer = inbox.page.locator(".message--customer")
    expect(customer).to_have_count(4)
    expect(customer.locator("a.attachment")).to_contain_text("invoice.pdf")
    expect(customer.filter(has_text="59.3326")).to_have_count(1)
    expect(customer.filter(has_text="Nils Bergström")).to_have_count(1)
    expect(customer.filter(has_text=re.compile("unsupported|not support", re.I))).to_have_count(1)


def test_after_the_window_only_a_template_goes(phone: Phone, inbox: Inbox) -> None:
    phone.become("Tove Berg")
    phone.is_set("25")
    phone.says("Is my lamp on its way?")
    phone.is_set("0")
    inbox.opens("Tove Berg")
    page = inbox.page
    expect(page.locator(".thread-head [data-window]")).to_have_text("Window closed")
    expect(page.locator("[data-composer] [data-text]")).to_be_hidden()
    page.locator("[data-closed]").get_by_role("button").click()
    picker = page.get_by_role("dialog", name="Choose a template")
    picker.get_by_label("Search templates").fill("order update")
    picker.get_by_label("Language").select_option("en_US")
    expect(picker.get_by_role("radio")).to_contain_text("Your order · Hello Elin, your order")
    picker.get_by_role("radio").click()
    for label, value in (
        ("Parameter 1", "Tove"),
        ("Parameter 2", "ORD-7"),
        ("Parameter 3", "Friday"),
    ):
        picker.get_by_label(label).fill(value)
    preview = picker.get_by_label("The customer reads")
    expect(preview).to_contain_text(
        "Hello Tove, your order ORD-7 is on its way and arrives on Friday."
    )
    used = page.locator(".wa dd.num")
    before = used.inner_text()
    picker.get_by_role("button", name="Send template").click()
    expect(picker).to_be_hidden()
    expect(used).not_to_have_text(before)
    expect(phone.theirs.last).to_contain_text("Hello Tove, your order ORD-7")

    phone.theirs.last.get_by_role("button", name="Thank you").click()
    expect(inbox.message("Thank you")).to_be_visible()
    expect(page.locator(".thread-head [data-window]")).to_have_text("23 h left")
    expect(page.locator("[data-composer] [data-text]")).to_be_visible()


def test_on_a_phone_the_shut_window_says_so_in_line(inbox: Inbox, narrow: Page) -> None:
    inbox.opens("Amira Haddad")
    expect(narrow.locator("[data-closed]")).to_be_visible()
    assert_icon_stands_beside_words(narrow.locator("[data-closed]"))


def is_too_wide(row: Locator, who: str) -> bool:
    """Return whether the last line of a row sticks out of it when ``who`` has the floor."""
    is_wide: bool = row.evaluate(
        """(row, who) => {
          const mark = row.querySelector(".control");
          document.createTreeWalker(mark, NodeFilter.SHOW_TEXT).nextNode().data = who;
          const line = row.querySelector(".row__meta");
          return line.scrollWidth > line.clientWidth;
        }""",
        who,
    )
    return is_wide


def test_the_window_can_be_filtered_by(phone: Phone, inbox: Inbox) -> None:
    phone.become("Ulla Ek")
    phone.is_set("22.5")
    phone.says("I wrote this long ago")
    phone.is_set("0")
    inbox.opens("Ulla Ek")
    page = inbox.page
    page.goto("/conversations/?window=closing")
    row = page.locator("[data-row]", has_text="Ulla Ek")
    expect(row.locator(".badge--orange")).to_be_visible()
    assistant = row.locator(".row__meta > .truncate")
    expect(assistant).to_have_text("Ada")
    assert assistant.evaluate("one => one.scrollWidth <= one.clientWidth"), "it is cut short"
    for who in ("A colleague outside", "Bartholomew Featherstonehaugh-Cholmondeley"):
        assert not is_too_wide(row, who)
    page.goto("/conversations/?window=closed")
    expect(page.locator("[data-row]", has_text="Amira Haddad")).to_have_count(1)
    expect(page.locator("[data-row]", has_text="Ulla Ek")).to_have_count(0)


def test_the_number_shows_quality_and_limits(phone: Phone, inbox: Inbox) -> None:
    inbox.opens("Elin Bergström")
    panel = inbox.page.get_by_role("region", name="WhatsApp")
    expect(panel).to_contain_text(re.compile(r"\d+ of 250"))
    panel.get_by_text("Quality and limits").click()
    for quality, limit in (
        ("New sender", "250"),
        ("Low", "1,000"),
        ("Medium", "10,000"),
        ("High", "100,000"),
    ):
        expect(panel.get_by_role("row", name=quality)).to_contain_text(limit)
    restricted = phone.page.get_by_label("Restricted: nothing may be sent")
    restricted.check()
    banner = inbox.page.locator("[data-swap=banners] .banner")
    try:
        inbox.shows(banner)
        expect(banner).to_contain_text("Nothing is sent over this number.")
        inbox.page.set_viewport_size({"width": 390, "height": 800})
        assert_icon_stands_beside_words(banner)
    finally:
        restricted.uncheck()
        inbox.page.set_viewport_size({"width": 1440, "height": 900})
    inbox.shows(banner, times=0)
    expect(banner).to_have_count(0)


def test_what_is_written_while_the_graph_is_away_stays(phone: Phone) -> None:
    phone.become("Ylva Strand")
    phone.page.route("**/say", lambda route: route.abort())
    field = phone.page.get_by_label("Message", exact=True)
    field.fill("Are you there?")
    field.press("Enter")
    expect(phone.page.locator("[data-failure]")).to_contain_text("does not answer")
    expect(field).to_have_value("Are you there?")
    phone.page.unroute_all()
    phone.says("Are you there?")
    expect(phone.page.locator("[data-failure]")).to_be_hidden()
