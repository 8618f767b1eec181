"""Usages: the tokens of a call by the names that servers have for them."""

from chats.engine.parts import Json, UsageReport
from chats.engine.reading.dialects import standard
from chats.engine.reading.shapes import object_of

_INPUT = ("prompt_tokens", "input_tokens", "promptTokenCount", "inputTokens", "prompt_eval_count")
_OUTPUT = (
    *("completion_tokens", "output_tokens", "candidatesTokenCount", "outputTokens"),
    "eval_count",
)
_TOTAL = ("total_tokens", "totalTokenCount", "totalTokens")
_BESIDE = ("cache_read_input_tokens", "cache_creation_input_tokens")
"""What some servers count in the total, and not in the input."""


class UsageCollector:
    """The highest of all reports: some servers count up, some report each half apart."""

    def __init__(self) -> None:
        """Start with none."""
        self._last: Json | None = None
        self._before: UsageReport | None = None

    @property
    def report(self) -> UsageReport | None:
        """What was used, None where nothing was reported."""
        return self._before if self._last is None else _highest(self._before, _usage(self._last))

    def read(self, document: Json) -> None:
        """Note the usage that a document reports, if it does."""
        document = standard(document)
        usage = document.get("usage") or object_of(document.get("message")).get("usage")
        usage = usage or object_of(document.get("x_groq")).get("usage")
        if not usage and "choices" not in document:
            usage = document.get("usageMetadata")
            if not usage and isinstance(document.get(_OUTPUT[-1]), int):
                usage = document
        if usage:
            self.note(usage)

    def note(self, usage: object) -> None:
        """Note a report; what only counts on from the last one takes its place."""
        if not isinstance(usage, dict):
            return
        if self._last is not None and not _counts_on(self._last, usage):
            self._before = self.report
        self._last = usage


def _counts_on(last: Json, usage: Json) -> bool:
    """Return whether ``usage`` has the fields of ``last``, and none is lower."""
    if last.keys() != usage.keys():
        return False
    for name, value in usage.items():
        before = last[name]
        if value != before and not (before.__class__ is value.__class__ is int and value > before):
            return False
    return True


def _highest(one: UsageReport | None, other: UsageReport) -> UsageReport:
    if one is None:
        return other
    return UsageReport(
        max(one.input, other.input),
        max(one.output, other.output),
        max(one.cached, other.cached),
        max(one.reasoning, other.reasoning),
        max(one.audio_seconds, other.audio_seconds),
    )


def _usage(usage: Json) -> UsageReport:
    read = _first(usage, _INPUT)
    cached = _detail(usage, ("prompt_tokens_details", "input_tokens_details"), "cached_tokens")
    if cached is None:
        cached = usage.get("prompt_cache_hit_tokens", usage.get("cachedContentTokenCount"))
    if cached is None and "cache_read_input_tokens" in usage:
        cached = usage["cache_read_input_tokens"]
        if "prompt_tokens" not in usage:
            # Anthropic counts what came from its cache beside the input, we as a part of it.
            read = _sum(read, cached, usage.get("cache_creation_input_tokens"))
    groups = ("completion_tokens_details", "output_tokens_details")
    reasoning = _detail(usage, groups, "reasoning_tokens")
    if reasoning is None:
        reasoning = usage.get("reasoning_tokens", usage.get("thoughtsTokenCount"))
    written = _written(usage, read, reasoning)
    return UsageReport.reported(input=read, output=written, cached=cached, reasoning=reasoning)


def _written(usage: Json, read: object, reasoning: object) -> object:
    """Return the output; some servers count the reasoning beside it, in the total alone."""
    written = _first(usage, _OUTPUT)
    if isinstance(total := _first(usage, _TOTAL), int):
        beside = (usage.get(name) for name in _BESIDE if "prompt_tokens" in usage)
        return max(_sum(written), total - _sum(read, *beside))
    thoughts = reasoning if usage.get("thoughtsTokenCount") is not None else 0
    return _sum(written, thoughts) if thoughts else written


def _first(usage: Json, names: tuple[str, ...]) -> object:
    return next((usage[name] for name in names if usage.get(name) is not None), None)


def _detail(usage: Json, groups: tuple[str, ...], name: str) -> object:
    for group in groups:
        details = usage.get(group)
        if isinstance(details, dict) and details.get(name) is not None:
            return details[name]
    return None


def _sum(*counts: object) -> float:
    return sum(count for count in counts if isinstance(count, int | float))
