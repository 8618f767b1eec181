"""Quirks: what servers really send, one row for each that is known; `docs/models.md` lists them.

The rows were put together from the servers' own documentation and public reports.
"""

from dataclasses import dataclass, field
from typing import Any

from chats.engine.parts import UsageReport
from tests.chats.engine.reading.streams import DONE, chunk, event

CALL = '{"query":"lamp"}'
USAGE = {"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13}
REPORT = UsageReport(9, 4)


@dataclass(frozen=True, kw_only=True)
class Quirk:
    """What ``server`` sends (``quirk``, as in the documentation), and what is read of it."""

    server: str
    quirk: str
    data: bytes
    text: str = "Yes."
    reasoning: str = ""
    calls: list[str] = field(default_factory=list)
    usage: UsageReport | None = None
    finish: str = "stop"
    error: str = ""


def stream(*chunks: Any, end: bytes = DONE) -> bytes:
    """Return ``chunks`` as a stream."""
    return b"".join(map(event, chunks)) + end


def call(index: Any = 0, **more: Any) -> dict[str, Any]:
    """Return a whole call in one fragment."""
    function = {"name": "search_knowledge", "arguments": CALL}
    return {"index": index, "id": "a", "type": "function", "function": function, **more}


YES = chunk({"content": "Yes."})
STOP = chunk({}, "stop")
CALLED = chunk({}, "tool_calls")
LAMP = ["search_knowledge"]
NO_INDEX = {key: one for key, one in call().items() if key != "index"}

QUIRKS = [
    Quirk(
        server="OpenAI",
        quirk="usage in a last chunk without choices",
        data=stream(YES, STOP, {"choices": [], "usage": USAGE}),
        usage=REPORT,
    ),
    Quirk(
        server="OpenAI",
        quirk="a refusal in a field of its own",
        data=stream(chunk({"content": None, "refusal": "Yes."}), STOP),
    ),
    Quirk(
        server="Azure",
        quirk="a first chunk with the prompt's filter results and no choices",
        data=stream({"choices": [], "prompt_filter_results": [{"prompt_index": 0}]}, YES, STOP),
    ),
    Quirk(
        server="Azure",
        quirk="chunks that hold nothing but filter results",
        data=stream(YES, {"choices": [{"index": 0, "content_filter_offsets": {}}]}, STOP),
    ),
    Quirk(
        server="Azure",
        quirk="the finish `content_filter`",
        data=stream(YES, chunk({}, "content_filter")),
        finish="content_filter",
    ),
    Quirk(
        server="Anthropic",
        quirk="an own event stream with `thinking_delta` and `input_json_delta`",
        data=b"event: message_start\n"
        + event({"type": "message_start", "message": {"usage": {"input_tokens": 9}}})
        + event(
            {"type": "content_block_delta", "delta": {"type": "thinking_delta", "thinking": "hm"}}
        )
        + event({"type": "content_block_delta", "delta": {"type": "text_delta", "text": "Yes."}})
        + event(
            {
                "type": "content_block_start",
                "index": 1,
                "content_block": {"type": "tool_use", "id": "a", "name": "search_knowledge"},
            }
        )
        + event(
            {
                "type": "content_block_delta",
                "index": 1,
                "delta": {"type": "input_json_delta", "partial_json": CALL},
            }
        )
        + event({"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {}})
        + event({"type": "message_stop"}),
        reasoning="hm",
        calls=LAMP,
        finish="tool_calls",
    ),
    Quirk(
        server="Anthropic",
        quirk="the finish `end_turn`",
        data=stream(YES, chunk({}, "end_turn")),
    ),
    Quirk(
        server="Gemini",
        quirk="calls without an index, the finish `stop`",
        data=stream(YES, chunk({"tool_calls": [NO_INDEX]}, "stop")),
        calls=LAMP,
    ),
    Quirk(
        server="Gemini",
        quirk="several calls, all with the index 0 and an empty id",
        data=stream(
            YES,
            chunk({"tool_calls": [call(id="")]}),
            chunk({"tool_calls": [call(id="", function={"name": "x", "arguments": "{}"})]}, "stop"),
        ),
        calls=["search_knowledge", "x"],
    ),
    Quirk(
        server="Gemini",
        quirk="thoughts as content that is marked beside it",
        data=stream(
            chunk({"content": "hm", "extra_content": {"google": {"thought": True}}}), YES, STOP
        ),
        reasoning="hm",
    ),
    Quirk(
        server="Gemini",
        quirk="the finish `MALFORMED_FUNCTION_CALL`",
        data=stream(chunk({}, "function_call_filter: MALFORMED_FUNCTION_CALL")),
        text="",
        finish="",
        error="unavailable",
    ),
    Quirk(
        server="Gemini",
        quirk="errors in a list",
        data=b'[{"error": {"code": 429, "message": "Quota", "status": "RESOURCE_EXHAUSTED"}}]',
        text="",
        finish="",
        error="rate_limited",
    ),
    Quirk(
        server="vLLM",
        quirk="`reasoning_content`, or `reasoning` in newer ones",
        data=stream(
            chunk({"reasoning_content": "h", "content": None}), chunk({"reasoning": "m"}), YES, STOP
        ),
        reasoning="hm",
    ),
    Quirk(
        server="vLLM",
        quirk="only a closing tag, since the template opened the reasoning",
        data=stream(chunk({"content": "hm"}), chunk({"content": "</think>\n\n"}), YES, STOP),
        reasoning="hm",
    ),
    Quirk(
        server="vLLM",
        quirk="the finish together with the last text, usage in every chunk",
        data=stream(chunk({"content": "Yes."}, "stop", usage=USAGE)),
        usage=REPORT,
    ),
    Quirk(
        server="vLLM",
        quirk="Hermes' calls as text where no parser is set",
        data=stream(
            YES,
            chunk({"content": '\n<tool_call>\n{"name": "search_knowledge", '}),
            chunk({"content": f'"arguments": {CALL}}}\n</tool_call>'}),
            STOP,
        ),
        calls=LAMP,
    ),
    Quirk(
        server="vLLM",
        quirk='errors as `{"object": "error"}`',
        data=stream({"object": "error", "message": "no", "code": 400}),
        text="",
        finish="",
        error="refused",
    ),
    Quirk(
        server="SGLang",
        quirk="the index 0 for every call, ids `0` and `1`",
        data=stream(
            YES,
            chunk({"tool_calls": [call(id="0")]}),
            chunk({"tool_calls": [call(id="1")]}),
            CALLED,
        ),
        calls=[*LAMP, *LAMP],
        finish="tool_calls",
    ),
    Quirk(
        server="SGLang",
        quirk="the finish `abort`",
        data=stream(YES, chunk({}, "abort")),
        finish="",
        error="unavailable",
    ),
    Quirk(
        server="Ollama",
        quirk="lines of JSON with `message` and `done` from its own interface",
        data=b'{"message": {"content": "Yes."}, "done": false}\n'
        b'{"message": {"content": ""}, "done": true, "done_reason": "stop", '
        b'"prompt_eval_count": 9, "eval_count": 4}\n',
        usage=REPORT,
    ),
    Quirk(
        server="Ollama",
        quirk="the finish `stop` where there are calls, whole calls at once",
        data=stream(YES, chunk({"tool_calls": [call()]}), STOP),
        calls=LAMP,
    ),
    Quirk(
        server="Ollama",
        quirk='errors as `{"error": "words"}`',
        data=stream({"error": "model runner has stopped"}),
        text="",
        finish="",
        error="unavailable",
    ),
    Quirk(
        server="llama.cpp",
        quirk="errors in a line `error:`",
        data=stream(YES, end=b'error: {"code": 500, "message": "no"}\n\n'),
        finish="",
        error="unavailable",
    ),
    Quirk(
        server="llama.cpp",
        quirk="`timings` beside every chunk, special tokens at the end",
        data=stream(chunk({"content": "Yes."}, timings={}), chunk({"content": "<|im_end|>"}), STOP),
    ),
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
    ),
]
