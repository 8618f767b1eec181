"""Faults: what goes wrong on request, by a marker in what is sent or by a test's order."""

import re
from dataclasses import dataclass
from typing import Any

from config.demo.graph.failures import Failure

Json = dict[str, Any]
ALWAYS = 10**9
_MARKER = re.compile(r"\[graph:([^\]\"\\]+)\]")
_CODES = {"429": "130429", "500": "2"}
"""What stands for a status instead of a code of Graph's."""


class Chosen:
    """The faults of one request, by name; a value that is absent is empty."""

    def __init__(self, values: dict[str, str]) -> None:
        """Hold ``values``."""
        self.values = values

    def __contains__(self, name: str) -> bool:
        """Return whether the fault called ``name`` was chosen."""
        return name in self.values

    def number(self, name: str, default: float) -> float:
        """Return the value of ``name``, or ``default``."""
        try:
            return float(self.values[name])
        except (KeyError, ValueError):
            return default

    @property
    def failure(self) -> Failure | None:
        """The error that Graph answers with, if any."""
        codes = [_CODES.get(name, name) for name in self.values if name.isdigit()]
        return Failure(int(codes[0]), "A fault of the demo Graph.") if codes else None

    @property
    def failed_later(self) -> Failure | None:
        """The error that a status reports after the message was taken, if any."""
        code = int(self.number("fail", 0))
        return Failure(code, "A fault of the demo Graph.") if code else None


@dataclass
class Order:
    """A fault that a test ordered: for which requests, and how often still."""

    fault: str
    path: str = ""
    text: str = ""
    sender: str = ""
    times: int = ALWAYS

    def fits(self, path: str, body: str, sender: str) -> bool:
        """Return whether it is for this request."""
        is_due = self.times > 0 and self.sender in {"", sender}
        return is_due and self.path in path and self.text in body


class Faults:
    """What was ordered, and how often each marker has struck already."""

    def __init__(self) -> None:
        """Start without any."""
        self._orders: list[Order] = []
        self._struck: dict[str, int] = {}

    def order(self, raw: Json) -> None:
        """Take an order; unknown fields raise ``TypeError``."""
        self._orders.append(Order(**raw))

    def clear(self) -> None:
        """Forget orders and counts."""
        self._orders.clear()
        self._struck.clear()

    def choose(self, *, path: str, body: str, sender: str) -> Chosen:
        """Return what goes wrong with a request; each call counts as one more."""
        values: dict[str, str] = {}
        for order in self._orders:
            if order.fits(path, body, sender):
                order.times -= 1
                values |= _read(order.fault)
        for marker in _MARKER.findall(body):
            values |= {
                name: value
                for name, value in _read(marker).items()
                if self._strikes(name, value, f"{sender} {name} {body}")
            }
        return Chosen(values)

    def _strikes(self, name: str, value: str, key: str) -> bool:
        """Return whether a marker that strikes a number of times does so once more."""
        if not name.isdigit() or not value.isdigit():
            return True
        self._struck[key] = self._struck.get(key, 0) + 1
        return self._struck[key] <= int(value)


def _read(text: str) -> dict[str, str]:
    parts = (part.strip().partition("=") for part in text.split(","))
    return {name: value for name, _, value in parts if name}
