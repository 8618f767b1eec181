"""Sight: what the demo model sees in an image: its shape and its colour, no more."""

import binascii
import io
from base64 import b64decode

from PIL import Image

_COLOURS = {
    "black": (20, 20, 20),
    "grey": (128, 128, 128),
    "white": (240, 240, 240),
    "red": (200, 30, 30),
    "orange": (220, 100, 40),
    "yellow": (230, 210, 60),
    "green": (50, 150, 60),
    "blue": (50, 90, 200),
    "violet": (130, 60, 170),
    "brown": (110, 70, 40),
}
_WIDE = 1.1


def described(url: str) -> str:
    """Return a description of the image of a data URL."""
    try:
        with Image.open(io.BytesIO(b64decode(url.partition(",")[2]))) as image:
            width, height = image.size
            pixel = image.convert("RGB").resize((1, 1)).getpixel((0, 0))
    except (OSError, ValueError, binascii.Error):
        return "The image cannot be seen."
    shape = "wide" if width > height * _WIDE else "tall" if height > width * _WIDE else "square"
    return f"A {shape} picture of {width} by {height} pixels, mostly {_colour(pixel)}."


def _colour(pixel: object) -> str:
    """Name the colour that is nearest."""
    channels = pixel if isinstance(pixel, tuple) else (0, 0, 0)

    def distance(name: str) -> float:
        pairs = zip(channels, _COLOURS[name], strict=False)
        return float(sum((one - other) ** 2 for one, other in pairs))

    return min(_COLOURS, key=distance)
