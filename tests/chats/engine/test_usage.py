"""Usage: what a provider says of a call is made sound before it is stored and priced."""

from typing import Any

import orjson
import pytest

from chats.engine.chunks import ChunkReader
from chats.engine.parts import UsageReport


def read_usage(usage: Any) -> Any:
    """Return the usage that is read from the provider's ``usage``."""
    reader = ChunkReader()
    data = usage if isinstance(usage, bytes) else orjson.dumps({"usage": usage})
    reader.read(data)
    reader.read(b'{"choices": [{"delta": {}, "finish_reason": "stop"}]}')
    events = reader.end()
    return events[0] if len(events) > 1 else None


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
