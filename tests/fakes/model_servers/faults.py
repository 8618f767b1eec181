"""Faults: what any server may do on top of its own ways, as profiles of their own."""

from collections.abc import Callable
from functools import partial

import orjson

from tests.fakes.model_servers import carriers, refusals, rules, texts
from tests.fakes.model_servers.carriers import Thinking
from tests.fakes.model_servers.profiles import Profile
from tests.fakes.model_servers.refusals import Refusal, Words
from tests.fakes.model_servers.rules import Rule
from tests.fakes.model_servers.script import Saying, said
from tests.fakes.model_servers.shapes import Deltas, Json, Shape, pieces
from tests.fakes.model_servers.texts import Writing

SAID = "Yes, you may."
"""What the models say whose answer is not that of the script."""

_TAGS = {
    "think": ("<think>\n", "\n</think>\n\n"),
    "thinking": ("<thinking>", "</thinking>"),
    "reasoning": ("<reasoning>", "</reasoning>"),
    "thought": ("<thought>\n", "\n</thought>\n"),
    "Seed": ("<seed:think>", "</seed:think>"),
    "Kimi": ("◁think▷", "◁/think▷"),
    "Magistral": ("[THINK]", "[/THINK]"),
    "Command": ("<|START_THINKING|>", "<|END_THINKING|>"),
    "capitals": ("<THINK>", "</THINK>\n"),
    "blanks in front": ("\n\n <think>", "</think> "),
    "closed but never opened": ("", "</think>\n\n"),
    "opened twice": ("<think>\n", "\n</think>\n\n<think>\n\n</think>\n\n"),
    "harmony": (
        "<|channel|>analysis<|message|>",
        "<|end|><|start|>assistant<|channel|>final<|message|>",
    ),
}
_FIELDS: dict[str, Thinking] = {
    "reasoning_content": carriers.in_field("reasoning_content"),
    "reasoning": carriers.in_field("reasoning"),
    "thinking": carriers.in_field("thinking"),
    "reasoning_details": carriers.in_details,
    "thinking parts": carriers.in_thinking_parts,
    "summary parts": carriers.in_summary_parts,
    "an object": carriers.in_object("reasoning_content"),
}


def _thinking(thinks: Thinking) -> Profile:
    shape = Shape(thinks=thinks, calls=carriers.in_fragments())
    return Profile("reasoning models", ("it thinks aloud",), shape)


THINKING: dict[str, Profile] = {
    **{f"thinks: {name}": _thinking(thinks) for name, thinks in _FIELDS.items()},
    **{f"thinks: {name}": _thinking(carriers.in_tags(*tags)) for name, tags in _TAGS.items()},
    **{
        f"thinks: {name}, sign by sign": _thinking(carriers.in_tags(*tags, is_split=True))
        for name, tags in _TAGS.items()
    },
}
"""Models that think aloud, in every way known."""

WRITTEN: dict[str, Profile] = {
    f"writes calls: {name}{', sign by sign' if is_split else ''}": Profile(
        "chat templates of open models",
        ("it writes its calls as a text",),
        Shape(calls=carriers.as_text(write, is_split=is_split), finish_calls="stop"),
    )
    for name, write in texts.TEXTS.items()
    for is_split in (False, True)
}
"""Models that write their calls as a text, in every form known."""


def _error_of_groq(written: str) -> Json:
    words = "Failed to call a function. See 'failed_generation' for more details."
    error: Json = {"message": words, "type": "invalid_request_error", "code": "tool_use_failed"}
    return {"error": {**error, "failed_generation": written}}


def _in_the_stream(body: Json) -> Refusal:
    data = b"event: error\ndata: " + orjson.dumps(body) + b"\n\n"
    return Refusal(200, data, "text/event-stream")


def _through_litellm(body: Json) -> Refusal:
    words = f"litellm.BadRequestError: GroqException - {orjson.dumps(body).decode()}"
    return refusals.litellm(words)


def _unread(write: Writing, say: Callable[[Json], Refusal]) -> Profile:
    def rule(body: Json) -> Refusal | None:
        saying = said(body, has_tools=True)
        written = "\n".join([saying.text, write(saying.calls)]).strip()
        return say(_error_of_groq(written)) if saying.calls else None

    return Profile("errors of Groq", ("it cannot read its model's calls",), rules=(rule,))


_ANSWERED: dict[str, Callable[[Json], Refusal]] = {
    "a refusal": partial(refusals.answered, 400),
    "an event": _in_the_stream,
    "LiteLLM's refusal": _through_litellm,
}
UNREAD: dict[str, Profile] = {
    f"cannot read calls, {how}: {name}": _unread(texts.TEXTS[name], say)
    for how, say in _ANSWERED.items()
    for name in ("Llama functions", "a list in JSON", "harmony")
}
"""Servers that refuse the calls which their own models write, and say what these wrote."""


