"""Texts in files: the part of a document that a model may read."""

READABLE = frozenset({"text/plain", "text/csv", "text/markdown", "application/json"})
MOST = 20_000
"""Code points of one document that are read."""


def is_readable(content_type: str) -> bool:
    """Return whether the text of such a file can be read."""
    return content_type in READABLE


def text_of(data: bytes) -> str:
    """Return the beginning of the text; what is no UTF-8 or UTF-16 is read as Windows-1252."""
    is_cut = len(data) >= MOST * 4
    data = data[: MOST * 4]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            is_at_the_cut = is_cut and error.start > len(data) - 4
            text = data.decode("utf-8" if is_at_the_cut else "cp1252", errors="replace")
    text = text.replace("\x00", "").strip()
    return text if len(text) <= MOST else f"{text[:MOST]}\n[… cut]"
