"""Clouds: servers that sell many laboratories' models."""

from tests.fakes.model_servers import carriers, refusals, rules, texts
from tests.fakes.model_servers.profiles import Profile
from tests.fakes.model_servers.shapes import PLAIN_USAGE, USAGE, Deltas, Json, Shape, pieces

_FIELDS = ("role", "content", "tool_calls", "tool_call_id", "name")
_GROQ_FIELD = (
    "'messages.{at}' : for 'role:{role}' the following must be satisfied[('messages.{at}' :"
    " property '{name}' is unsupported)]"
)
_ALTERNATING = (
    "After the (optional) system message(s), user and assistant roles should be alternating."
)
_EXTRANEOUS = (
    "Malformed input request: #: extraneous key [{}] is not permitted, please reformat your input"
    " and try again."
)
_TOOL_CONFIG = (
    "The toolConfig field must be defined when using toolUse and toolResult content blocks."
)
_USER_FIRST = (
    "A conversation must start with a user message. Try again with a conversation that starts"
    " with a user message."
)
_BLANK = (
    "The text field in the ContentBlock object at messages.{at}.content.0 is blank. Add text to"
    " the text field, and try again."
)


def _search(text: str) -> Deltas:
    """Return the content with the whole text so far beside each delta, as Perplexity does."""
    return [{"role": "assistant", "content": piece} for piece in pieces(text)]


def _cited(chunk: Json) -> Json:
    """Return a chunk with a ``message`` beside its delta."""
    for choice in chunk["choices"]:
        choice["message"] = {"role": "assistant", "content": "the text so far"}
    return {**chunk, "citations": ["https://example.com/a"], "search_results": []}


def _with_groq_usage(chunk: Json) -> Json:
    """Return a chunk whose usage stands below ``x_groq``."""
    usage = chunk.pop("usage", None)
    return {**chunk, "x_groq": {"id": "req_1", "usage": usage}} if usage else chunk


def _without_index(chunk: Json) -> Json:
    """Return a chunk whose choices do not say which they are."""
    for choice in chunk["choices"]:
        choice.pop("index", None)
    return {**chunk, "response": "", "p": "abdefgh"}