def _saying(text: str) -> Profile:
    return Profile("models' texts", ("it says something odd",), script=lambda _: Saying(text))


_OTHER = '{"name": "launch_rocket", "arguments": {"when": "now"}}'
ODD: dict[str, tuple[str, str]] = {
    "a call of no tool": (f"{SAID}\n\n<tool_call>\n{_OTHER}\n</tool_call>", SAID),
    "a call of no tool, between texts": (
        f"{SAID}\n\n```json\n{_OTHER}\n```\n\nAsk again.",
        f"{SAID}\n\nAsk again.",
    ),
    "half a call": (f'{SAID}\n<tool_call>\n{{"name": "order_status", "argum', SAID),
    "a token of the template": (f"{SAID}<|im_end|>", SAID),
    "the end of a sentence": (f"{SAID}</s>", SAID),
    "an object": ('{"price": 3, "name": "lamp"}', '{"price": 3, "name": "lamp"}'),
    "an object in a fence": ('```json\n{"price": 3}\n```', '```json\n{"price": 3}\n```'),
    "a tag in code": ("Write `<think>` and `</think>`.", "Write `<think>` and `</think>`."),
    "a tag in a fence": (
        "So:\n\n```xml\n<think>a</think>\n```\nDone.",
        "So:\n\n```xml\n<think>a</think>\n```\nDone.",
    ),
    "signs of mathematics": ("1 < 2 and 3 > 2 [a|b]", "1 < 2 and 3 > 2 [a|b]"),
    "a list": ("[1] the lamp, [2] the shade", "[1] the lamp, [2] the shade"),
}
"""What a model says, and what of it a customer reads."""
SAYING = {f"says {name}": _saying(text) for name, (text, _) in ODD.items()}


def _array(chunk: Json) -> object:
    return [chunk]


def _second_choice(chunk: Json) -> Json:
    other = {"index": 1, "delta": {"content": "zebra"}, "finish_reason": None}
    return {**chunk, "choices": [*chunk["choices"], other]}


def _in_parts(text: str) -> Deltas:
    return [{"content": [{"type": "text", "text": piece}]} for piece in pieces(text)]


def _refused_and_said(text: str) -> Deltas:
    return [{"content": None, "refusal": piece} for piece in pieces(text)]


def _event(data: bytes) -> bytes:
    return b"data: " + data + b"\n\n"


_NONSENSE = tuple(map(_event, (b"null", b"7", b'"text"', b"[]", b"{}", b'{"choices":null}')))


def _shaped(**ways: object) -> Profile:
    shape = Shape(calls=carriers.in_fragments(), **ways)  # type: ignore[arg-type]
    return Profile("broken streams", ("its stream is odd",), shape)


SHAPES: dict[str, Profile] = {
    "sends: lists of chunks": _shaped(wraps=_array),
    "sends: a second choice": _shaped(wraps=_second_choice, usage=None),
    "sends: nonsense in front": _shaped(before=_NONSENSE),
    "sends: comments between": _shaped(between=b": ping\n\n"),
    "sends: fields of events": _shaped(between=b"id: 7\nretry: 100\nevent: chunk\n"),
    "sends: blank lines between": _shaped(between=b"\r\n\r\n"),
    "sends: a mark in front": _shaped(before=(b"\xef\xbb\xbf",)),
    "sends: carriage returns": _shaped(newline=b"\r"),
    "sends: no blank in front of data": _shaped(prefix=b"data:"),
    "sends: lines of JSON": _shaped(prefix=b"", end=b""),
    "sends: no end": _shaped(end=b""),
    "sends: an end with blanks": _shaped(end=b"data:  [DONE] \n\n"),
    "sends: no last line": _shaped(end=b"data: [DONE]"),
    "sends: no finish": _shaped(finish_text=None, finish_calls=None),
    "sends: a finish of Anthropic": _shaped(finish_text="end_turn", finish_calls="tool_use"),
    "sends: calls with stop": _shaped(finish_calls="stop"),
    "sends: parts": _shaped(writes=_in_parts),
    "sends: a refusal": _shaped(writes=_refused_and_said),
    "sends: bytes one by one": Profile(
        "slow lines", ("a byte at a time",), Shape(calls=carriers.whole()), slices=1
    ),
}
"""Streams of odd form that are whole nevertheless."""

PING = b": ping\n\n"
SLOW: dict[str, Profile] = {
    "reads for long, with comments": Profile(
        "proxies that keep alive", ("comments",), reads_for=0.5, alive=PING
    ),
    "reads for long, with blank lines": Profile(
        "proxies that keep alive", ("blank lines",), reads_for=0.5, alive=b"\n"
    ),
    "reads for long in silence": Profile("big prompts", ("silence",), reads_for=0.5),
    "is cut": Profile("connections", ("they break",), is_cut=True),
}
"""Servers that let one wait, or that break off."""


