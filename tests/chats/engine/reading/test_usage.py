"""Usage: what a provider says of a call is made sound before it is stored and priced."""

from typing import Any

import orjson
import pytest

from chats.engine.parts import UsageReport
from tests.chats.engine.reading.streams import chunk, event, read, texts


def read_usage(usage: Any) -> UsageReport | None:
    """Return the usage that is read from the provider's ``usage``."""
    data = usage if isinstance(usage, bytes) else orjson.dumps({"usage": usage})
    return read(b"data: " + data + b"\n\n" + texts("Yes.")).usage


@pytest.mark.parametrize(
    ("usage", "report"),
    [
        (
            {
                "prompt_tokens": 10,
                "completion_tokens": 5,
                "prompt_tokens_details": {"cached_tokens": 4},
                "completion_tokens_details": {"reasoning_tokens": 2},
            },
            UsageReport(10, 5, 4, 2),
        ),
        (
            {
                "prompt_tokens": 10,
                "completion_tokens": 5,
                "prompt_tokens_details": {"cached_tokens": 400},
                "completion_tokens_details": {"reasoning_tokens": 200},
            },
            UsageReport(10, 5, 10, 5),
        ),
        ({"prompt_tokens": -10, "completion_tokens": 2.7}, UsageReport(0, 2)),
        ({"prompt_tokens": 10**18, "completion_tokens": "5"}, UsageReport(2_000_000_000, 0)),
        ({"prompt_tokens": [1], "prompt_tokens_details": 3}, UsageReport()),
        (
            b'{"usage": {"prompt_tokens": NaN, "completion_tokens": Infinity}}',
            UsageReport(0, 2_000_000_000),
        ),
        ("much", None),
    ],
)
def test_is_made_sound(usage: Any, report: UsageReport | None) -> None:
    assert read_usage(usage) == report


@pytest.mark.parametrize(
    "chunks",
    [
        [{"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 4}}],
        [{"choices": None, "usage": {"prompt_tokens": 9, "completion_tokens": 4}}],
        [{"usage": {"prompt_tokens": 9, "completion_tokens": 4}}],
        [{"choices": [], "usage": {"input_tokens": 9, "output_tokens": 4}}],
        [{"x_groq": {"usage": {"prompt_tokens": 9, "completion_tokens": 4}}}],
        [
            chunk({"content": ""}, usage={"prompt_tokens": 9, "completion_tokens": 1}),
            chunk({"content": ""}, usage={"prompt_tokens": 9, "completion_tokens": 4}),
            {"choices": [], "usage": {"prompt_tokens": 0, "completion_tokens": 0}},
        ],
        [{"message": {"content": ""}, "done": False, "prompt_eval_count": 9, "eval_count": 4}],
        [{"usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": 4}}],
        [
            {
                "type": "message_start",
                "message": {"usage": {"input_tokens": 9, "output_tokens": 1}},
            },
            {"type": "message_delta", "delta": {}, "usage": {"output_tokens": 4}},
        ],
    ],
)
def test_is_found_wherever_a_server_puts_it(chunks: list[Any]) -> None:
    answer = read(b"".join(map(event, chunks)) + texts("Yes."))
    assert answer.text == "Yes."
    assert answer.usage == UsageReport(9, 4)


@pytest.mark.parametrize(
    ("usage", "cached"),
    [
        ({"prompt_tokens": 9, "completion_tokens": 4, "prompt_cache_hit_tokens": 5}, 5),
        ({"input_tokens": 3, "output_tokens": 4, "cache_read_input_tokens": 6}, 6),
    ],
)
def test_tokens_from_a_cache_are_a_part_of_the_input(usage: Any, cached: int) -> None:
    assert read_usage(usage) == UsageReport(9, 4, cached)


def test_the_highest_of_reports_counts_that_come_with_every_chunk() -> None:
    reports = [
        {"prompt_tokens": 9, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": 5}},
        {"prompt_tokens": 9, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": 0}},
        {"prompt_tokens": 9, "completion_tokens": 4, "prompt_tokens_details": None},
        {"prompt_tokens": 9, "completion_tokens": 3},
        {"completion_tokens": 3},
        "much",
    ]
    said = [event(chunk({"content": "Yes."}, usage=report)) for report in reports]
    assert read(b"".join(said) + texts()).usage == UsageReport(9, 4, 5)


@pytest.mark.parametrize(
    ("usage", "output", "reasoning"),
    [
        ({"completion_tokens": 3, "reasoning_tokens": 500, "total_tokens": 512}, 503, 500),
        ({"completion_tokens": 3, "total_tokens": 512}, 503, 0),
        ({"completion_tokens": 503, "total_tokens": 512, "reasoning_tokens": 500}, 503, 500),
        ({"completion_tokens": 3, "total_tokens": 1}, 3, 0),
        ({"completion_tokens": 3, "total_tokens": "much"}, 3, 0),
        (
            {"completion_tokens": 3, "total_tokens": 112, "cache_read_input_tokens": 100},
            3,
            0,
        ),
    ],
)
def test_reasoning_is_a_part_of_the_output(usage: Any, output: int, reasoning: int) -> None:
    report = read_usage({"prompt_tokens": 9, **usage})
    assert report
    assert (report.input, report.output, report.reasoning) == (9, output, reasoning)


@pytest.mark.parametrize("total", [{}, {"totalTokenCount": 512}])
def test_thoughts_of_gemini_are_a_part_of_the_output(total: Any) -> None:
    counts = {"promptTokenCount": 9, "candidatesTokenCount": 3, "thoughtsTokenCount": 500, **total}
    answer = read(event({"usageMetadata": counts}) + texts("Yes."))
    assert answer.usage == UsageReport(9, 503, 0, 500)
