"""The script: what every model server says in the conversation of the tests.

It is decided by the messages of the request alone, so one server serves any number of them at once.
"""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

LAMP = "How long may I return a lamp?"
PARCEL = ("And my other parcel?", "It is the blue one.")
THANKS = "Thank you very much."
ENDLESS = "Look at all my orders."
"""A question that the model answers by calls until it gets no more tools."""

_QUESTIONS = (LAMP, PARCEL[1], THANKS, ENDLESS)
SECRET = "zebra"
"""A word that stands in all reasoning and nowhere else."""
LEAD = "Now I look at your orders."
LAMP_ANSWER = "You may return it within 30 days. Order A-1 is on its way, A-2 has arrived."
UNAIDED = "You may return it within 30 days, as far as I know."
PARCEL_ANSWER = "The blue parcel (2 < 3 kg) arrives on Friday, for 5 €. 🎉"
THANKS_ANSWER = "You are welcome."
ENDLESS_ANSWER = "That is all I found."
TITLE = "Returning a lamp"


@dataclass(frozen=True)
class ToolCall:
    """A call that the model makes."""

    name: str
    arguments: Json


@dataclass(frozen=True)
class Saying:
    """What the model says to one request."""

    text: str = ""
    reasoning: str = ""
    calls: tuple[ToolCall, ...] = ()


SEARCH = ToolCall("search_knowledge", {"query": "return lamp"})
ORDERS = (
    ToolCall("order_status", {"order": "A-1"}),
    ToolCall("order_status", {"order": "A-2"}),
)
THOUGHT = f"The {SECRET} asks, let me think: is it 1 < 2? Yes."


def said(body: Json, *, has_tools: bool) -> Saying:
    """Return what the model says to the request ``body``."""
    question, rounds = question_of(body["messages"])
    if THANKS in question:
        return Saying(THANKS_ANSWER, THOUGHT)
    if PARCEL[1] in question:
        return Saying(PARCEL_ANSWER, THOUGHT)
    if ENDLESS in question:
        return _endless(body, rounds)
    if LAMP in question:
        return _about_the_lamp(rounds) if has_tools else Saying(UNAIDED, THOUGHT)
    return Saying(TITLE, THOUGHT)


def question_of(messages: list[Json]) -> tuple[str, int]:
    """Return the newest question of the script, and how often the model has spoken since.

    What a program adds behind it, such as "Answer now.", is no question.
    """
    rounds = 0
    for message in reversed(messages):
        text = text_of(message)
        if message["role"] == "user" and any(one in text for one in _QUESTIONS):
            return text, rounds
        rounds += message["role"] == "assistant"
    return "", rounds


def text_of(message: Json) -> str:
    """Return the text of a message, whether it is written as a text or as a list of parts."""
    content = message.get("content")
    if isinstance(content, list):
        return "\n".join(part.get("text") or "" for part in content)
    return content or ""


def _about_the_lamp(rounds: int) -> Saying:
    if rounds == 0:
        return Saying("", THOUGHT, (SEARCH,))
    if rounds == 1:
        return Saying(LEAD, THOUGHT, ORDERS)
    return Saying(LAMP_ANSWER, THOUGHT)


def _endless(body: Json, rounds: int) -> Saying:
    if not body.get("tools") or body.get("tool_choice") == "none":
        return Saying(ENDLESS_ANSWER, THOUGHT)
    return Saying("", THOUGHT, (ToolCall("order_status", {"order": f"B-{rounds}"}),))