CLOUDS: dict[str, Profile] = {
    "groq": Profile(
        source="Groq's API, issues of its clients",
        quirks=("usage below x_groq", "reasoning", "refuses unknown fields of messages"),
        shape=Shape(
            thinks=carriers.in_field("reasoning", channel="analysis"),
            calls=carriers.together("fc_{:08d}"),
            usage=PLAIN_USAGE,
            usage_at="last",
            needs_asking_for_usage=False,
            wraps=_with_groq_usage,
        ),
        rules=(rules.message_fields(_FIELDS, refusals.groq, _GROQ_FIELD),),
    ),
    "cerebras": Profile(
        source="Cerebras' API, issues of its clients",
        quirks=("flat errors", "refuses reasoning in messages", "time_info"),
        shape=Shape(
            thinks=carriers.in_field("reasoning"),
            calls=carriers.together("{:09d}"),
            top={"object": "chat.completion.chunk", "created": 1, "time_info": {"queue_time": 0.1}},
            usage=USAGE,
            usage_at="last",
            needs_asking_for_usage=False,
        ),
        rules=(
            rules.message_fields(
                _FIELDS,
                refusals.cerebras,
                "messages.{at}.{role}.{name}: property 'messages.{at}.{role}.{name}' is"
                " unsupported",
            ),
            rules.without(
                "stream_options",
                lambda: refusals.cerebras("stream_options: property is unsupported"),
            ),
        ),
        refusals=1,
    ),
    "together": Profile(
        source="Together's API reference",
        quirks=("finish eos", "token ids", "choices with a text beside the delta"),
        shape=Shape(
            first=None,
            choice={"index": 0, "text": "", "seed": 7},
            finish_text="eos",
            calls=carriers.in_fragments("call_{:016d}"),
            usage=PLAIN_USAGE,
            usage_at="last",
            needs_asking_for_usage=False,
        ),
    ),
    "fireworks": Profile(
        source="Fireworks' API reference, issues of its clients",
        quirks=("refuses extra inputs", "usage with the finish"),
        shape=Shape(
            thinks=carriers.in_field("reasoning_content"),
            calls=carriers.in_fragments("call_{:016d}"),
            usage_at="last",
            needs_asking_for_usage=False,
        ),
        rules=(
            rules.without(
                "stream_options",
                lambda: refusals.fireworks(
                    "Extra inputs are not permitted, field: 'stream_options', value:"
                    " {'include_usage': True}"
                ),
            ),
        ),
        refusals=1,
    ),
    "cohere": Profile(
        source="Cohere's compatibility API, texts of Command models",
        quirks=("reasoning between markers", "finish in capitals"),
        shape=Shape(
            thinks=carriers.in_tags("<|START_THINKING|>", "<|END_THINKING|>"),
            calls=carriers.whole("{:012d}"),
            finish_text="COMPLETE",
            finish_calls="TOOL_CALL",
            usage=PLAIN_USAGE,
        ),
    ),
    "perplexity": Profile(
        source="Perplexity's API, issues of its clients",
        quirks=("strict alternation", "a message beside each delta", "no tools", "<think>"),
        shape=Shape(
            thinks=carriers.in_tags("<think>\n", "\n</think>\n\n"),
            writes=_search,
            usage=PLAIN_USAGE,
            usage_at="every",
            needs_asking_for_usage=False,
            newline=b"\r\n",
            end=b"",
            wraps=_cited,
        ),
        rules=(
            rules.no_tools(refusals.perplexity, "Tool calling is not supported for this model"),
            rules.alternating(refusals.perplexity, _ALTERNATING),
            rules.not_empty(refusals.perplexity, "Message {at} has no content"),
        ),
        has_tools=False,
        refusals=1,
    ),
    "databricks": Profile(
        source="Databricks' serving endpoints, databricks/appkit #559",
        quirks=("reasoning as parts of the content", "usage in every chunk"),
        shape=Shape(
            thinks=carriers.in_summary_parts,
            writes=lambda text: [{"content": [{"type": "text", "text": text}]}],
            calls=carriers.in_fragments("toolu_bdrk_{:014d}"),
            usage=PLAIN_USAGE,
            usage_at="every",
            needs_asking_for_usage=False,
        ),
        rules=(rules.user_last(refusals.databricks, "Prefill is not supported"),),
    ),
    "cloudflare": Profile(
        source="Workers AI, vercel/ai #4031",
        quirks=("choices without index", "arguments as an object", "no finish but [DONE]"),
        shape=Shape(
            first=None,
            finish_text=None,
            finish_calls=None,
            is_finish_apart=False,
            choice={},
            calls=carriers.as_objects,
            usage=PLAIN_USAGE,
            usage_at="last",
            needs_asking_for_usage=False,
            wraps=_without_index,
        ),
        rules=(
            rules.with_content(
                refusals.cloudflare,
                "Bad input: Error: oneOf at '/' not met: Type mismatch of"
                " '/messages/{at}/content', 'null' not in 'string'",
            ),
        ),
    ),
    "bedrock-gateway": Profile(
        source="aws-samples/bedrock-access-gateway, Converse's exceptions",
        quirks=("user first", "no blank texts", "tools beside calls", "ids of 64 signs"),
        shape=Shape(
            thinks=carriers.in_field("reasoning_content"),
            calls=carriers.in_fragments("tooluse_{:022d}"),
            usage=PLAIN_USAGE,
        ),
        rules=(
            rules.user_first(refusals.bedrock_gateway, _USER_FIRST),
            rules.not_empty(refusals.bedrock_gateway, _BLANK),
            rules.tools_beside_calls(refusals.bedrock_gateway, _TOOL_CONFIG),
            rules.ids_like(
                r"[a-zA-Z0-9_-]{1,64}", refusals.bedrock_gateway, "Value '{id}' failed a constraint"
            ),
        ),
    ),
    "bedrock-models": Profile(
        source="Gateways that hand bodies on to Bedrock's models",
        quirks=("extraneous keys", "calls in Llama's text"),
        shape=Shape(
            calls=carriers.as_text(texts.TEXTS["Llama 3.1"]),
            finish_calls="stop",
            usage={"input_tokens": 120, "output_tokens": 34},
            usage_at="last",
            needs_asking_for_usage=False,
        ),
        rules=(
            rules.without(
                "stream_options", lambda: refusals.bedrock(_EXTRANEOUS.format("stream_options"))
            ),
            rules.without(
                "temperature", lambda: refusals.bedrock(_EXTRANEOUS.format("temperature"))
            ),
        ),
        refusals=2,
    ),
    "nvidia-nim": Profile(
        source="NIM, texts of its forum",
        quirks=("reasoning closed but never opened", "calls whole"),
        shape=Shape(
            thinks=carriers.in_tags("", "\n</think>\n\n"),
            calls=carriers.together("chatcmpl-tool-{:032d}"),
            usage=PLAIN_USAGE,
        ),
        rules=(
            rules.alternating(
                refusals.flat,
                "Conversation roles must alternate user/assistant/user/assistant/...",
            ),
        ),
    ),
}
"""The name of the server, and its profile."""
