"""The loader, the frame, its accent and the demo page."""

import re

import pytest
from django.test import Client

from conversations.sources.widget.models import Widget
from tests.conversations.sources.widget.conftest import SHOP, make_widget


def test_the_loader_may_be_included_anywhere(client: Client) -> None:
    response = client.get("/widget.js")

    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/javascript")
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert b"window.Parley" in response.content


def test_the_loader_is_not_sent_twice(client: Client) -> None:
    etag = client.get("/widget.js")["ETag"]

    assert client.get("/widget.js", headers={"If-None-Match": etag}).status_code == 304


def test_only_allowed_origins_may_frame_it(client: Client, widget: Widget) -> None:
    response = client.get(f"/widget/{widget.key}/")

    policy = response["Content-Security-Policy"]
    assert f"frame-ancestors 'self' {SHOP}" in policy
    assert "unsafe" not in policy
    assert "X-Frame-Options" not in response.headers


def test_the_frame_has_no_inline_script_or_style(client: Client, widget: Widget) -> None:
    page = client.get(f"/widget/{widget.key}/").content.decode()

    scripts = re.findall(r"<script\b[^>]*>", page)
    assert all("src=" in tag or 'type="application/json"' in tag for tag in scripts)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)


def test_the_frame_sets_no_cookie_and_tells_no_secret(client: Client, widget: Widget) -> None:
    response = client.get(f"/widget/{widget.key}/")

    assert not response.cookies
    assert widget.secret not in response.content.decode()


def test_texts_of_the_widget_are_escaped(client: Client, db: None) -> None:
    widget = make_widget(texts={"prechat_title": "</script><script>alert(1)</script>"})

    assert b"<script>alert(1)" not in client.get(f"/widget/{widget.key}/").content


@pytest.mark.parametrize("path", ["", "accent.css"])
def test_an_unknown_key_has_no_page(client: Client, db: None, path: str) -> None:
    assert client.get(f"/widget/nobody/{path}").status_code == 404


def test_the_accent_can_be_read_under_white_even_if_it_was_not_checked(
    client: Client, db: None
) -> None:
    widget = make_widget(accent="#ffee00")

    sheet = client.get(f"/widget/{widget.key}/accent.css").content.decode()

    assert "#ffee00" not in sheet
    assert widget.shown_accent in sheet


def test_the_demo_page_includes_the_loader(client: Client, widget: Widget) -> None:
    page = client.get("/widget/demo/").content.decode()

    assert f'<script src="/widget.js" data-widget="{widget.key}" async></script>' in page


def test_without_a_widget_there_is_no_demo_page(client: Client, db: None) -> None:
    assert client.get("/widget/demo/").status_code == 404


@pytest.mark.parametrize("path", ["/widget.js", "/widget/demo/", "/widget/{key}/"])
def test_pages_are_only_read(client: Client, widget: Widget, path: str) -> None:
    assert client.post(path.format(key=widget.key)).status_code == 405
