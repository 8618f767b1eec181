"""Local: servers that one runs oneself."""

from tests.fakes.model_servers import carriers, refusals, rules, texts
from tests.fakes.model_servers.profiles import Profile
from tests.fakes.model_servers.script import Saying
from tests.fakes.model_servers.shapes import PLAIN_USAGE, Deltas, Json, Shape, letters

_NO_PARSER = (
    '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'
)
_ALTERNATE = "Conversation roles must alternate user/assistant/user/assistant/..."
_JINJA = (
    "\n------------\nWhile executing CallExpression at line 2, column 92 in source:\n"
    "... raise_exception(...)\nError: Jinja Exception: "
)
_VLLM_WINDOW = (
    "This model's maximum context length is {window} tokens. However, you requested {total} tokens"
    " ({prompt} in the messages, {answer} in the completion). Please reduce the length of the"
    " messages or completion."
)


def _echoed(text: str) -> Deltas:
    """Return the content with a role in every delta, as Ollama does."""
    return [{"role": "assistant", "content": piece} for piece in letters(text)]


def _kobold(text: str) -> Deltas:
    """Return the content with a last delta that is empty."""
    return [*_echoed(text), {"role": "assistant", "content": ""}]


def _completion(saying: Saying) -> Json:
    """Return the whole answer as one object, as servers do that cannot stream."""
    message: Json = {"role": "assistant", "content": saying.text or None}
    if saying.calls:
        (delta,) = carriers.together("call_{:08d}", has_index=False)(saying.calls)
        message["tool_calls"] = delta["tool_calls"]
    finish = "tool_calls" if saying.calls else "stop"
    choice = {"index": 0, "message": message, "finish_reason": finish}
    head: Json = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1}
    return {**head, "choices": [choice], "usage": PLAIN_USAGE}


def _told_by_messages(chunk: Json) -> Json:
    """Return a chunk with ``message`` in the place of ``delta``."""
    for choice in chunk["choices"]:
        choice["message"] = choice.pop("delta")
    return chunk


def _with_empty_finish(chunk: Json) -> Json:
    """Return a chunk whose missing finish reason is an empty text, and whose usage counts up."""
    for choice in chunk["choices"]:
        choice["finish_reason"] = choice["finish_reason"] or ""
    return chunk


