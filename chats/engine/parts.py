"""Parts: the engine's data: requests, the events of a stream, steps and calls."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from chats.engine.refusals import Refusal

Json = dict[str, Any]

BLANK_LINE = "\n\n"
"""What joins the texts of a run's steps."""
LONGEST_RESULT = 16_000
"""Code points of a tool's result that a model gets."""
_MOST = 2_000_000_000
_CUT = "\n[… left out …]\n"


class ModelError(Exception):
    """A model call that failed; ``code`` is stable, ``detail`` are the provider's words, for staff.

    Codes: ``unavailable`` ``rate_limited`` ``refused`` (by credentials or as a bad request)
    ``timeout`` ``malformed`` ``cut`` (ended without a finish reason) ``filtered`` ``empty``.
    """

    was_sent: bool = True
    """Whether the server may have got the request."""
    refusal: Refusal | None = None
    """What the server answered in place of a stream, if it did."""
    generation: str | None = None
    """What the model wrote and the server could not read; None where this is not what failed."""

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        is_retryable: bool = False,
        retry_after: float | None = None,
    ) -> None:
        """Keep what happened; ``retry_after`` is in seconds, as the provider said it."""
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.is_retryable = is_retryable
        self.retry_after = retry_after

    def __str__(self) -> str:
        """Return the code and the provider's words."""
        return f"{self.code}: {self.detail}" if self.detail else self.code


class InterruptedStreamError(ModelError):
    """A stream that broke after some of its text was visible; that text stays."""


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of the text that the model writes."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """A piece of what the model thinks aloud: for staff, never a part of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class TextRetracted:
    """All text of this model call so far is not, or perhaps not, the answer.

    It follows as `ReasoningDelta`; or as `TextDelta`, if it proves to be the answer in the end.
    """


@dataclass(frozen=True, slots=True)
class Asked:
    """A request is sent; what follows is what the server makes of it."""


@dataclass(frozen=True, slots=True)
class Restarted:
    """The attempt failed; what follows is another, which thinks anew."""

    is_charged: bool = True
    """Whether the server may charge the attempt that failed."""


@dataclass(frozen=True, slots=True)
class ToolCallDone:
    """A whole tool call; ``arguments`` is what the model wrote, JSON or not."""

    id: str
    name: str
    arguments: str
    extra: Json = field(default_factory=dict)
    """What Google's models put beside a call and want back with it."""


@dataclass(frozen=True, slots=True)
class UsageReport:
    """Tokens of one model call; ``cached`` is part of ``input``, ``reasoning`` of ``output``.

    Some models that transcribe count ``audio_seconds`` instead.
    """

    input: int = 0
    output: int = 0
    cached: int = 0
    reasoning: int = 0
    audio_seconds: float = 0.0

    @classmethod
    def reported(
        cls,
        *,
        input: object = 0,  # noqa: A002 - as the field
        output: object = 0,
        cached: object = 0,
        reasoning: object = 0,
        audio_seconds: object = 0,
    ) -> UsageReport:
        """Build from a provider's figures, made finite, not negative, a part within its whole."""
        read, written = int(_sound(input)), int(_sound(output))
        return cls(
            read,
            written,
            min(int(_sound(cached)), read),
            min(int(_sound(reasoning)), written),
            _sound(audio_seconds),
        )


@dataclass(frozen=True, slots=True)
class Finish:
    """The proper end of a stream: ``stop``, ``length``, ``tool_calls`` or ``content_filter``."""

    reason: str


ModelEvent = (
    Asked
    | TextDelta
    | ReasoningDelta
    | TextRetracted
    | Restarted
    | ToolCallDone
    | UsageReport
    | Finish
)


@dataclass(frozen=True)
class ModelRequest:
    """One call of a model. ``options`` go to it as they are (temperature, max_tokens …), but None.

    ``seconds`` are the limits ``first``, ``idle`` and ``total`` that differ from the deployment's.
    An image may carry the ``words`` that stand for it where the model sees none; a request that
    ``may_lose_images`` makes sense with them alone. Only an answer in a ``conversation`` teaches
    how its model reasons.
    """

    model: str
    messages: Sequence[Json]
    tools: Sequence[Json] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    may_lose_images: bool = True
    conversation: str = ""


@dataclass(frozen=True)
class Recording:
    """A recording to transcribe: its bytes, and a name whose ending says the format."""

    model: str
    name: str
    data: bytes


@dataclass(frozen=True)
class Transcript:
    """The text of a recording; ``usage`` is None where the provider reported none."""

    text: str
    usage: UsageReport | None = None


@dataclass(frozen=True)
class ToolResult:
    """The outcome of a tool call; ``content`` is whole, the model gets it ``shown``.

    ``status`` is ``done``, ``failed``, ``denied``, ``invalid`` (never made: unknown tool, arguments
    that do not fit, too often) or ``unknown`` (begun, but its end was lost).
    """

    status: str
    content: str

    @property
    def shown(self) -> str:
        """The content with its middle left out where it is too long for a model."""
        return cut(self.content, LONGEST_RESULT)


@dataclass(frozen=True)
class Call:
    """A tool call within a step. It is open until it has an ``outcome``."""

    id: str
    name: str
    raw: str
    arguments: Json = field(default_factory=dict)
    needs_approval: bool = False
    outcome: ToolResult | None = None
    extra: Json = field(default_factory=dict)
    """What the server put beside the call; it goes back to it with the call."""

    @property
    def key(self) -> str:
        """The tool and its arguments, by which two calls count as the same."""
        return f"{self.name} {self.raw}"


@dataclass(frozen=True)
class Step:
    """One turn of the model, with the tools that it called."""

    number: int
    text: str
    finish: str
    calls: tuple[Call, ...] = ()
    usage: UsageReport | None = None
    reasoning: str = ""
    """What the model thought aloud; it is never sent back to a model."""

    def messages(self) -> list[Json]:
        """Return this step as messages in OpenAI's form."""
        said: Json = {"role": "assistant", "content": self.text}
        if not self.calls:
            return [said]
        said["tool_calls"] = [_function_call(call) for call in self.calls]
        results = [
            {
                "role": "tool",
                "tool_call_id": c.id,
                "content": c.outcome.shown if c.outcome else "",
            }
            for c in self.calls
        ]
        return [said, *results]


def joined(steps: Sequence[Step]) -> str:
    """Return the text of all ``steps`` as the customer reads it."""
    return joined_texts(step.text for step in steps)


def joined_texts(texts: Iterable[str]) -> str:
    """Return the texts of a run's steps as the customer reads them."""
    return BLANK_LINE.join(filter(None, texts))


def cut(text: str, length: int) -> str:
    """Return ``text`` in ``length`` code points at most, with its middle left out."""
    if len(text) <= length:
        return text
    half = (length - len(_CUT)) // 2
    return f"{text[:half]}{_CUT}{text[-half:]}"


def _sound(value: object) -> float:
    """Return a count that can be stored and priced; 0 for a value that is no count."""
    if not isinstance(value, int | float) or math.isnan(value):
        return 0
    return min(max(value, 0), _MOST)


def _function_call(call: Call) -> Json:
    """Write ``call`` back to the model, with arguments that are JSON whatever it wrote."""
    arguments = orjson.dumps(call.arguments).decode()
    written: Json = {
        "id": call.id,
        "type": "function",
        "function": {"name": call.name, "arguments": arguments},
    }
    return {**written, "extra_content": call.extra} if call.extra else written
