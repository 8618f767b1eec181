"""The shop: a whole conversation with tools, as the engine has it with a model server."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from chats.engine import context
from chats.engine.context import Turn
from chats.engine.limits import Limits
from chats.engine.loop import Ending, Engine, RunRequest
from chats.engine.parts import Call, Json, Step, ToolResult, UsageReport
from chats.engine.provider import OpenAICompatible
from chats.engine.retries import Retries
from tests.chats.engine.conftest import Recorded
from tests.fakes.model_servers import script

HASTY = Retries(shortest=0.001, longest=0.002)
NEVER_SHOWN = (script.SECRET, "order_status", "search_knowledge", "arguments", "{", "think", "|")
"""What stands in reasoning and in calls, and in no answer."""
GREETING = Turn(0, "assistant", "Hello, I am Ada.")
_SYSTEM = "You are Ada, who helps the customers of a shop."


@dataclass
class Watching(Recorded):
    """A journal that looks at everything that customers are shown, as they are shown it."""

    never: Sequence[str] = NEVER_SHOWN

    def emit(self, text: str) -> None:
        super().emit(text)
        shown = [word for word in self.never if word in self.text.casefold()]
        assert not shown, f"a customer was shown {shown}: {self.text!r}"


@dataclass
class Shop:
    """The shop's tools: one that looks up knowledge, one that looks up orders."""

    calls: list[tuple[str, Json]] = field(default_factory=list)

    @property
    def definitions(self) -> list[Json]:
        return [
            {
                "type": "function",
                "function": {"name": name, "description": name, "parameters": self.schema(name)},
            }
            for name in ("search_knowledge", "order_status")
        ]

    def schema(self, name: str) -> Json | None:
        argument = {"search_knowledge": "query", "order_status": "order"}.get(name)
        if argument is None:
            return None
        return {
            "type": "object",
            "properties": {argument: {"type": "string", "minLength": 1}},
            "required": [argument],
            "additionalProperties": False,
        }

    def needs_approval(self, name: str) -> bool:
        return False

    def is_reading(self, name: str) -> bool:
        return True

    async def execute(self, call: Call, reference: str) -> ToolResult:
        self.calls.append((call.name, call.arguments))
        return ToolResult("done", '{"found": "within 30 days"}')


@dataclass
class Conversation:
    """One conversation of a customer: the turns so far, and what they led to."""

    provider: OpenAICompatible
    model: str
    options: Json = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    turns: list[Turn] = field(default_factory=lambda: [GREETING])
    shop: Shop = field(default_factory=Shop)
    steps: list[Step] = field(default_factory=list)
    window: int = 32_000
    never: Sequence[str] = NEVER_SHOWN
    """What no customer may be shown of it."""

    async def ask(self, *texts: str) -> Ending:
        """Say ``texts``, one message after the other, and let the assistant answer."""
        for text in texts:
            self.say("customer", text)
        journal = Watching(never=self.never)
        engine = Engine(self.provider, self.limits, HASTY)
        ending = await engine.run(self._request(), tools=self.shop, journal=journal)
        assert journal.text == ending.text
        self.steps += journal.steps
        self.say("assistant", ending.text)
        return ending

    def say(self, author: str, text: str) -> None:
        """Add a message."""
        kinds = {"customer": "customer", "assistant": "assistant", "agent": "agent"}
        self.turns.append(Turn(len(self.turns), kinds[author], text))  # type: ignore[arg-type]

    def _request(self) -> RunRequest:
        built = context.build(_SYSTEM, self.turns, window=self.window, output=500)
        options = {"temperature": 0.3, "max_tokens": 500, **self.options}
        return RunRequest(self.model, built.messages, options, room=8000)


def counted(usage: Json | None, *, calls: int) -> list[UsageReport | None]:
    """Return what the engine is to make of ``usage``, reported ``calls`` times."""
    if usage is None:
        return [None] * calls
    cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens", 0)
    reasoning = (usage.get("completion_tokens_details") or {}).get("reasoning_tokens", 0)
    cached = cached or usage.get("prompt_cache_hit_tokens", 0)
    return [UsageReport(120, 34, cached, reasoning)] * calls


def calls_made(*, times: int = 1) -> Sequence[tuple[str, Json]]:
    """Return the calls of a whole conversation, had ``times``."""
    made = (script.SEARCH, *script.ORDERS)
    return [(call.name, call.arguments) for call in made] * times
