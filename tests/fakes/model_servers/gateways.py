"""Gateways: servers in front of others."""

from tests.fakes.model_servers import carriers, refusals, rules, texts
from tests.fakes.model_servers.profiles import Profile
from tests.fakes.model_servers.refusals import Refusal
from tests.fakes.model_servers.shapes import PLAIN_USAGE, Json, Shape

_LITELLM_TOOLS = (
    "litellm.UnsupportedParamsError: Bedrock doesn't support tool calling without `tools=` param"
    " specified. Pass `tools=` param OR set `litellm.modify_params = True`"
)
_NO_ENDPOINTS = (
    "No endpoints found that support tool use. To learn more about provider routing, visit:"
    " https://openrouter.ai/docs/provider-routing"
)


def _dropped(name: str) -> Refusal:
    return refusals.litellm(
        f"litellm.UnsupportedParamsError: bedrock does not support parameters: ['{name}'], for"
        " model=acme-1. To drop these, set `litellm.drop_params=True` or for proxy:"
        " `litellm_settings: drop_params: true`"
    )


def _no_endpoints(_message: str) -> Refusal:
    return refusals.answered(404, {"error": {"message": _NO_ENDPOINTS, "code": 404}})


_ROUTED: Json = {"object": "chat.completion.chunk", "created": 1, "provider": "Acme"}

GATEWAYS: dict[str, Profile] = {
    "litellm": Profile(
        source="LiteLLM's proxy, its exceptions",
        quirks=("lists the parameters it refuses", "tools beside calls", "reasoning_content"),
        shape=Shape(
            thinks=carriers.in_field("reasoning_content", provider_specific_fields=None),
            calls=carriers.in_fragments("tooluse_{:022d}"),
            usage=PLAIN_USAGE,
        ),
        rules=(
            rules.without("temperature", lambda: _dropped("temperature")),
            rules.tools_beside_calls(refusals.litellm, _LITELLM_TOOLS),
        ),
        refusals=1,
    ),
    "openrouter": Profile(
        source="OpenRouter's documentation of streaming",
        quirks=("comments", "reasoning twice", "the provider's words in metadata.raw"),
        shape=Shape(
            before=(b": OPENROUTER PROCESSING\n\n", b": OPENROUTER PROCESSING\n\n"),
            thinks=carriers.in_details,
            calls=carriers.in_fragments("call_{:024d}"),
            choice={"index": 0, "native_finish_reason": None},
            top=_ROUTED,
        ),
        rules=(
            rules.without(
                "temperature",
                lambda: refusals.openrouter(
                    "Unsupported parameter: 'temperature' is not supported with this model."
                ),
            ),
        ),
        refusals=1,
    ),
    "openrouter-late": Profile(
        source="OpenRouter's documentation of errors",
        quirks=("refuses with status 200",),
        shape=Shape(
            before=(b": OPENROUTER PROCESSING\n\n",),
            thinks=carriers.in_details,
            calls=carriers.in_fragments("call_{:024d}"),
            top=_ROUTED,
        ),
        rules=(
            rules.without(
                "temperature",
                lambda: refusals.openrouter_in_200("`temperature` is deprecated for this model."),
            ),
        ),
        refusals=1,
    ),
    "openrouter-without-tools": Profile(
        source="OpenRouter's errors of routing",
        quirks=("404 where no provider has tools", "comments"),
        shape=Shape(
            before=(b": OPENROUTER PROCESSING\n\n",), thinks=carriers.in_details, top=_ROUTED
        ),
        rules=(rules.no_tools(_no_endpoints, _NO_ENDPOINTS),),
        has_tools=False,
        refusals=1,
    ),
    "envoy": Profile(
        source="envoyproxy/ai-gateway #1222",
        quirks=("reasoning as an object",),
        shape=Shape(
            thinks=carriers.in_object("reasoning_content"),
            calls=carriers.in_fragments("tooluse_{:022d}"),
            usage=PLAIN_USAGE,
        ),
    ),
    "one-api": Profile(
        source="one-api and its forks",
        quirks=("plain text errors", "calls between DeepSeek's markers", "Qwen's tags"),
        shape=Shape(
            thinks=carriers.in_tags("<think>", "</think>"),
            calls=carriers.as_text(texts.TEXTS["DeepSeek"]),
            finish_calls="stop",
            usage=PLAIN_USAGE,
            needs_asking_for_usage=False,
        ),
        rules=(
            rules.without(
                "stream_options",
                lambda: refusals.plain_text("unknown parameter: stream_options"),
            ),
        ),
        refusals=1,
    ),
}
"""The name of the server, and its profile."""
