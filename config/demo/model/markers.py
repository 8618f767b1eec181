"""Markers: how a message or a model's name chooses one of the demo model's scripts."""

import re

_MARKER = re.compile(r"\[demo:([^\]]+)\]")


class Markers:
    """The scripts that one request chooses, by name."""

    def __init__(self, values: dict[str, str]) -> None:
        """Hold ``values``: a script's name and its parameter, empty where it has none."""
        self.values = values

    def __contains__(self, name: str) -> bool:
        """Return whether the script called ``name`` is chosen."""
        return name in self.values

    def text(self, name: str) -> str:
        """Return the parameter of ``name``, empty where it has none."""
        return self.values.get(name, "")

    def number(self, name: str, default: float) -> float:
        """Return the parameter of ``name`` as a number, or ``default``."""
        try:
            return float(self.values[name])
        except (KeyError, ValueError):
            return default


def read(message: str, model: str) -> Markers:
    """Return the markers in the customer's ``message`` and in the name of the ``model``."""
    parts = _MARKER.findall(message)
    parts.append(model.partition(":")[2])
    values: dict[str, str] = {}
    for part in ",".join(parts).split(","):
        name, _, value = part.strip().partition("=")
        if name:
            values[name] = value
    return Markers(values)


def strip(message: str) -> str:
    """Return the ``message`` without its markers, as the demo model understands it."""
    return _MARKER.sub("", message).strip()
