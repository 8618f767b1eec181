"""Stored files: their bytes, or a part of them."""

from django.core.files.storage import default_storage


def read(path: str, *, start: int = 0, end: int | None = None) -> bytes:
    """Return the bytes of a stored file from ``start`` up to but not including ``end``."""
    with default_storage.open(path, "rb") as file:
        file.seek(start)
        data: bytes = file.read() if end is None else file.read(end - start)
        return data
