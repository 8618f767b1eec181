"""Attempts: the requests of one model call that its server may charge."""

from dataclasses import dataclass

from chats.engine.parts import (
    Asked,
    ModelError,
    ModelEvent,
    ReasoningDelta,
    Restarted,
    TextDelta,
    TextRetracted,
    ToolCallDone,
    UsageReport,
)

_UNPAID = frozenset({"refused", "rate_limited", "unavailable"})
"""Codes of requests that a server declined, or never got."""


@dataclass(frozen=True)
class Attempt:
    """One request that a server took: the usage that it reported, if it did, and what it wrote."""

    usage: UsageReport | None
    written: str


class Attempts:
    """What the requests of one call took, from the events of its stream.

    A request counts when it was sent and not refused: it wrote something, it was stopped, or it
    failed so that nobody knows. One that a server refused, or never got, costs nothing.
    """

    def __init__(self) -> None:
        """Begin before anything was asked."""
        self.lost: list[Attempt] = []
        """Those that failed, and were followed by another."""
        self._is_asked = False
        self._has_begun = False
        self._usage: UsageReport | None = None
        self._text: list[str] = []
        self._beside: list[str] = []

    @property
    def last(self) -> Attempt | None:
        """The newest request; None where it costs nothing, or none was sent."""
        if not self._is_asked:
            return None
        return Attempt(self._usage, "".join([*self._beside, *self._text]))

    def take(self, event: ModelEvent) -> None:
        """Note one event of the call's stream."""
        match event:
            case Asked():
                self._begin()
                self._is_asked = True
            case Restarted(is_charged):
                self._lose(is_charged=is_charged)
            case TextDelta(text):
                self._text.append(text)
            case TextRetracted():
                # It comes again, as reasoning or as text.
                self._text.clear()
            case ReasoningDelta(text):
                self._beside.append(text)
            case ToolCallDone(_, name, arguments):
                self._beside += [name, arguments]
            case UsageReport():
                self._usage = event
        self._has_begun = self._has_begun or not isinstance(event, Asked | Restarted)

    def failed(self, error: ModelError) -> None:
        """Note that the newest request failed, and that none follows."""
        if not is_charged(error, has_begun=self._has_begun):
            self._is_asked = False

    def _lose(self, *, is_charged: bool) -> None:
        if is_charged and self.last is not None:
            self.lost.append(self.last)
        self._is_asked = False

    def _begin(self) -> None:
        self._has_begun = False
        self._usage = None
        self._text.clear()
        self._beside.clear()


def is_charged(error: ModelError, *, has_begun: bool) -> bool:
    """Return whether a request that failed with ``error`` may cost something."""
    return has_begun or (error.was_sent and error.code not in _UNPAID)