def _too_long(
    say: Words, words: str, *, tokens: int = 2000, is_answer_counted: bool = True
) -> Profile:
    rule: Rule = rules.window(tokens, say, words, is_answer_counted=is_answer_counted)
    return Profile("errors of servers", ("its window is small",), rules=(rule,))


def _openai_context(message: str) -> Refusal:
    return refusals.openai(message, param="messages", code="context_length_exceeded")


def _llama_context(message: str) -> Refusal:
    error: Json = {"code": 400, "message": message, "type": "exceed_context_size_error"}
    return refusals.answered(400, {"error": {**error, "n_prompt_tokens": 9000, "n_ctx": 2000}})


def _large(message: str) -> Refusal:
    return Refusal(413, f"<html><title>{message}</title></html>".encode(), "text/html")


_KEEP = (
    "The number of tokens to keep from the initial prompt is greater than the context length. Try"
    " to load the model with a larger context length, or provide a shorter input"
)
_FIRST = (
    "Trying to keep the first {prompt} tokens when context the overflows. However, the model is"
    " loaded with context length of only {window} tokens, which is not enough. Try to load the"
    " model with a larger context length, or provide a shorter input."
)
LONG: dict[str, Profile] = {
    "too long: OpenAI": _too_long(
        _openai_context,
        "This model's maximum context length is {window} tokens. However, your messages resulted in"
        " {prompt} tokens. Please reduce the length of the messages.",
    ),
    "too long: vLLM": _too_long(
        refusals.flat,
        "This model's maximum context length is {window} tokens. However, you requested {total}"
        " tokens ({prompt} in the messages, {answer} in the completion). Please reduce the length"
        " of the messages or completion.",
    ),
    "too long: newer vLLM": _too_long(
        refusals.nested,
        "'max_tokens' or 'max_completion_tokens' is too large: {answer}. This model's maximum"
        " context length is {window} tokens and your request has {prompt} input tokens"
        " ({answer} > {window} - {prompt}).",
    ),
    "too long: SGLang": _too_long(
        refusals.flat,
        "Requested token count exceeds the model's maximum context length of {window} tokens. You"
        " requested a total of {total} tokens: {prompt} tokens from the input messages and {answer}"
        " tokens for the completion.",
    ),
    "too long: llama.cpp": _too_long(
        _llama_context,
        "the request exceeds the available context size, try increasing it",
        is_answer_counted=False,
    ),
    "too long: LM Studio": _too_long(refusals.lm_studio_later, _FIRST, is_answer_counted=False),
    "too long: Anthropic": _too_long(
        refusals.openai,
        "prompt is too long: {prompt} tokens > {window} maximum",
        is_answer_counted=False,
    ),
    "too long: Gemini": _too_long(
        refusals.google,
        "The input token count ({prompt}) exceeds the maximum number of tokens allowed ({window}).",
        is_answer_counted=False,
    ),
    "too long: Mistral": _too_long(
        refusals.mistral,
        "Prompt contains {prompt} tokens and 0 draft tokens, too large for model with {window}"
        " maximum context length",
    ),
    "too long: OpenRouter": _too_long(
        refusals.openrouter,
        "This endpoint's maximum context length is {window} tokens. However, you requested about"
        " {total} tokens ({prompt} of text input, {answer} in the output).",
    ),
    "too long: TGI": _too_long(
        refusals.tgi,
        "`inputs` tokens + `max_new_tokens` must be <= {window}. Given: {prompt} `inputs` tokens"
        " and {answer} `max_new_tokens`",
    ),
}
"""Servers whose window is smaller than one thinks, and who say how large it is."""

VAGUE: dict[str, Profile] = {
    "too long: OpenAI without figures": _too_long(
        _openai_context,
        "Your input exceeds the context window of this model. Please adjust your input and try"
        " again.",
    ),
    "too long: newer LM Studio": _too_long(
        refusals.lm_studio_later, _KEEP, is_answer_counted=False
    ),
    "too long: Groq": _too_long(
        refusals.groq, "Please reduce the length of the messages or completion."
    ),
    "too long: Bedrock": _too_long(
        refusals.bedrock_gateway, "Input is too long for requested model."
    ),
    "too long: a proxy": _too_long(_large, "413 Request Entity Too Large"),
    "too long by far: OpenAI without figures": _too_long(
        _openai_context,
        "Your input exceeds the context window of this model. Please adjust your input and try"
        " again.",
        tokens=1000,
    ),
}
"""The same without a figure: one has to try how much they take."""

FAULTS: dict[str, Profile] = {
    **THINKING,
    **WRITTEN,
    **UNREAD,
    **SAYING,
    **SHAPES,
    **SLOW,
    **LONG,
    **VAGUE,
}
