"""The words of the administration: of the navigation everywhere, times as elsewhere, no code."""

import re

import pytest
from axes.models import AccessLog
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import strip_tags

from channels_layer import formats
from tests.factories import NOON

pytestmark = pytest.mark.slow


def page_of(office: Client, name: str, *arguments: object) -> str:
    """Return a page of the administration."""
    response = office.get(reverse(f"admin:{name}", args=arguments))
    assert response.status_code == 200
    return response.content.decode()


def words(html: str) -> str:
    """Return what a page says, without its marks."""
    return " ".join(strip_tags(html).split())


def crumbs(html: str) -> list[str]:
    """Return the parts of the heading: group, table, row."""
    (heading,) = re.findall(r"<h1.*?</h1>", html, re.DOTALL)
    return [part.strip() for part in words(heading).split("\u203a")]


def title(html: str) -> str:
    """Return the title of a page."""
    (found,) = re.findall(r"<title>(.*?)</title>", html, re.DOTALL)
    return words(found)


def test_each_list_is_named_as_in_the_navigation(office: Client) -> None:
    groups = office.get("/admin/").context["sidebar_navigation"]
    for group in groups:
        for item in group["items"]:
            page = office.get(item["link"]).content.decode()
            assert crumbs(page) == [group["title"], str(item["title"])]
            assert title(page) == f"{item['title']} | Parley"


def test_a_person_is_one_of_the_staff_on_every_page(office: Client, alice: User) -> None:
    pages = {name: page_of(office, f"auth_user_{name}") for name in ("changelist", "add")}
    for name in ("change", "history"):
        pages[name] = page_of(office, f"auth_user_{name}", alice.pk)
    pages["password"] = page_of(office, "auth_user_password_change", alice.pk)
    for page in pages.values():
        assert crumbs(page)[:2] == ["People", "Staff"]
        for word in ("Authentication and Authorization", "Users", "user to change", "Add user"):
            assert word not in words(page)
    assert title(pages["change"]) == "alice | Change staff member | Parley"
    assert title(pages["add"]) == "Add staff member | Parley"


def test_a_sign_in_is_one_without_the_library_s_words(office: Client) -> None:
    row = AccessLog.objects.create(username="erik", user_agent="x" * 900, path_info="/login/")
    AccessLog.objects.filter(pk=row.pk).update(attempt_time=NOON)
    page = page_of(office, "axes_accesslog_change", row.pk)

    assert crumbs(page) == ["Diagnostics", "Sign-ins", f"Erik, {formats.full_moment(NOON)}"]
    for word in ("Axes", "Access Log", "00:00", "Session key hash"):
        assert word not in words(page)


def test_a_change_names_its_table_and_what_was_changed(office: Client, alice: User) -> None:
    body = {"username": "alice", "first_name": "Alicia", "role": "agent", "is_active": "on"}
    office.post(reverse("admin:auth_user_change", args=[alice.pk]), body)
    entry = LogEntry.objects.get(object_id=str(alice.pk))
    said = words(page_of(office, "admin_logentry_changelist"))
    shown = words(page_of(office, "admin_logentry_change", entry.pk))

    for page in (said, shown):
        assert "Changed First name" in page
        assert "Staff member" in page
        assert "Authentication" not in page
        assert "{" not in page


def test_the_search_of_the_navigation_knows_its_words(office: Client) -> None:
    found = words(office.get("/admin/search/", {"s": "staff"}).content.decode())
    assert "Staff" in found
    assert "People" in found
    assert "Authentication" not in found
    app = office.get("/admin/auth/")
    assert (app.status_code, app["Location"]) == (302, "/admin/")


def test_times_read_as_elsewhere(office: Client, alice: User) -> None:
    assert date_format(NOON, "DATETIME_FORMAT") == formats.full_moment(NOON)
    assert date_format(NOON, "DATE_FORMAT") == formats.full_day(NOON)
    assert date_format(NOON, "TIME_FORMAT") == formats.time_of_day(NOON)
    User.objects.update(date_joined=NOON)
    LogEntry.objects.log_actions(alice.pk, User.objects.filter(pk=alice.pk), 2, "x")
    LogEntry.objects.update(action_time=NOON)
    for page in (
        page_of(office, "auth_user_change", alice.pk),
        page_of(office, "auth_user_history", alice.pk),
        page_of(office, "admin_logentry_changelist"),
    ):
        assert formats.full_moment(NOON) in words(page)
        assert "p.m." not in words(page)
        assert "noon" not in words(page)
