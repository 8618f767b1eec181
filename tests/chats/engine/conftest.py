"""Fixtures of the engine's tests: a provider, and a journal that remembers."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from chats.engine.attempts import Attempt
from chats.engine.parts import Call, Json, ModelRequest, Step, ToolResult
from chats.engine.provider import OpenAICompatible, Timeouts
from chats.engine.reading.habits import Habits
from tests.chats.servers import DemoModelServer


@pytest.fixture
async def provider(demo_model: DemoModelServer) -> AsyncIterator[OpenAICompatible]:
    """Yield the demo model as a provider, with short patience."""
    timeouts = Timeouts(connect=1, first=0.6, idle=0.4, total=3)
    provider = OpenAICompatible(
        base_url=demo_model.url,
        api_key="none",
        timeouts=timeouts,
        habits=Habits(demo_model.url, is_plain=True),
    )
    yield provider
    await provider.close()


@dataclass
class Recorded:
    """A journal that keeps all its entries; ``seen`` is all that was shown at any time."""

    text: str = ""
    seen: str = ""
    before: str = ""
    entries: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    thoughts: list[str] = field(default_factory=list)
    failed: list[Attempt] = field(default_factory=list)
    last: Attempt | None = None
    most: int | None = None

    def emit(self, text: str) -> None:
        self.text += text
        self.seen += text

    def retract(self) -> None:
        self.text = self.before
        self.entries.append("retract")

    async def step_started(self, number: int, request: ModelRequest) -> int | None:
        del request
        self.before = self.text
        self.entries.append(f"step {number}")
        return self.most

    async def attempt_failed(self, attempt: Attempt) -> None:
        self.failed.append(attempt)

    def left(self, attempt: Attempt | None, reasoning: str) -> None:
        self.last = attempt
        self.thoughts.append(reasoning)

    async def step_finished(self, step: Step) -> None:
        self.steps.append(step)

    async def call_started(self, call: Call) -> str:
        self.entries.append(f"call {call.name}")
        return f"row of {call.id}"

    async def call_finished(self, call: Call, outcome: ToolResult) -> None:
        self.entries.append(f"{outcome.status} {call.name}")


@pytest.fixture
def journal() -> Recorded:
    """Return an empty journal."""
    return Recorded()


@dataclass
class Box:
    """Two tools: one that searches, one that needs approval."""

    calls: list[Json] = field(default_factory=list)

    @property
    def definitions(self) -> list[Json]:
        return [
            {
                "type": "function",
                "function": {"name": name, "description": name, "parameters": self.schema(name)},
            }
            for name in ("search_knowledge", "refund_order")
        ]

    def schema(self, name: str) -> Json | None:
        argument = {"search_knowledge": "query", "refund_order": "order"}.get(name)
        if argument is None:
            return None
        return {
            "type": "object",
            "properties": {argument: {"type": "string"}},
            "required": [argument],
            "additionalProperties": False,
        }

    def needs_approval(self, name: str) -> bool:
        return name == "refund_order"

    def is_reading(self, name: str) -> bool:
        return name == "search_knowledge"

    async def execute(self, call: Call, reference: str) -> ToolResult:
        self.calls.append(call.arguments)
        if call.name == "refund_order":
            return ToolResult("done", '{"refunded": true}')
        article = '{"title": "Returns", "text": "You may return a lamp within 30 days."}'
        return ToolResult("done", f'{{"articles": [{article}]}}')


@pytest.fixture
def tools() -> Box:
    """Return the two tools."""
    return Box()
