"""Limits: how far a run may go, and what its steps may add to what the model reads."""

from chats.engine import limits
from chats.engine.context import tokens_of
from chats.engine.limits import Limits
from chats.engine.parts import Call, Step, ToolResult, UsageReport

DONE = ToolResult("done", "{}")


def step(number: int, calls: int = 0, tokens: int = 0) -> Step:
    """Return a step with so many different calls, made already."""
    made = tuple(
        Call(f"c{place}", "search", f"{number} {place}", outcome=DONE) for place in range(calls)
    )
    return Step(number, "", "tool_calls", made, UsageReport(input=tokens) if tokens else None)


def test_no_more_calls_than_allowed_are_made() -> None:
    limit = Limits(calls=24)
    assert not limit.are_used_up([step(1, 20), step(2, 4)], prompt=0)
    assert limit.are_used_up([step(1, 20), step(2, 5)], prompt=0)

    wanted = Step(2, "", "tool_calls", (Call("a", "search", "a"), Call("b", "search", "b")))
    refused = limit.applied(wanted, [step(1, 23)], prompt=0)
    assert [call.outcome.status for call in refused if call.outcome] == ["invalid", "invalid"]
    assert limit.applied(wanted, [step(1, 22)], prompt=0) == wanted.calls


def test_no_more_tokens_than_allowed_are_taken() -> None:
    limit = Limits(tokens=1000)
    assert not limit.are_used_up([step(1, 1, 999)], prompt=0)
    assert limit.are_used_up([step(1, 1, 500), step(2, 1, 500)], prompt=0)


def test_estimates_the_tokens_that_nobody_counted() -> None:
    steps = [step(1, 1), step(2, 1)]
    added = sum(tokens_of(message) for message in steps[0].messages())
    assert limits.spent(100, steps) == 2 * 100 + 3 * added
    assert Limits(tokens=300).are_used_up([step(1), step(2), step(3)], prompt=100)


def test_shortens_the_oldest_results_until_all_fit() -> None:
    messages = [{"role": "tool", "tool_call_id": str(n), "content": "x" * 6000} for n in range(4)]
    room = 5000
    fitted = limits.fitted(messages, room)
    assert sum(tokens_of(message) for message in fitted) <= room
    lengths = [len(str(message["content"])) for message in fitted]
    assert lengths[0] == limits.SHORTEST
    assert limits.SHORTEST < lengths[1] < 6000
    assert lengths[2:] == [6000, 6000]
    assert limits.fitted(messages, 20_000) == messages


def test_leaves_a_little_of_each_result() -> None:
    messages = [{"role": "tool", "tool_call_id": "1", "content": "x" * 6000}]
    (short,) = limits.fitted(messages, -100)
    assert len(short["content"]) == limits.SHORTEST
