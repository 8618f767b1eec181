"""Boxes: the room that a picture takes in a thread, known before it is loaded."""

SIDE = 260
"""Pixels, about."""
_WIDE = 3
"""Beyond this ratio a picture gets more room in its length, or it would be a line."""
_MORE = 1.6


def fitted(width: int | None, height: int | None, *, side: int = SIDE) -> tuple[int, int]:
    """Return width and height in which a picture is seen whole; a small one keeps its size.

    The browser has the same in ``pictures.js``.
    """
    if not width or not height:
        return side, round(side * 0.75)
    is_long = max(width / height, height / width) > _WIDE
    scale = min(1, (side * _MORE if is_long else side) / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))
