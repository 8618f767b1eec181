"""Code: whether a place in a text that comes in pieces lies within a fence or a span."""

import pytest

from chats.engine.reading.code import Code


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        ("", False),
        ("a `", True),
        ("a `b` ", False),
        ("a ``b` ", True),
        ("a ``b`` ", False),
        ("a `b\n", False),
        ("```", True),
        ("```python\n", True),
        ("```python\nx\n", True),
        ("```python\nx\n```", True),
        ("```python\nx\n```\n", False),
        ("````\n```\n", True),
        ("````\n```\n````\n", False),
        ("~~~\n```\n", True),
        ("~~~\n```\n~~~\n", False),
        ("```\n``` no end\n", True),
        ("```code``` ", False),
        ("   ```\n", True),
        ("     ```\n", False),
        ("a ```\n", False),
    ],
)
def test_is_open(text: str, *, is_open: bool) -> None:
    for size in (1, 2, 100):
        code = Code()
        for start in range(0, len(text), size):
            code.feed(text[start : start + size])
        assert code.is_open == is_open
