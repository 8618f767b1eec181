"""Usages: the tokens of a call by the names that servers have for them."""

from dataclasses import astuple

from chats.engine.parts import Json, UsageReport
from chats.engine.reading.shapes import object_of

_INPUT = ("prompt_tokens", "input_tokens", "promptTokenCount", "prompt_eval_count")
_OUTPUT = ("completion_tokens", "output_tokens", "candidatesTokenCount", "eval_count")


def usage_in(document: Json) -> UsageReport | None:
    """Return the usage that a document reports, None where it reports none."""
    usage = document.get("usage") or object_of(document.get("x_groq")).get("usage")
    if not usage and "choices" not in document:
        usage = document.get("usageMetadata")
        if not usage and isinstance(document.get(_OUTPUT[-1]), int):
            usage = document
    return _usage(usage) if usage and isinstance(usage, dict) else None


def merged(before: UsageReport | None, now: UsageReport) -> UsageReport:
    """Return the highest of all reports: some servers count up, some report each half apart."""
    if before is None:
        return now
    pairs = zip(astuple(before), astuple(now), strict=True)
    return UsageReport(*(max(pair) for pair in pairs))


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
    return UsageReport.reported(
        input=read, output=_first(usage, _OUTPUT), cached=cached, reasoning=reasoning
    )


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
