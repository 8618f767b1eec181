"""Sizes of files in steps of 1,024 bytes; without Django, for programs that run without it."""

from typing import NamedTuple

KILO = 1024


class Size(NamedTuple):
    """A size in the unit that people read it in: B, kB or MB."""

    value: float
    unit: str


def measured(count: int) -> Size:
    """Return so many bytes as 512 B, 293 kB, 1.2 MB, 10 MB."""
    if count < KILO:
        return Size(count, "B")
    kilobytes = round(count / KILO)
    if kilobytes < KILO:
        return Size(kilobytes, "kB")
    return Size(round(count / KILO**2, 1), "MB")


def in_english(count: int) -> str:
    """Return so many bytes in words that have no reader's language."""
    value, unit = measured(count)
    number = str(count) if unit == "B" else f"{value:,.1f}".removesuffix(".0")
    return f"{number} {unit}"
