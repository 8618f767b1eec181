"""Widgets in the admin: rows in place of JSON, errors at the row, a tag that can be copied."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from conversations.sources.widget import prechat
from conversations.sources.widget.models import Widget
from tests.conversations.sources.widget.conftest import make_widget
from tests.factories import AssistantFactory

pytestmark = pytest.mark.slow

SPAN = {"reopen_after_0": "24", "reopen_after_1": "hours"}
LOOKS = {"accent": "#11649f", "position": "right", **SPAN}
EMAIL = {"label": "Your e-mail", "type": "email", "required": "on", "name": "email"}
TOPIC = {"label": "Topic", "type": "dropdown", "options": "Order\r\n\r\nReturn\r\nOrder"}


def rows(name: str, *items: dict[str, str]) -> dict[str, str]:
    """Return what the form sends of rows."""
    sent = {f"{name}-TOTAL_FORMS": str(len(items)), f"{name}-INITIAL_FORMS": "0"}
    for number, item in enumerate(items):
        sent |= {f"{name}-{number}-{part}": value for part, value in item.items()}
    return sent


def save(office: Client, widget: Widget, **body: str) -> Any:
    """Send the form of a widget."""
    path = reverse("admin:widget_widget_change", args=[widget.pk])
    return office.post(path, {"brand": widget.brand, **LOOKS, **body})


def rows_of(response: Any, name: str) -> Any:
    """Return the rows of the form that is shown again."""
    assert response.status_code == 200
    return response.context["adminform"].form[name].value()


def test_a_new_widget_needs_only_who_answers(office: Client) -> None:
    path, ada = reverse("admin:widget_widget_add"), AssistantFactory.create()
    refused = office.post(path, {"brand": "Nordhem", **LOOKS})
    assert "assistant" in refused.context["adminform"].form.errors

    body = {"brand": "Nordhem", "assistant": str(ada.pk), **LOOKS}
    page = office.post(path, body, follow=True).content.decode()
    widget = Widget.objects.get()
    assert (widget.source.name, widget.source.kind) == ("Nordhem", "web_widget")
    assert widget.source.assistant == ada
    assert widget.secret in page


def test_rows_are_stored_as_the_widget_reads_them(office: Client) -> None:
    widget = make_widget()
    sites = rows("allowed_origins", {"origin": "https://Shop.Example/"}, {"origin": "http://a.b:8"})
    fields = rows("prechat_fields", EMAIL, TOPIC, {**EMAIL, "DELETE": "on", "name": "other"})
    texts = {"texts-greeting": "Hello", "texts-teaser": ""}
    assert save(office, widget, **sites, **fields, **texts).status_code == 302

    widget.refresh_from_db()
    assert widget.allowed_origins == ["https://shop.example", "http://a.b:8"]
    assert widget.texts == {"greeting": "Hello"}
    assert widget.prechat_fields == [
        {"name": "email", "label": "Your e-mail", "type": "email", "required": True},
        {
            "name": "topic",
            "label": "Topic",
            "type": "dropdown",
            "required": False,
            "options": ["Order", "Return"],
        },
    ]
    prechat.validate_fields(widget.prechat_fields)

    path = reverse("admin:widget_widget_change", args=[widget.pk])
    page = office.get(path).content.decode()
    assert 'value="https://shop.example"' in page
    assert "Order\nReturn" in page
    assert "{&quot;" not in page
    assert save(office, widget).status_code == 302
    widget.refresh_from_db()
    assert len(widget.prechat_fields) == 2


@pytest.mark.parametrize(
    ("faulty", "field"),
    [
        ({"label": "", "type": "text"}, "label"),
        ({"label": "Topic", "type": "colour"}, "type"),
        ({"label": "Topic", "type": "dropdown", "options": " "}, "options"),
        ({"label": "Topic", "type": "text", "name": "9 lives"}, "name"),
        ({"label": "注文", "type": "text"}, "name"),
        ({"label": "Email", "type": "text"}, "name"),
        ({"label": "x" * 201, "type": "text"}, "label"),
    ],
)
def test_the_faulty_row_says_so(faulty: dict[str, str], field: str, office: Client) -> None:
    widget = make_widget()
    response = save(office, widget, **rows("prechat_fields", EMAIL, faulty))
    first, second = rows_of(response, "prechat_fields").errors

    assert (first, list(second)) == ({}, [field])
    assert "Your e-mail" in response.content.decode()
    widget.refresh_from_db()
    assert widget.prechat_fields == []


@pytest.mark.parametrize(
    "origin", ["shop.example", "https://a.example/x", "*", "https://shop.example"]
)
def test_the_faulty_site_says_so(origin: str, office: Client) -> None:
    widget = make_widget()
    sent = rows("allowed_origins", {"origin": "https://shop.example"}, {"origin": origin})
    first, second = rows_of(save(office, widget, **sent), "allowed_origins").errors

    assert (first, list(second)) == ({}, ["origin"])


def test_a_text_that_is_too_long_says_so(office: Client) -> None:
    response = save(office, make_widget(), **{"texts-greeting": "x" * 501})

    assert list(rows_of(response, "texts").errors) == ["greeting"]
    assert "at most 500" in response.content.decode()


def test_the_tag_can_be_copied_and_tried(office: Client) -> None:
    widget = make_widget()
    path = reverse("admin:widget_widget_change", args=[widget.pk])
    page = office.get(path, headers={"host": "desk.example"}).content.decode()
    tag = f'src="http://desk.example/widget.js" data-widget="{widget.key}" async>'

    assert tag.replace('"', "&quot;").replace(">", "&gt;") in page
    assert not {"“", "”", "…/widget.js"} & set(page.split())
    assert 'data-copy="snippet"' in page
    make_widget("Sudhem")
    trial = f"/widget/demo/?widget={widget.key}"
    assert trial in page
    assert f'data-widget="{widget.key}"' in office.get(trial).content.decode()
    assert office.get("/widget/demo/?widget=nobody").status_code == 404


@pytest.mark.parametrize(
    ("number", "unit", "lasts"),
    [
        ("90", "minutes", timedelta(minutes=90)),
        ("3", "days", timedelta(days=3)),
        ("365", "days", timedelta(days=365)),
        ("0", "hours", timedelta()),
        ("30", "seconds", timedelta(seconds=30)),
    ],
)
def test_a_time_is_a_number_and_a_unit(
    number: str, unit: str, lasts: timedelta, office: Client
) -> None:
    widget = make_widget()
    assert save(office, widget, reopen_after_0=number, reopen_after_1=unit).status_code == 302

    widget.refresh_from_db()
    assert widget.reopen_after == lasts


def test_a_new_widget_reopens_for_a_day(office: Client) -> None:
    page = office.get(reverse("admin:widget_widget_add")).content.decode()

    (shown,) = re.findall(r'<input[^>]*name="reopen_after_0"[^>]*>', page)
    assert 'value="1"' in shown
    assert '<option value="days" selected>' in page


@pytest.mark.parametrize(
    ("lasts", "number", "unit"),
    [
        (timedelta(hours=24), "1", "days"),
        (timedelta(hours=36), "36", "hours"),
        (timedelta(minutes=90), "90", "minutes"),
        (timedelta(seconds=61), "61", "seconds"),
        (timedelta(), "0", "days"),
    ],
)
def test_a_stored_time_is_shown_in_its_largest_whole_unit(
    lasts: timedelta, number: str, unit: str, office: Client
) -> None:
    widget = make_widget()
    Widget.objects.update(reopen_after=lasts)
    page = office.get(reverse("admin:widget_widget_change", args=[widget.pk])).content.decode()

    (shown,) = re.findall(r'<input[^>]*name="reopen_after_0"[^>]*>', page)
    assert f'value="{number}"' in shown
    assert f'<option value="{unit}" selected>' in page


@pytest.mark.parametrize(
    ("number", "unit", "says"),
    [
        ("", "hours", "Write a number and choose its unit."),
        ("1", "", "Write a number and choose its unit."),
        ("-1", "hours", "Write a whole number, 0 or more."),
        ("1.5", "hours", "Write a whole number, 0 or more."),
        ("a day", "hours", "Write a whole number, 0 or more."),
        ("1 00:00:00", "hours", "Write a whole number, 0 or more."),
        ("1", "weeks", "Choose a unit."),
        ("366", "days", "At most 365 days."),
        ("8761", "hours", "At most 365 days."),
        ("9" * 30, "days", "At most 365 days."),
    ],
)
def test_a_time_that_makes_no_sense_is_refused(
    number: str, unit: str, says: str, office: Client
) -> None:
    response = save(office, make_widget(), reopen_after_0=number, reopen_after_1=unit)

    assert response.context["adminform"].form.errors == {"reopen_after": [says]}
    assert not number or f'value="{number}"' in response.content.decode()
