"""Faults: what goes wrong on request, by a header, the query or a marker in what is sent."""

import re

_MARKER = re.compile(r"\[orders:([^\]\"\\]+)\]")
_COUNTED = re.compile(r"\d{3}(-after)?|(cut|hang)(-before)?")
"""Faults whose value says how often they strike."""
_STATUS = re.compile(r"([45]\d\d)(-after)?")


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

    def text(self, name: str, default: str) -> str:
        """Return the value of ``name``, or ``default`` where it has none."""
        return self.values.get(name) or default

    def status(self, *, after: bool) -> int | None:
        """Return the status to answer with, before or ``after`` the work is done, if any."""
        found = (_STATUS.fullmatch(name) for name in self.values)
        return next((int(one[1]) for one in found if one and bool(one[2]) is after), None)


class Faults:
    """Which faults requests choose, and how often each has struck already."""

    def __init__(self) -> None:
        """Start without any."""
        self._struck: dict[str, int] = {}

    def choose(self, *ordered: str, path: str, body: str) -> Chosen:
        """Return what goes wrong with a request: what is ``ordered``, and what markers say."""
        texts = [*ordered, *_MARKER.findall(path), *_MARKER.findall(body)]
        parts = (part.strip().partition("=") for part in ",".join(texts).split(","))
        values = {name: value for name, _, value in parts if name}
        key = f"{path} {body}"
        return Chosen({k: v for k, v in values.items() if self._strikes(k, v, key)})

    def _strikes(self, name: str, value: str, key: str) -> bool:
        """Return whether a fault that strikes a number of times does so once more."""
        if not _COUNTED.fullmatch(name) or not value.isdigit():
            return True
        counted = f"{name} {key}"
        self._struck[counted] = self._struck.get(counted, 0) + 1
        return self._struck[counted] <= int(value)
