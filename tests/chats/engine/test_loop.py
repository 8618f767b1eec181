"""The loop: model, tools, model, within limits."""

import asyncio
from dataclasses import replace

import pytest

from chats.engine.limits import Limits
from chats.engine.loop import Ending, Engine, RunRequest
from chats.engine.parts import (
    LONGEST_RESULT,
    Call,
    InterruptedStreamError,
    ModelError,
    Step,
    ToolResult,
    joined,
)
from chats.engine.provider import OpenAICompatible
from chats.engine.retries import Retries
from tests.chats.engine.conftest import Box, Recorded
from tests.chats.servers import DemoModelServer

QUESTION = "How long may I return a lamp?"


@pytest.fixture
def engine(provider: OpenAICompatible) -> Engine:
    return Engine(provider, retries=Retries(shortest=0.01, longest=0.02))


def run_of(text: str) -> RunRequest:
    return RunRequest("demo", [{"role": "user", "content": text}])


async def test_answers_from_what_a_tool_found(
    engine: Engine, tools: Box, journal: Recorded
) -> None:
    ending = await engine.run(run_of(QUESTION), tools=tools, journal=journal)
    assert ending == Ending("stop", journal.text)
    assert "According to “Returns”" in ending.text
    assert journal.entries == ["step 1", "call search_knowledge", "done search_knowledge", "step 2"]
    assert tools.calls == [{"query": "return lamp"}]


async def test_joins_the_steps_texts_by_a_blank_line(
    engine: Engine, tools: Box, journal: Recorded
) -> None:
    ending = await engine.run(
        run_of(f"{QUESTION} [demo:think-aloud]"), tools=tools, journal=journal
    )
    assert ending.text.startswith("Let me look that up for you.\n\nAccording to “Returns”")
    assert journal.text == ending.text == joined(journal.steps)


@pytest.mark.parametrize(
    ("marker", "faults"),
    [("unknown-tool", 1), ("bad-arguments", 1), ("bad-arguments=2", 2), ("wrong-arguments", 1)],
)
async def test_gives_faulty_calls_back_to_the_model(
    engine: Engine, tools: Box, journal: Recorded, marker: str, faults: int
) -> None:
    ending = await engine.run(run_of(f"{QUESTION} [demo:{marker}]"), tools=tools, journal=journal)
    assert ending.reason == "stop"
    calls = [call for step in journal.steps for call in step.calls]
    refused = [call for call in calls if call.outcome and call.outcome.status == "invalid"]
    assert len(refused) == faults
    assert len(tools.calls) == len(calls) - faults


async def test_repairs_no_more_than_twice(engine: Engine, tools: Box, journal: Recorded) -> None:
    ending = await engine.run(
        run_of(f"{QUESTION} [demo:bad-arguments=9]"), tools=tools, journal=journal
    )
    assert ending.reason == "limit"
    assert len(journal.steps) == 4
    assert not tools.calls


async def test_stops_the_same_call_the_third_time(
    engine: Engine, tools: Box, journal: Recorded
) -> None:
    ending = await engine.run(run_of(f"{QUESTION} [demo:tool-loop]"), tools=tools, journal=journal)
    assert ending.reason == "limit"
    assert ending.text
    assert len(tools.calls) == 2


async def test_takes_no_more_steps_than_allowed(
    provider: OpenAICompatible, tools: Box, journal: Recorded, demo_model: DemoModelServer
) -> None:
    engine = Engine(provider, limits=Limits(steps=4, same_call=99))
    ending = await engine.run(run_of(f"{QUESTION} [demo:tool-loop]"), tools=tools, journal=journal)
    assert ending.reason == "limit"
    assert len(tools.calls) == 3
    assert "tools" not in demo_model.last()["body"]


async def test_shortens_what_tools_found_to_the_room_left(
    engine: Engine, tools: Box, journal: Recorded, demo_model: DemoModelServer
) -> None:
    found = Call("a", "search_knowledge", "{}", outcome=ToolResult("done", "x" * 9000))
    steps = [Step(1, "", "tool_calls", (found,))]
    request = replace(run_of(QUESTION), steps=steps, room=1000)
    await engine.run(request, tools=tools, journal=journal)
    (result,) = [m for m in demo_model.last()["body"]["messages"] if m["role"] == "tool"]
    assert 2000 < len(result["content"]) < 3000


