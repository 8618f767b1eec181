"""Finishes: why a model stopped, by the names that servers have for it."""

import re

from chats.engine.parts import ModelError

_STOP = "stop end_turn eos eos_token stop_sequence end complete completed finish finished done"
_LENGTH = (
    "length max_tokens max_output_tokens max_completion_tokens max_length model_length truncated "
    "token_limit model_context_window_exceeded context_length_exceeded incomplete pause_turn"
)
_CALLS = "tool_calls tool_use tool_call function_call function_calls"
_FILTER = (
    "content_filter content_filtered safety recitation blocklist prohibited_content spii language "
    "image_safety image_prohibited_content image_recitation guardrail_intervened refusal sensitive "
    "error_toxic"
)
_ERROR = (
    "unexpected_tool_call abort aborted cancelled insufficient_system_resource "
    "too_many_tool_calls missing_thought_signature other no_image image_other load unload"
)
_MEANINGS = {
    name: meaning
    for meaning, names in {
        "stop": _STOP,
        "length": _LENGTH,
        "tool_calls": _CALLS,
        "content_filter": _FILTER,
        "error": _ERROR,
    }.items()
    for name in names.split()
}
_FAILED = re.compile(r"error|fail|malformed|timeout|timed_out")
_NONE = frozenset({"", "null", "none", "finish_reason_unspecified"})


def meaning_of(reason: object) -> str | None:
    """Return ``stop``, ``length``, ``tool_calls`` or ``content_filter``; None for no reason yet.

    A reason that nobody knows is a proper end, too.

    :raises ModelError: ``unavailable``, where the server says that it failed.
    """
    if not reason or not isinstance(reason, str):
        return "stop" if reason else None
    name = re.split(r": |\.", reason.lower().strip(" ."))[-1].replace("-", "_").replace(" ", "_")
    if name in _NONE:
        return None
    meaning = _MEANINGS.get(name) or ("error" if _FAILED.search(name) else "stop")
    if meaning == "error":
        raise ModelError("unavailable", f"the model ended with “{reason[:100]}”", is_retryable=True)
    return meaning
