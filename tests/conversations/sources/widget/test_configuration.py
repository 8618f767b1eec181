"""What an administrator may configure."""

import pytest
from django.core.exceptions import ValidationError

from conversations.sources.widget import colours, origins
from conversations.sources.widget.models import Widget

WHITE = (255, 255, 255)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("https://Shop.Example/", "https://shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_origins_are_compared_as_browsers_write_them(written: str, normal: str) -> None:
    assert origins.normal(written) == normal


@pytest.mark.parametrize("text", ["shop.example", "https://", "https://a.example/x", "*", "null"])
def test_what_is_no_origin_is_refused(widget: Widget, text: str) -> None:
    widget.allowed_origins = [text]

    with pytest.raises(ValidationError, match="no origin"):
        widget.full_clean()


@pytest.mark.parametrize(
    "field",
    [
        {"name": "x", "label": "X", "type": "colour"},
        {"name": "x y", "label": "X", "type": "text"},
        {"name": "x", "type": "text"},
        {"name": "x", "label": "X", "type": "dropdown"},
        "x",
    ],
)
def test_a_form_that_cannot_be_shown_is_refused(widget: Widget, field: object) -> None:
    widget.prechat_fields = [field]

    with pytest.raises(ValidationError, match="every field has"):
        widget.full_clean()


def test_unknown_texts_are_refused(widget: Widget) -> None:
    widget.texts = {"headline": "Hello"}

    with pytest.raises(ValidationError, match="no text named headline"):
        widget.full_clean()


@pytest.mark.parametrize("accent", ["blue", "#fff", "#ffee00", "#7ab8f5"])
def test_an_accent_under_which_white_cannot_be_read_is_refused(widget: Widget, accent: str) -> None:
    widget.accent = accent

    with pytest.raises(ValidationError):
        widget.full_clean()


def test_the_refusal_names_a_shade_that_would_do(widget: Widget) -> None:
    widget.accent = "#ffee00"
    with pytest.raises(ValidationError) as refusal:
        widget.full_clean()

    better = refusal.value.messages[0].split("Try ")[1].rstrip(".")
    assert colours.contrast(colours.parse(better), WHITE) >= colours.ENOUGH


def test_contrast_is_wcags() -> None:
    assert colours.contrast((0, 0, 0), WHITE) == pytest.approx(21)
    assert colours.contrast((119, 119, 119), WHITE) == pytest.approx(4.48, abs=0.01)


def test_the_usual_widget_is_valid(widget: Widget) -> None:
    widget.full_clean()

    assert widget.shown_accent == widget.accent
    assert widget.words["subtitle"] == "Assistant of Nordhem"