async def test_cuts_a_text_that_grows_without_end(
    provider: OpenAICompatible, tools: Box, journal: Recorded, demo_model: DemoModelServer
) -> None:
    engine = Engine(provider, limits=Limits(text=500))
    ending = await engine.run(run_of("hello [demo:endless]"), tools=tools, journal=journal)
    assert ending.reason == "length"
    assert len(ending.text) == 500
    assert demo_model.closed()


async def test_waits_for_approval_and_goes_on_from_there(
    engine: Engine, tools: Box, journal: Recorded
) -> None:
    request = run_of("Please refund my order A-1234")
    ending = await engine.run(request, tools=tools, journal=journal)
    assert ending.reason == "waiting_approval"
    assert not tools.calls
    (step,) = journal.steps
    approved = replace(step, calls=(replace(step.calls[0], needs_approval=False),))
    ending = await engine.run(replace(request, steps=[approved]), tools=tools, journal=journal)
    assert ending.reason == "stop"
    assert tools.calls == [{"order": "A-1234"}]


async def test_reports_a_denial_to_the_model(engine: Engine, tools: Box, journal: Recorded) -> None:
    request = run_of("Please refund my order A-1234")
    await engine.run(request, tools=tools, journal=journal)
    denial = ToolResult("denied", '{"error": "A person said no: too old."}')
    denied = replace(journal.steps[0].calls[0], outcome=denial)
    steps = [replace(journal.steps[0], calls=(denied,))]
    ending = await engine.run(replace(request, steps=steps), tools=tools, journal=journal)
    assert "too old" in ending.text
    assert not tools.calls


async def test_fails_when_the_model_has_nothing_to_say(
    engine: Engine, tools: Box, journal: Recorded
) -> None:
    with pytest.raises(ModelError) as failure:
        await engine.run(run_of("hello [demo:empty]"), tools=tools, journal=journal)
    assert failure.value.code == "empty"


async def test_keeps_the_text_of_earlier_steps_when_a_later_one_fails(
    engine: Engine, tools: Box, journal: Recorded
) -> None:
    text = f"{QUESTION} [demo:think-aloud,call=search_knowledge,cut=8]"
    with pytest.raises(InterruptedStreamError):
        await engine.run(run_of(text), tools=tools, journal=journal)
    assert journal.text.startswith("Let me look")


def test_models_get_long_results_without_their_middle() -> None:
    result = ToolResult("done", "a" * 50_000 + "b" * 50_000)
    assert len(result.shown) <= LONGEST_RESULT
    assert result.shown.startswith("aaa")
    assert result.shown.endswith("bbb")


class Meeting(Box):
    """A box whose searches end only when two are being made at once."""

    def __init__(self) -> None:
        super().__init__()
        self.both = asyncio.Barrier(2)

    async def execute(self, call: Call, reference: str) -> ToolResult:
        if call.name == "search_knowledge":
            await self.both.wait()
        return await super().execute(call, reference)


async def test_calls_that_only_read_are_made_beside_one_another(
    engine: Engine, journal: Recorded
) -> None:
    calls = tuple(Call(f"c{n}", "search_knowledge", "{}", {"query": str(n)}) for n in range(2))
    request = replace(run_of(QUESTION), steps=[Step(1, "", "tool_calls", calls)])
    ending = await engine.run(request, tools=Meeting(), journal=journal)
    assert ending.reason == "stop"
    assert journal.entries.count("done search_knowledge") == 2


class Losing(Recorded):
    """A journal that has lost its run when the second call begins."""

    async def call_started(self, call: Call) -> str:
        if call.id == "c1":
            raise LookupError(call.id)
        return await super().call_started(call)


async def test_a_failure_of_one_ends_the_calls_beside_it(engine: Engine) -> None:
    calls = tuple(Call(f"c{n}", "search_knowledge", "{}", {"query": str(n)}) for n in range(2))
    request = replace(run_of(QUESTION), steps=[Step(1, "", "tool_calls", calls)])
    journal = Losing()
    with pytest.raises(LookupError):
        await engine.run(request, tools=Meeting(), journal=journal)
    assert journal.entries == ["call search_knowledge"]
