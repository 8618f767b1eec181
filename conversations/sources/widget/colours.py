"""Colours of the widget, and whether text on them can be read."""

from re import compile as pattern

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

ENOUGH = 4.5  # WCAG AA for text
WHITE = (255, 255, 255)
STEP = 0.97
LINEAR_UNTIL = 0.04045  # of sRGB, as WCAG defines it

_HEX = pattern(r"#[0-9a-fA-F]{6}")

Colour = tuple[int, int, int]


def parse(text: str) -> Colour:
    """Parse ``#rrggbb``; raise ``ValueError`` for anything else."""
    if not _HEX.fullmatch(text):
        raise ValueError(text)
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def write(colour: Colour) -> str:
    """Return a colour as ``#rrggbb``."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def contrast(one: Colour, other: Colour) -> float:
    """Return WCAG's contrast ratio, from 1 to 21."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def readable(colour: Colour) -> Colour:
    """Return the colour, darkened until white text on it can be read."""
    while contrast(colour, WHITE) < ENOUGH:
        colour = darker(colour, STEP)
    return colour


def darker(colour: Colour, factor: float) -> Colour:
    """Return the colour with every part multiplied by ``factor``, below 1."""
    red, green, blue = (int(part * factor) for part in colour)
    return red, green, blue


def validate_accent(text: str) -> None:
    """Refuse a value that is no colour, or one on which white text cannot be read."""
    try:
        colour = parse(text)
    except ValueError:
        raise ValidationError(_("Write a colour as #rrggbb.")) from None
    if contrast(colour, WHITE) < ENOUGH:
        raise ValidationError(
            _("White text on %(colour)s is hard to read (%(contrast).1f:1). Try %(better)s."),
            params={
                "colour": text,
                "contrast": contrast(colour, WHITE),
                "better": write(readable(colour)),
            },
        )


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= LINEAR_UNTIL else float(((part + 0.055) / 1.055) ** 2.4)
