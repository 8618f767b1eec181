"""Serializer fields that hold what the contract says: each takes its own JSON type alone.

Django REST framework takes a number for a text, a text for a number and 0 for false.
"""

import unicodedata
from typing import Any, ClassVar

from rest_framework import serializers

MAX_TEXT = 10_000

_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
_INVISIBLE_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")


class _Strict:
    """A field that takes values of certain Python types, which stand for one type of JSON."""

    taken: ClassVar[tuple[type, ...]] = (str,)

    def to_internal_value(self, data: Any) -> Any:
        """Take the value, refuse one of another type."""
        if type(data) not in self.taken:
            self.fail("invalid", value=data)  # type: ignore[attr-defined]
        return super().to_internal_value(data)  # type: ignore[misc]


class CharField(_Strict, serializers.CharField):
    """A text; spaces at its ends are cut."""


class EmailField(_Strict, serializers.EmailField):
    """An email address."""


class URLField(_Strict, serializers.URLField):
    """An address."""


class UUIDField(_Strict, serializers.UUIDField):
    """An id."""


class BooleanField(_Strict, serializers.BooleanField):
    """True or false."""

    taken = (bool,)


class IntegerField(_Strict, serializers.IntegerField):
    """A whole number."""

    taken = (int,)


class FloatField(_Strict, serializers.FloatField):
    """A number."""

    taken = (int, float)


class TextField(CharField):
    """What a person writes: 1 to 10,000 code points as they are, no NUL, no lone surrogates.

    A text in which nothing can be seen is empty; that is allowed with ``allow_blank=True`` (with
    attachments).
    """

    def __init__(self, **kwargs: Any) -> None:
        """Set the limits; spaces at the ends belong to the text."""
        kwargs.setdefault("max_length", MAX_TEXT)
        kwargs.setdefault("trim_whitespace", False)
        super().__init__(**kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Take a text in which nothing can be seen for an empty one."""
        is_blank = isinstance(data, str) and all(map(_is_invisible, data))
        return super().run_validation("" if is_blank else data)


def _is_invisible(character: str) -> bool:
    return (
        unicodedata.category(character) in _INVISIBLE_CATEGORIES or character in _INVISIBLE_LETTERS
    )
