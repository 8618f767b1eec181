"""The ledger: what the order service did, in memory and in a file that outlives it."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

Json = dict[str, Any]
REFUND, ADDRESS = "refund", "address"


@dataclass(frozen=True, kw_only=True)
class Effect:
    """One thing that was done: ``request`` is the body of the call, ``answer`` what was said."""

    kind: str
    order: str
    at: str
    idempotency_key: str
    request: Json
    answer: Json


class Ledger:
    """All effects, oldest first."""

    def __init__(self, file: Path | None = None) -> None:
        """Read what ``file`` holds and write to it; without one keep all in memory alone."""
        self.effects: list[Effect] = []
        self.lookups = 0
        self.repeated = 0
        self._by_key: dict[str, Effect] = {}
        self._file = file
        if file and file.exists():
            for line in file.read_bytes().splitlines():
                self._take(Effect(**orjson.loads(line)))

    def add(self, effect: Effect) -> None:
        """Write ``effect`` down, first where it stays."""
        if self._file:
            with self._file.open("ab") as lines:
                lines.write(orjson.dumps(asdict(effect)) + b"\n")
        self._take(effect)

    def done_under(self, key: str) -> Effect | None:
        """Return what was done under the idempotency ``key``."""
        return self._by_key.get(key) if key else None

    def of(self, order: str, kind: str) -> list[Effect]:
        """Return what was done to ``order``."""
        return [one for one in self.effects if (one.order, one.kind) == (order, kind)]

    def counts(self) -> Json:
        """Return how often what was done; look-ups and repetitions since the start alone."""
        kinds = [effect.kind for effect in self.effects]
        return {
            "refunds": kinds.count(REFUND),
            "address_changes": kinds.count(ADDRESS),
            "lookups": self.lookups,
            "repeated": self.repeated,
        }

    def dump(self) -> list[Json]:
        """Return all effects as JSON objects."""
        return [asdict(effect) for effect in self.effects]

    def clear(self) -> None:
        """Forget everything."""
        self.effects.clear()
        self._by_key.clear()
        self.lookups = self.repeated = 0
        if self._file:
            self._file.unlink(missing_ok=True)

    def _take(self, effect: Effect) -> None:
        self.effects.append(effect)
        if effect.idempotency_key:
            self._by_key[effect.idempotency_key] = effect
