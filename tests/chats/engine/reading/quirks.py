"""Quirks: what servers really send, one row for each that is known; `docs/models.md` lists them.

The rows were put together from the servers' own documentation and public reports.
"""

from chats.engine.reading.habits import Habit
from tests.chats.engine.reading.quirk_rows import (
    CALL,
    CALLED,
    LAMP,
    NO_INDEX,
    REPORT,
    STOP,
    USAGE,
    YES,
    Quirk,
    call,
    stream,
)
from tests.chats.engine.reading.quirks_of_calls import QUIRKS_OF_CALLS
from tests.chats.engine.reading.quirks_of_dialects import QUIRKS_OF_DIALECTS
from tests.chats.engine.reading.quirks_of_gateways import QUIRKS_OF_GATEWAYS
from tests.chats.engine.reading.streams import chunk, event

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
        calls=[*LAMP, ("x", "{}")],
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
        habits=(Habit.UNKNOWN, Habit.PLAIN, Habit.SUSPECT, Habit.THINKS),
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
        quirk="a new id for each fragment of a call (gpt-oss)",
        data=stream(
            YES,
            *(
                chunk({"tool_calls": [call(id=f"a{number}", function=function)]})
                for number, function in enumerate(
                    [
                        {"name": "search_knowledge", "arguments": ""},
                        {"arguments": CALL[:9]},
                        {"arguments": CALL[9:]},
                    ]
                )
            ),
            CALLED,
        ),
        calls=LAMP,
        finish="tool_calls",
    ),
    Quirk(
        server="vLLM",
        quirk='errors as `{"object": "error"}`',
        data=stream({"object": "error", "message": "no", "code": 400}),
        text="",
        finish="",
        error="refused",
        words="no",
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
        server="Open WebUI",
        quirk='reasoning in the text, as `<details type="reasoning">`',
        data=stream(
            chunk({"content": '<details type="reasoning" done="true">hm</details>\nYes.'}),
            STOP,
        ),
        reasoning="hm",
    ),
    Quirk(
        server="Ollama",
        quirk="its own words around reasoning, `Thinking...` and `...done thinking.`",
        data=stream(chunk({"content": "Thinking...\nhm...done thinking.\n\nYes."}), STOP),
        reasoning="hm",
    ),
    Quirk(
        server="MedGemma",
        quirk="`<unused94>thought` and `<unused95>` around reasoning",
        data=stream(chunk({"content": "<unused94>thought\nhm<unused95>Yes."}), STOP),
        reasoning="\nhm",
    ),
    Quirk(
        server="Gemma 4",
        quirk="a channel of thought around reasoning",
        data=stream(chunk({"content": "<|channel>thought\nhm<channel|>Yes."}), STOP),
        reasoning="\nhm",
    ),
    Quirk(
        server="Ernie",
        quirk="`<response>` around the answer",
        data=stream(chunk({"content": "<think>hm</think>\n\n<response>\nYes.\n</response>"}), STOP),
        reasoning="hm",
    ),
    Quirk(
        server="GLM-4.5V",
        quirk="the marks of a box around the answer",
        data=stream(
            chunk({"content": "<think>hm</think><|begin_of_box|>Yes.<|end_of_box|>"}), STOP
        ),
        reasoning="hm",
    ),
    *QUIRKS_OF_GATEWAYS,
    *QUIRKS_OF_DIALECTS,
    *QUIRKS_OF_CALLS,
]
