"""What it costs to tell reasoning from an answer: it grows with the length of a text alone."""

import time

import pytest

from chats.engine.reading.habits import Habit
from chats.engine.reading.quotations import Quotable
from chats.engine.reading.thoughts import Thoughts

TAGS = ["<think>", "</think>", "`<think>`", "`</think>`", "\n", " x", "```\n<think>", "x<think>x"]


@pytest.mark.slow
@pytest.mark.parametrize("text", TAGS)
@pytest.mark.parametrize("habit", [Habit.SEPARATE, Habit.UNKNOWN])
def test_it_costs_no_more_the_longer_a_text_is(text: str, habit: Habit) -> None:
    quotable = Quotable(({"role": "user", "content": "<think>"},))

    def seconds(count: int, *, is_whole: bool) -> float:
        pieces = ["Hm", text * count] if is_whole else ["Hm", *[text] * count]
        thoughts = Thoughts(habit, lambda: 0.0, quotable)
        start = time.process_time()
        for piece in pieces:
            thoughts.feed(piece)
        thoughts.end(is_cut=False, has_calls=False)
        return time.process_time() - start

    for is_whole in (True, False):
        least = min(seconds(500, is_whole=is_whole) for _ in range(3))
        assert seconds(4000, is_whole=is_whole) < 8 * 4 * max(least, 0.001)
