"""Hosted: the laboratories' own servers and their compatible endpoints."""

from tests.fakes.model_servers import carriers, refusals, rules
from tests.fakes.model_servers.profiles import Profile
from tests.fakes.model_servers.refusals import Refusal
from tests.fakes.model_servers.shapes import PLAIN_USAGE, Deltas, Json, Shape, contents, pieces

_STOCK = ("model", "messages", "stream", "stream_options", "temperature", "max_tokens", "tools")
_PLAIN_FIELDS = ("role", "content", "tool_calls", "tool_call_id", "name")


def _unsupported(name: str, instead: str) -> Refusal:
    return refusals.openai(
        f"Unsupported parameter: '{name}' is not supported with this model. Use '{instead}'"
        " instead.",
        param=name,
        code="unsupported_parameter",
    )


def _default_only() -> Refusal:
    return refusals.openai(
        "Unsupported value: 'temperature' does not support 0.3 with this model. Only the default"
        " (1) value is supported.",
        param="temperature",
        code="unsupported_value",
    )


def _unknown_argument() -> Refusal:
    return refusals.openai("Unrecognized request argument supplied: stream_options")


_OPENAI_RULES = (
    rules.with_content(
        refusals.openai, "Invalid value for 'content': expected a string, got null. ({at})"
    ),
    rules.ids_like(r".{1,40}", refusals.openai, "Invalid id: string too long, maximum 40 ({id})."),
    rules.message_fields(
        _PLAIN_FIELDS, refusals.openai, "Unknown parameter: 'messages[{at}].{name}'."
    ),
)
_OPENAI_TOP: Json = {
    "object": "chat.completion.chunk",
    "created": 1,
    "service_tier": "default",
    "system_fingerprint": "fp_1",
    "usage": None,
    "obfuscation": "x9",
}

_AZURE_FILTER: Json = {"hate": {"filtered": False, "severity": "safe"}}
_AZURE_PRELUDE = (
    b'data: {"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":'
    b'[{"prompt_index":0,"content_filter_results":{"hate":{"filtered":false}}}]}\n\n',
)

_ANTHROPIC_EMPTY = "messages.{at}: text content blocks must be non-empty"
_PREFILL = (
    "This model does not support assistant message prefill. The conversation must end with a"
    " user message."
)

_SIGNED: Json = {"extra_content": {"google": {"thought_signature": "c2lnbmVk"}}}
_UNSIGNED = (
    "Function call is missing a thought_signature in functionCall parts. This is required for"
    " tools to work correctly, and missing thought_signature may lead to degraded model"
    " performance. Additional data, function call `default_api:{tool}` , position 2."
)
_UNKNOWN_NAME = (
    'Invalid JSON payload received. Unknown name "{key}" at \'tools[{at}].function_declarations'
    "[0].parameters': Cannot find field."
)
_MISTRAL_FIELDS = ("role", "content", "tool_calls", "tool_call_id", "name", "prefix")
_MISTRAL_RULES = (
    rules.only((*_STOCK, "tool_choice", "parallel_tool_calls"), refusals.mistral_forbids),
    rules.message_fields(_MISTRAL_FIELDS, refusals.mistral_forbids, "messages.{at}.{role}.{name}"),
    rules.ids_like(
        r"[a-zA-Z0-9]{9}",
        refusals.mistral,
        "Tool call id was {id} but must be a-z, A-Z, 0-9, with a length of 9.",
    ),
    rules.user_last(
        refusals.mistral,
        "Expected last role User or Tool (or Assistant with prefix True) for serving but got"
        " {role}",
    ),
    rules.one_system_in_front(
        refusals.mistral, "Unexpected role 'system' after role 'user' or 'assistant'"
    ),
)

_DEEPSEEK_LATER = (
    "Missing `reasoning_content` field in the assistant message at message index {at}. For more"
    " information, please refer to https://api-docs.deepseek.com/guides/thinking_mode#tool-calls"
)


def _texts(text: str) -> Deltas:
    """Return the content with a null reasoning beside it."""
    return [{"content": piece, "reasoning_content": None} for piece in pieces(text)]


def _one_list_then_texts(text: str) -> Deltas:
    """Return the first piece as a list of parts, the others as texts."""
    first, *others = pieces(text)
    return [{"content": [{"type": "text", "text": first}]}, *({"content": one} for one in others)]