LOCAL: dict[str, Profile] = {
    "vllm-reasoning": Profile(
        source="vLLM 0.9, serving_chat and its reasoning parsers",
        quirks=("reasoning_content", "long ids", "usage in a chunk of its own"),
        shape=Shape(
            thinks=carriers.in_field("reasoning_content"),
            calls=carriers.in_fragments("chatcmpl-tool-{:032d}"),
            usage=PLAIN_USAGE,
        ),
        rules=(rules.window(4000, refusals.flat, _VLLM_WINDOW),),
    ),
    "vllm-0.12": Profile(
        source="vLLM 0.12, serving_chat",
        quirks=("reasoning", "errors below error"),
        shape=Shape(
            thinks=carriers.in_field("reasoning"),
            calls=carriers.in_fragments("chatcmpl-tool-{:016d}"),
            usage=PLAIN_USAGE,
        ),
        rules=(rules.alternating(refusals.nested, _ALTERNATE),),
    ),
    "vllm-without-parser": Profile(
        source="vLLM, issues about tool choice",
        quirks=("refuses tools", "<think> in the text"),
        shape=Shape(thinks=carriers.in_tags("<think>\n", "\n</think>\n\n"), usage=PLAIN_USAGE),
        rules=(rules.no_tools(refusals.flat, _NO_PARSER),),
        has_tools=False,
        refusals=1,
    ),
    "vllm-hermes-text": Profile(
        source="vLLM with another model's parser",
        quirks=("<tool_call> in the text", "<think> in the text", "stop after calls"),
        shape=Shape(
            thinks=carriers.in_tags("<think>", "</think>", is_split=True),
            calls=carriers.as_text(texts.TEXTS["Hermes and Qwen"], is_split=True),
            finish_calls="stop",
            usage=PLAIN_USAGE,
        ),
    ),
    "sglang": Profile(
        source="SGLang, issues about streamed calls",
        quirks=("index 0 and an id in each fragment", "matched_stop"),
        shape=Shape(
            thinks=carriers.in_field("reasoning_content", content=None),
            choice={"index": 0, "logprobs": None, "matched_stop": None},
            calls=carriers.with_an_id_in_each_fragment(),
            usage=PLAIN_USAGE,
        ),
        rules=(rules.window(4000, refusals.flat, _VLLM_WINDOW),),
    ),
    "lmdeploy": Profile(
        source="InternLM/lmdeploy #3412",
        quirks=("index 0 for all calls", "an empty id in later fragments"),
        shape=Shape(
            calls=carriers.with_an_id_in_each_fragment("chatcmpl-tool-{:022d}", later=""),
            usage=PLAIN_USAGE,
        ),
    ),
    "ollama-thinking": Profile(
        source="Ollama 0.9, its OpenAI compatibility",
        quirks=("reasoning", "a role in every delta", "index 0 for all calls"),
        shape=Shape(
            first=None,
            thinks=carriers.in_field("reasoning", role="assistant", content=""),
            writes=_echoed,
            calls=carriers.whole("call_{:08d}", index=0),
            usage=PLAIN_USAGE,
        ),
    ),
    "ollama-without-tools": Profile(
        source="Ollama, issues about tools",
        quirks=("does not support tools", "reasoning closed but never opened"),
        shape=Shape(
            first=None,
            thinks=carriers.in_tags("", "</think>"),
            writes=_echoed,
            usage=PLAIN_USAGE,
        ),
        rules=(
            rules.no_tools(
                refusals.ollama, "registry.ollama.ai/library/gemma:2b does not support tools"
            ),
        ),
        has_tools=False,
        refusals=1,
    ),
    "ollama-told-in-words": Profile(
        source="Ollama, models whose template has no tools",
        quirks=("does not support tools", "writes calls as a text where it is told of tools"),
        shape=Shape(
            first=None,
            calls=carriers.as_text(texts.TEXTS["Hermes and Qwen"]),
            finish_calls="stop",
            usage=PLAIN_USAGE,
        ),
        rules=(
            rules.no_tools(
                refusals.ollama, "registry.ollama.ai/library/phi3:mini does not support tools"
            ),
            rules.alternating(refusals.ollama, _ALTERNATE),
        ),
        refusals=1,
    ),
    "llama-cpp": Profile(
        source="llama.cpp server with --jinja",
        quirks=("strict alternation with status 500", "null content first", "timings"),
        shape=Shape(
            first={"role": "assistant", "content": None},
            thinks=carriers.in_field("reasoning_content"),
            calls=carriers.in_fragments("{:032d}"),
            top={"object": "chat.completion.chunk", "created": 1, "timings": {"prompt_n": 1}},
            usage=PLAIN_USAGE,
        ),
        rules=(
            rules.alternating(refusals.llama_cpp, f"{_JINJA}{_ALTERNATE}"),
            rules.with_content(refusals.llama_cpp, f"{_JINJA}Value is not a string: null"),
        ),
    ),
    "llama-cpp-gemma": Profile(
        source="llama.cpp server, templates of Gemma 2",
        quirks=("no system role", "calls as bare JSON"),
        shape=Shape(
            calls=carriers.as_text(texts.TEXTS["bare JSON"]),
            finish_calls="stop",
            usage=PLAIN_USAGE,
        ),
        rules=(
            rules.no_system(refusals.llama_cpp, f"{_JINJA}System role not supported"),
            rules.alternating(refusals.llama_cpp, f"{_JINJA}{_ALTERNATE}"),
        ),
        refusals=2,
    ),
    "lm-studio": Profile(
        source="LM Studio, its bug tracker",
        quirks=("ids of digits", "calls in a fence", "reasoning_content"),
        shape=Shape(
            thinks=carriers.in_field("reasoning_content", role="assistant"),
            calls=carriers.as_text(texts.TEXTS["a fence"]),
            finish_calls="stop",
            usage=PLAIN_USAGE,
            usage_at="last",
        ),
    ),
    "tgi": Profile(
        source="Text Generation Inference 2, huggingface/text-generation-inference #2949",
        quirks=("one call in no list", "arguments as an object", "eos_token"),
        shape=Shape(
            first=None,
            is_finish_apart=False,
            calls=carriers.as_objects,
            finish_text="eos_token",
            finish_calls="eos_token",
            usage=PLAIN_USAGE,
        ),
        rules=(
            rules.alternating(refusals.tgi, f"Template error: {_ALTERNATE}"),
            rules.with_content(refusals.tgi, "missing field `content`"),
        ),
    ),
    "xinference": Profile(
        source="Xinference, issues of its clients",
        quirks=("a whole JSON body for tools", "refuses stream_options"),
        shape=Shape(as_json=_completion, usage=PLAIN_USAGE, needs_asking_for_usage=False),
        rules=(
            rules.without("stream_options", lambda: refusals.fastapi_forbids("stream_options")),
        ),
        refusals=1,
    ),
    "koboldcpp": Profile(
        source="KoboldCpp, its OpenAI emulation",
        quirks=("no usage", "lone carriage returns", "an event's name"),
        shape=Shape(
            first=None,
            writes=_kobold,
            calls=carriers.together("call_{:09d}"),
            prefix=b"event: message\rdata:",
            newline=b"\r",
            usage=None,
        ),
    ),
    "localai": Profile(
        source="LocalAI, issues of its clients",
        quirks=("an empty finish reason", "usage in every chunk", "a byte order mark"),
        shape=Shape(
            calls=carriers.whole("{:020d}"),
            wraps=_with_empty_finish,
            before=(b"\xef\xbb\xbf",),
            usage=PLAIN_USAGE,
            usage_at="every",
            needs_asking_for_usage=False,
        ),
    ),
    "text-generation-webui": Profile(
        source="text-generation-webui, its OpenAI extension",
        quirks=("message in place of delta", "reasoning closed but never opened"),
        shape=Shape(
            first=None,
            thinks=carriers.in_tags("", "</think>", is_split=True),
            calls=carriers.together("call_{:08d}"),
            usage=PLAIN_USAGE,
            usage_at="last",
            wraps=_told_by_messages,
        ),
        rules=(
            rules.one_system_in_front(refusals.detail, "messages: a system message must be first"),
        ),
    ),
    "mlx": Profile(
        source="mlx_lm.server",
        quirks=("comments while it reads", "reasoning", "calls without index"),
        shape=Shape(
            before=(b": keepalive 512/2048\n\n", b": keepalive 2048/2048\n\n"),
            thinks=carriers.in_field("reasoning"),
            calls=carriers.together("{:036d}", has_index=False),
            usage=PLAIN_USAGE,
        ),
        rules=(rules.alternating(refusals.lm_studio, _ALTERNATE),),
    ),
    "gpt-oss": Profile(
        source="Servers of gpt-oss without a harmony parser",
        quirks=("channels of harmony in the text", "calls in the commentary channel"),
        shape=Shape(
            thinks=carriers.in_tags(
                "<|channel|>analysis<|message|>",
                "<|end|><|start|>assistant<|channel|>final<|message|>",
            ),
            calls=carriers.as_text(texts.TEXTS["harmony"]),
            finish_calls="stop",
            usage=PLAIN_USAGE,
        ),
    ),
}
"""The name of the server, and its profile."""
