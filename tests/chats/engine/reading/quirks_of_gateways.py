"""Quirks of LM Studio, of gateways, and of the servers behind them."""

from chats.engine.parts import UsageReport
from tests.chats.engine.reading.quirk_rows import (
    CALL,
    CALLED,
    LAMP,
    REPORT,
    STOP,
    USAGE,
    YES,
    Quirk,
    call,
    stream,
)
from tests.chats.engine.reading.streams import chunk, event

QUIRKS_OF_GATEWAYS = [
    Quirk(
        server="LM Studio",
        quirk="a stream without any text where the prompt is too long",
        data=stream(STOP),
        text="",
    ),
    Quirk(
        server="LM Studio",
        quirk="an `event: error`",
        data=b"event: error\n" + event({"error": {"message": "no"}}),
        text="",
        finish="",
        error="unavailable",
    ),
    Quirk(
        server="LiteLLM",
        quirk="thinking twice, as a field and as blocks",
        data=stream(
            chunk(
                {
                    "content": "",
                    "reasoning_content": "hm",
                    "thinking_blocks": [{"type": "thinking", "thinking": "hm"}],
                }
            ),
            YES,
            STOP,
        ),
        reasoning="hm",
    ),
    Quirk(
        server="LiteLLM",
        quirk="an empty object before the arguments",
        data=stream(
            YES,
            chunk({"tool_calls": [call(function={"name": "search_knowledge", "arguments": "{}"})]}),
            chunk({"tool_calls": [{"index": 0, "function": {"arguments": CALL}}]}),
            CALLED,
        ),
        calls=LAMP,
        finish="tool_calls",
    ),
    Quirk(
        server="OpenRouter",
        quirk="comments while the provider works",
        data=b": OPENROUTER PROCESSING\n\n" + stream(YES, STOP),
    ),
    Quirk(
        server="OpenRouter",
        quirk="`reasoning` and `reasoning_details` with the same words",
        data=stream(
            chunk(
                {
                    "content": "",
                    "reasoning": "hm",
                    "reasoning_details": [{"type": "reasoning.text", "text": "hm"}],
                }
            ),
            YES,
            STOP,
        ),
        reasoning="hm",
    ),
    Quirk(
        server="OpenRouter",
        quirk="an error in the middle, with the finish `error`",
        data=stream(YES, chunk({"content": ""}, "error", error={"code": 502, "message": "no"})),
        finish="",
        error="unavailable",
    ),
    Quirk(
        server="Mistral",
        quirk="content as a list of parts, thinking among them",
        data=stream(
            chunk(
                {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}]}
            ),
            chunk({"content": [{"type": "text", "text": "Yes."}]}),
            STOP,
        ),
        reasoning="hm",
    ),
    Quirk(
        server="Mistral",
        quirk="the finish `model_length`, arguments as an object",
        data=stream(
            YES,
            chunk(
                {
                    "tool_calls": [
                        call(function={"name": "search_knowledge", "arguments": {"query": "lamp"}})
                    ]
                },
                "model_length",
            ),
        ),
        calls=LAMP,
        finish="length",
    ),
    Quirk(
        server="DeepSeek",
        quirk="cached tokens as `prompt_cache_hit_tokens`",
        data=stream(YES, chunk({}, "stop", usage={**USAGE, "prompt_cache_hit_tokens": 5})),
        usage=UsageReport(9, 4, 5),
    ),
    Quirk(
        server="DeepSeek",
        quirk="blank lines to keep the connection alive",
        data=b"\n\n\n: keep-alive\n\n" + stream(YES, STOP),
    ),
    Quirk(
        server="Groq",
        quirk="usage under `x_groq`",
        data=stream(YES, chunk({}, "stop", x_groq={"id": "x", "usage": USAGE})),
        usage=REPORT,
    ),
    Quirk(
        server="Groq",
        quirk="a call that it could not read, in `failed_generation`",
        data=b"event: error\n"
        + event(
            {
                "error": {
                    "code": "tool_use_failed",
                    "failed_generation": f"<function=search_knowledge>{CALL}</function>",
                }
            }
        ),
        text="",
        calls=LAMP,
        finish="tool_calls",
    ),
    Quirk(
        server="Bedrock gateways",
        quirk="the finish `tool_use`, an error as `message` alone",
        data=stream(YES, chunk({"tool_calls": [call()]}, "tool_use")),
        calls=LAMP,
        finish="tool_calls",
    ),
    Quirk(
        server="Bedrock gateways",
        quirk="`reasoning_content` as an object",
        data=stream(chunk({"reasoning_content": {"text": "hm"}}), YES, STOP),
        reasoning="hm",
    ),
    Quirk(
        server="Databricks",
        quirk="reasoning as a part with a `summary`",
        data=stream(
            chunk(
                {
                    "content": [
                        {
                            "type": "reasoning",
                            "summary": [{"type": "summary_text", "text": "hm"}],
                        }
                    ]
                }
            ),
            YES,
            STOP,
        ),
        reasoning="hm",
    ),
    Quirk(
        server="TGI",
        quirk="`tool_calls` as one object",
        data=stream(YES, chunk({"tool_calls": call()}), chunk({}, "eos_token")),
        calls=LAMP,
    ),
    Quirk(
        server="lmdeploy",
        quirk="fragments with an empty id, which belong to the last call",
        data=stream(
            YES,
            chunk({"tool_calls": [call(function={"name": "search_knowledge", "arguments": ""})]}),
            chunk({"tool_calls": [{"index": 0, "id": "", "function": {"arguments": CALL}}]}),
            CALLED,
        ),
        calls=LAMP,
        finish="tool_calls",
    ),
    Quirk(
        server="Perplexity",
        quirk="the whole message beside every delta",
        data=stream(
            {"choices": [{"index": 0, "delta": {"content": "Yes"}, "message": {"content": "Yes"}}]},
            {
                "choices": [
                    {
                        "index": 0,
                        "delta": {"content": "."},
                        "message": {"content": "Yes."},
                        "finish_reason": "stop",
                    }
                ]
            },
        ),
    ),
    Quirk(
        server="Cloudflare",
        quirk="choices without an index, `response` in its own interface",
        data=stream({"choices": [{"delta": {"content": "Yes"}}]}, {"response": "."}),
    ),
    Quirk(
        server="any gateway",
        quirk="a whole `chat.completion` in place of a stream",
        data=b'{\n "object": "chat.completion",\n "choices": [{"message": {"content": "Yes."}}]\n}',
    ),
    Quirk(
        server="any gateway",
        quirk="a page of HTML with the status 200",
        data=b"<!doctype html>\n<title>Sign in</title>\n",
        text="",
        finish="",
        error="malformed",
        words="Sign in",
    ),
]