HOSTED: dict[str, Profile] = {
    "openai-gpt-4o": Profile(
        source="OpenAI's reference of chat completions",
        quirks=("usage in a chunk of its own", "ids of at most 40 signs", "no null content"),
        shape=Shape(
            first={"role": "assistant", "content": "", "refusal": None},
            top=_OPENAI_TOP,
            calls=carriers.in_fragments("call_{:024d}"),
        ),
        rules=_OPENAI_RULES,
    ),
    "openai-gpt-5-mini": Profile(
        source="OpenAI's errors of reasoning models",
        quirks=("refuses max_tokens", "refuses a temperature"),
        shape=Shape(top=_OPENAI_TOP, calls=carriers.in_fragments("call_{:024d}")),
        rules=(
            rules.without(
                "max_tokens", lambda: _unsupported("max_tokens", "max_completion_tokens")
            ),
            rules.without("temperature", _default_only),
            *_OPENAI_RULES,
        ),
        refusals=2,
    ),
    "azure": Profile(
        source="Azure OpenAI 2024-10, issues of its SDKs",
        quirks=("a first chunk without choices", "filter results", "refuses stream_options"),
        shape=Shape(
            before=_AZURE_PRELUDE,
            choice={"index": 0, "content_filter_results": _AZURE_FILTER},
            calls=carriers.in_fragments("call_{:024d}"),
            usage=None,
        ),
        rules=(rules.without("stream_options", _unknown_argument), *_OPENAI_RULES),
        refusals=1,
    ),
    "anthropic": Profile(
        source="Anthropic's OpenAI compatibility, issues of its clients",
        quirks=("no empty texts", "no prefill", "tools beside calls", "one system prompt"),
        shape=Shape(calls=carriers.in_fragments("toolu_{:024d}"), usage=PLAIN_USAGE),
        rules=(
            rules.not_empty(refusals.openai, _ANTHROPIC_EMPTY),
            rules.user_last(refusals.openai, _PREFILL),
            rules.tools_beside_calls(
                refusals.openai,
                "Requests which have `tool_use` or `tool_result` blocks in messages must define"
                " tools",
            ),
            rules.ids_like(r"[a-zA-Z0-9_-]{1,64}", refusals.openai, "String should match: {id}"),
        ),
    ),
    "gemini-2.5": Profile(
        source="Gemini's OpenAI compatibility, googleapis/python-genai #2868",
        quirks=("calls without index", "stop after calls", "schemas without additionalProperties"),
        shape=Shape(
            first=None,
            finish_calls="stop",
            is_finish_apart=False,
            newline=b"\r\n",
            calls=carriers.together("function-call-{:019d}", has_index=False),
            usage=PLAIN_USAGE,
            usage_at="every",
            needs_asking_for_usage=False,
        ),
        rules=(
            rules.schemas_without({"additionalProperties"}, refusals.google, _UNKNOWN_NAME),
            rules.message_fields(
                _PLAIN_FIELDS,
                refusals.google,
                'Invalid JSON payload received. Unknown name "{name}" at messages[{at}].',
            ),
        ),
        refusals=1,
    ),
    "gemini-3": Profile(
        source="Gemini's OpenAI compatibility, issues about thought signatures",
        quirks=("wants its thought signature back", "index 0 for all calls"),
        shape=Shape(
            first=None,
            finish_calls="stop",
            calls=carriers.whole("function-call-{:019d}", index=0, extra=_SIGNED),
            usage=PLAIN_USAGE,
            usage_at="last",
            needs_asking_for_usage=False,
        ),
        rules=(rules.calls_with("extra_content", refusals.google, _UNSIGNED),),
        refusals=1,
    ),
    "mistral": Profile(
        source="Mistral's API, issues of its clients",
        quirks=("closed fields", "ids of 9 letters and digits", "last role user or tool"),
        shape=Shape(
            top={"object": "chat.completion.chunk", "created": 1, "p": "abc"},
            choice={"index": 0},
            calls=carriers.together("abcde{:04d}"),
            is_finish_apart=False,
            usage=PLAIN_USAGE,
            usage_at="last",
            needs_asking_for_usage=False,
        ),
        rules=(
            rules.without("stream_options", lambda: refusals.mistral_forbids("stream_options")),
            *_MISTRAL_RULES,
        ),
        refusals=1,
    ),
    "magistral": Profile(
        source="Mistral's API with reasoning, issues of its clients",
        quirks=("thinking parts in the content", "content now a list, now a text"),
        shape=Shape(
            thinks=carriers.in_thinking_parts,
            writes=_one_list_then_texts,
            calls=carriers.together("abcde{:04d}"),
            usage=PLAIN_USAGE,
            usage_at="last",
            needs_asking_for_usage=False,
        ),
        rules=_MISTRAL_RULES,
    ),
    "deepseek": Profile(
        source="DeepSeek's API reference",
        quirks=("keep-alive comments", "usage with the finish", "refuses successive messages"),
        shape=Shape(
            before=(b": keep-alive\n\n", b": keep-alive\n\n"),
            calls=carriers.in_fragments("call_{:02d}_abcdefghijklmnop"),
            usage={**PLAIN_USAGE, "prompt_cache_hit_tokens": 64, "prompt_cache_miss_tokens": 56},
            usage_at="last",
            needs_asking_for_usage=False,
        ),
        rules=(
            rules.with_content(
                refusals.deepseek,
                "Failed to deserialize the JSON body into the target type: messages[{at}]: missing"
                " field `content` at line 1 column 900",
            ),
            rules.alternating(
                refusals.deepseek,
                "deepseek-reasoner does not support successive user or assistant messages. You"
                " should interleave the user/assistant messages in the message sequence.",
            ),
        ),
    ),
    "deepseek-thinking": Profile(
        source="DeepSeek V3.2 and V4, issues of their clients",
        quirks=("reasoning_content", "wants the reasoning of its calls back"),
        shape=Shape(
            first={"role": "assistant", "content": None, "reasoning_content": ""},
            thinks=carriers.in_field("reasoning_content", content=None),
            writes=_texts,
            calls=carriers.in_fragments("call_{:02d}_abcdefghijklmnop"),
            usage=PLAIN_USAGE,
            usage_at="last",
        ),
        rules=(rules.thoughts_with_calls(refusals.deepseek, _DEEPSEEK_LATER),),
        refusals=1,
    ),
    "xai": Profile(
        source="xAI's API reference, issues of its clients",
        quirks=("reasoning_content", "calls whole in one chunk", "usage in every chunk"),
        shape=Shape(
            thinks=carriers.in_field("reasoning_content"),
            writes=contents,
            calls=carriers.together("call_{:08d}"),
            usage_at="every",
            needs_asking_for_usage=False,
        ),
        rules=(
            rules.without(
                "frequency_penalty",
                lambda: refusals.xai("Argument not supported on this model: frequencyPenalty"),
            ),
        ),
        options={"frequency_penalty": 0.2},
        refusals=1,
    ),
}
"""The name of the server, and its profile."""
