"""First steps of an administrator in the browser: a person, a widget; the console stays silent."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    ViewportSize,
    expect,
)

from tests.servers.fixtures import Enter
from tests.servers.parley import AppProcesses

pytestmark = pytest.mark.browser

PASSWORD = "lantern-orchid-42"
FORMS = (
    "auth/user",
    "channels_layer/apikey",
    "chats/article",
    "conversations/assistant",
    "conversations/contact",
    "conversations/source",
    "widget/widget",
    "whatsapp/sender",
    "whatsapp/limittier",
)
STORED = (
    "axes/accesslog",
    "channels_layer/event",
    "chats/run",
    "chats/toolcall",
    "handoff/handoff",
)
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture
def complaints() -> list[str]:
    """Return what the console of the page wrote: what the policy refused, and errors."""
    return []


@pytest.fixture
def office(window: BrowserContext, enter: Enter, complaints: list[str]) -> Iterator[Page]:
    """Yield a page of an administrator, whose console has to stay silent."""
    enter(window, "admin")
    window.grant_permissions(["clipboard-read", "clipboard-write"])
    page = window.new_page()

    def listen(line: ConsoleMessage) -> None:
        if line.type in {"error", "warning"}:
            complaints.append(f"{page.url}: {line.text}")

    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    yield page
    assert complaints == []


def top_of(control: Locator) -> float:
    """Return how far down the page a control begins."""
    box = control.bounding_box()
    assert box
    return box["y"]


def deleting_is_last_and_quiet(office: Page) -> None:
    """Check that on a phone nothing red is filled and deleting stands below saving."""
    office.set_viewport_size(PHONE)
    delete = office.get_by_role("link", name="Delete widget")
    assert top_of(office.get_by_role("button", name="Save", exact=True)) < top_of(delete)
    expect(delete).to_have_css("background-color", "rgba(0, 0, 0, 0)")


def a_long_name_is_seen_whole(office: Page) -> None:
    """Check that on a phone a list grows with a name, and that nothing of it is cut."""
    office.goto("/admin/conversations/contact/")
    cell = office.locator("#result_list tbody th").first
    cell.locator("a").evaluate("name => { name.textContent = 'x'.repeat(160); }")
    for side in ("Height", "Width"):
        assert cell.evaluate(f"cell => cell.scroll{side} <= cell.client{side}")


def only_the_faulty_field_is_red(office: Page, row: Locator) -> None:
    """Check that in a row with one fault one field has another edge than its neighbours."""
    office.mouse.move(0, 0)
    faulty, label, kind = (
        row.get_by_label(name).evaluate("field => getComputedStyle(field).borderTopColor")
        for name in ("Choices", "Label", "Type")
    )
    assert label == kind != faulty


def test_a_person_made_by_one_form_signs_in(office: Page, window: BrowserContext) -> None:
    office.goto("/admin/")
    office.get_by_role("link", name="Staff").first.click()
    office.goto("/admin/auth/user/add/")
    office.get_by_label("First name").fill("Erik")
    office.get_by_label("Username").fill("erik")
    office.get_by_label("Password", exact=True).fill(PASSWORD)
    office.get_by_label("Password confirmation").fill(PASSWORD)
    office.get_by_label("Role").select_option("supervisor")
    office.get_by_role("button", name="Save", exact=True).click()
    expect(office.get_by_text("Added: erik.")).to_be_visible()
    office.locator("a[href$='/history/']").click()
    expect(office.get_by_text("Role: none → Supervisor, by Ingrid Solberg.")).to_be_visible()

    window.clear_cookies()
    office.goto("/login/")
    office.fill("[name=username]", "erik")
    office.fill("[name=password]", PASSWORD)
    office.keyboard.press("Enter")
    expect(office.get_by_role("heading", name="Conversations")).to_be_visible()


def test_a_widget_is_made_copied_and_given_a_form(office: Page, app: AppProcesses) -> None:
    office.goto("/admin/widget/widget/add/")
    office.get_by_label("Brand").fill("Sudhem")
    office.get_by_label("Assistant", exact=True).select_option(label="Ada")
    fields = office.locator("[data-rows=prechat_fields]")
    for _again in range(2):
        fields.get_by_role("button", name="Add a row").click()
    rows = fields.locator("[data-row]")
    rows.nth(0).get_by_label("Label").fill("Order")
    rows.nth(1).get_by_label("Label").fill("Topic")
    rows.nth(1).get_by_label("Type").select_option("dropdown")
    office.get_by_role("button", name="Save and continue editing").click()

    expect(rows.nth(1).get_by_text("Write at least one choice.")).to_be_visible()
    expect(rows.nth(0).locator(".rows__error")).to_have_count(0)
    only_the_faulty_field_is_red(office, rows.nth(1))
    rows.nth(0).get_by_role("button", name="Remove").click()
    office.get_by_role("button", name="Save and continue editing").click()
    expect(rows.nth(1).get_by_text("Write at least one choice.")).to_be_visible()
    expect(rows.nth(0)).to_be_hidden()
    rows.nth(1).get_by_label("Choices").fill("Delivery\nReturn")
    office.get_by_role("button", name="Save and continue editing").click()
    expect(rows).to_have_count(1)
    expect(rows.get_by_label("Name as a variable")).to_have_value("topic")

    deleting_is_last_and_quiet(office)

    office.get_by_role("button", name="Copy").click()
    expect(office.get_by_role("button", name="Copied")).to_be_visible()
    copied = office.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f'<script src="{app.url}/widget.js" data-widget="')
    assert copied.endswith('" async></script>')
    with office.expect_popup() as trial:
        office.get_by_role("link", name="Try it").click()
    expect(trial.value.locator("script[data-widget]")).to_have_count(1)


def test_no_page_is_refused_a_style(office: Page) -> None:
    for table in FORMS:
        office.goto(f"/admin/{table}/")
        first = office.locator("#result_list tbody th a, #result_list tbody td a").first
        if first.count():
            first.click()
            if table == "chats/article":
                office.goto(office.url.replace("/change/", "/history/"))
                office.goto(office.url.replace("/history/", "/delete/"))
        if table != "conversations/contact":
            office.goto(f"/admin/{table}/add/")
    office.set_viewport_size(PHONE)
    for table in STORED:
        office.goto(f"/admin/{table}/")
        office.locator("#result_list tbody a").first.click()
        assert office.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    a_long_name_is_seen_whole(office)
    office.goto("/admin/password_change/")
    office.goto("/admin/widget/widget/")
    office.locator("[name=_selected_action]").first.check()
    expect(office.locator("#changelist-actions")).to_be_visible()
    office.context.clear_cookies()
    office.goto("/admin/login/")
    expect(office.locator("[name=password]")).to_be_visible()
