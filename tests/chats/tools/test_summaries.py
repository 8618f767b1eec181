"""Summaries: what a call will do, filled with its arguments."""

import pytest

from chats import summaries


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("Refund {amount} € for {order}", "Refund 12.50 € for ORD-1"),
        ("Notify {names}, by mail: {mail}", "Notify Ada, Bo, by mail: yes"),
        ("Send {missing} to {order.__class__}", "Send … to {order.__class__}"),
        ("Nothing to fill", "Nothing to fill"),
    ],
)
def test_fills_the_places_of_arguments_alone(template: str, said: str) -> None:
    arguments = {"amount": 12.5, "order": "ORD-1", "names": ["Ada", "Bo"], "mail": True}
    assert summaries.filled(template, arguments) == said


def test_a_long_value_is_shortened() -> None:
    assert len(summaries.filled("{text}", {"text": "long " * 100})) == summaries.LONGEST_VALUE
