"""Pictures as the tests make and look at them."""

import io
from typing import Any

from PIL import Image

from conversations.files import remaking
from conversations.files.remaking import Remade


def remade_from(data: bytes) -> Remade:
    """Return what the other process would make of an image."""
    return remaking.remake(io.BytesIO(data))


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def pixel(data: bytes, place: tuple[int, int]) -> tuple[int, ...]:
    found: Any = opened(data).convert("RGB").getpixel(place)
    return tuple(found)


def alphas(image: Image.Image, *places: tuple[int, int]) -> list[int]:
    """Return how much each pixel covers."""
    found: list[Any] = [image.convert("RGBA").getpixel(place) for place in places]
    return [int(one[3]) for one in found]


def is_near(one: Any, other: Any) -> bool:
    """Return whether two colours look alike."""
    return all(abs(left - right) <= 12 for left, right in zip(one, other, strict=True))


def film(form: str, frames: list[Image.Image], **options: Any) -> bytes:
    target = io.BytesIO()
    frames[0].save(target, form, save_all=True, append_images=frames[1:], **options)
    return target.getvalue()


def colours(*names: str) -> list[Image.Image]:
    return [Image.new("RGB", (32, 24), name) for name in names]
