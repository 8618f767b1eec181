"""Quirks of dialects: rows about other interfaces than chat completions, and wrapped ones."""

from typing import Any

import orjson

from tests.chats.engine.reading.quirk_rows import (
    CALL,
    LAMP,
    REPORT,
    STOP,
    USAGE,
    YES,
    Quirk,
    stream,
)
from tests.chats.engine.reading.streams import chunk

_READ = {"input_tokens": 9, "output_tokens": 4}


def _cohere(kind: str, message: Any, **more: Any) -> dict[str, Any]:
    return {"type": kind, "index": 0, "delta": {"message": message, **more}}


def _called(name: str) -> dict[str, Any]:
    return {"id": "a", "type": "function", "function": {"name": name, "arguments": ""}}


QUIRKS_OF_DIALECTS = [
    Quirk(
        server="OpenAI",
        quirk="events of its responses, as gateways let them through",
        data=stream(
            {"type": "response.created", "response": {"status": "in_progress"}},
            {"type": "response.reasoning_summary_text.delta", "delta": "hm"},
            {"type": "response.output_text.delta", "delta": "Ye"},
            {"type": "response.output_text.delta", "delta": "s."},
            {
                "type": "response.output_item.added",
                "output_index": 1,
                "item": {"type": "function_call", "call_id": "a", "name": "search_knowledge"},
            },
            *(
                {"type": "response.function_call_arguments.delta", "output_index": 1, "delta": part}
                for part in (CALL[:5], CALL[5:])
            ),
            {"type": "response.completed", "response": {"status": "completed", "usage": _READ}},
            end=b"",
        ),
        reasoning="hm",
        calls=LAMP,
        usage=REPORT,
    ),
    Quirk(
        server="OpenAI",
        quirk="a whole response in place of a chat completion",
        data=orjson.dumps(
            {
                "object": "response",
                "status": "incomplete",
                "incomplete_details": {"reason": "max_output_tokens"},
                "output": [
                    {"type": "message", "content": [{"type": "output_text", "text": "Yes."}]}
                ],
                "usage": _READ,
            }
        ),
        usage=REPORT,
        finish="length",
    ),
    Quirk(
        server="OpenAI",
        quirk="`response.failed` in the middle of a response",
        data=stream(
            {"type": "response.output_text.delta", "delta": "Yes."},
            {"type": "response.failed", "response": {"error": {"message": "no"}}},
        ),
        finish="",
        error="unavailable",
    ),
    Quirk(
        server="Cohere",
        quirk="events of its second interface",
        data=stream(
            _cohere("message-start", {"role": "assistant", "content": []}),
            _cohere("tool-plan-delta", {"tool_plan": "hm"}),
            _cohere("content-start", {"content": {"type": "text", "text": ""}}),
            _cohere("content-delta", {"content": {"text": "Yes."}}),
            _cohere("tool-call-start", {"tool_calls": _called("search_knowledge")}),
            _cohere("tool-call-delta", {"tool_calls": {"function": {"arguments": CALL}}}),
            {
                "type": "message-end",
                "delta": {"finish_reason": "TOOL_CALL", "usage": {"tokens": _READ}},
            },
            end=b"",
        ),
        reasoning="hm",
        calls=LAMP,
        usage=REPORT,
        finish="tool_calls",
    ),
    Quirk(
        server="Bedrock gateways",
        quirk="events of Converse",
        data=stream(
            {"messageStart": {"role": "assistant"}},
            {"contentBlockDelta": {"delta": {"reasoningContent": {"text": "hm"}}}},
            {"contentBlockDelta": {"delta": {"text": "Yes."}, "contentBlockIndex": 0}},
            {
                "contentBlockStart": {
                    "start": {"toolUse": {"toolUseId": "a", "name": "search_knowledge"}},
                    "contentBlockIndex": 1,
                }
            },
            {
                "contentBlockDelta": {
                    "delta": {"toolUse": {"input": CALL}},
                    "contentBlockIndex": 1,
                }
            },
            {"messageStop": {"stopReason": "tool_use"}},
            {"metadata": {"usage": {"inputTokens": 9, "outputTokens": 4, "totalTokens": 13}}},
            end=b"",
        ),
        reasoning="hm",
        calls=LAMP,
        usage=REPORT,
        finish="tool_calls",
    ),
    Quirk(
        server="Bedrock gateways",
        quirk="an answer of Converse",
        data=orjson.dumps(
            {
                "output": {"message": {"role": "assistant", "content": [{"text": "Yes."}]}},
                "stopReason": "max_tokens",
                "usage": {"inputTokens": 9, "outputTokens": 4},
            }
        ),
        usage=REPORT,
        finish="length",
    ),
    Quirk(
        server="DashScope",
        quirk="chunks within `output`",
        data=stream(
            {"output": {"choices": [{"message": {"content": "Ye"}, "finish_reason": "null"}]}},
            {
                "output": {"choices": [{"message": {"content": "s."}, "finish_reason": "stop"}]},
                "usage": _READ,
            },
            end=b"",
        ),
        usage=REPORT,
    ),
    Quirk(
        server="TGI",
        quirk="tokens of its own interface",
        data=stream(
            {"token": {"text": "Yes.", "special": False}, "generated_text": None},
            {
                "token": {"text": "</s>", "special": True},
                "generated_text": "Yes.",
                "details": {"finish_reason": "eos_token"},
            },
            end=b"",
        ),
    ),
    Quirk(
        server="Cloudflare",
        quirk='an envelope around all, `{"result": …, "success": true}`',
        data=orjson.dumps(
            {"result": {"choices": [{"message": {"content": "Yes."}}], "usage": USAGE}}
            | {"success": True, "errors": [], "messages": []}
        ),
        usage=REPORT,
    ),
    Quirk(
        server="any gateway",
        quirk="chunks within `data`, beside a code that is fine",
        data=stream(*({"code": 0, "msg": "ok", "data": one} for one in (YES, STOP))),
    ),
    Quirk(
        server="any gateway",
        quirk='errors as `{"code": 500, "msg": "words"}`',
        data=stream({"code": 500, "msg": "overloaded"}),
        text="",
        finish="",
        error="unavailable",
    ),
    Quirk(
        server="MiniMax",
        quirk="errors in `base_resp`",
        data=stream({"choices": None, "base_resp": {"status_code": 1000, "status_msg": "no"}}),
        text="",
        finish="",
        error="unavailable",
    ),
    Quirk(
        server="Baidu",
        quirk="errors as `error_msg`",
        data=stream({"error_code": 336100, "error_msg": "try again"}),
        text="",
        finish="",
        error="unavailable",
    ),
    Quirk(
        server="OpenRouter",
        quirk="an error within a choice",
        data=stream(
            YES, {"choices": [{"delta": {}, "error": {"code": 502, "message": "Upstream down"}}]}
        ),
        finish="",
        error="unavailable",
        words="Upstream down",
    ),
    Quirk(
        server="Perplexity",
        quirk="the whole message beside the last delta, which is empty",
        data=stream(
            {"choices": [{"delta": {}, "message": {"content": "Yes."}, "finish_reason": "stop"}]}
        ),
    ),
    Quirk(
        server="any gateway",
        quirk="a refusal beside an empty content",
        data=orjson.dumps({"choices": [{"message": {"content": "", "refusal": "Yes."}}]}),
    ),
    Quirk(
        server="any gateway",
        quirk="the text of a part as an object with its `value`",
        data=stream(chunk({"content": [{"type": "text", "text": {"value": "Yes."}}]}), STOP),
    ),
    Quirk(
        server="Gemini",
        quirk="thoughts that are counted in the total alone",
        data=stream(
            YES,
            STOP,
            {
                "choices": [],
                "usage": {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 13},
            },
        ),
        usage=REPORT,
    ),
]
