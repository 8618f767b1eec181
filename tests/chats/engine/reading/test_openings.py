"""Openings: reasoning is told from an answer by the words with which it begins."""

import pytest

from chats.engine.reading.habits import Habit
from chats.engine.reading.openings import Opening, opening_of
from chats.engine.reading.stream import StreamReader
from tests.chats.engine.reading.streams import Answer, chunk, event, read, texts

THOUGHTS = [
    "Okay, the user is asking about returning a lamp.",
    "Alright, so the user wants to know the return period.",
    "The customer's question is about lamps.",
    "The user\u2019s last message is in German.",
    "Hmm, the customer says that",
    "We need to answer: the lamp",
    "I should respond with the article.",
    "First, I need to figure out which lamp",
    "Let me think about what they bought.",
    "User asks: may I return a lamp?",
    "Okay, der Nutzer fragt nach der Rückgabe.",
    "L'utilisateur demande si",
    "El usuario pregunta si",
    "好的\uff0c用户想知道退货的期限。",
    "首先\uff0c我需要理解问题。",
    "ユーザーは返品について",
]
ANSWERS = [
    "You may return it within 30 days.",
    "Hello Victor!",
    "Okay, I have cancelled the order.",
    "So, here is what I found:",
    "The return period is 30 days.",
    "The customer service team is there from 9 to 5.",
    "The user manual says so on page 4.",
    "I'm sorry about that.",
    "I need your order number.",
    "We need your address to send it.",
    "Let me check that for you.",
    "Let me look that up.",
    "First, unplug the lamp.",
    "Now, press the button.",
    "Software updates come on Monday.",
    "好的\uff0c您可以在30天内退货。",
    "首先\uff0c请关闭电源。",
    "Der Versand dauert drei Tage.",
    "El paquete llega el viernes.",
    "**Yes.**",
    "1. Open the app",
    "🎉 Done!",
]


@pytest.mark.parametrize("text", THOUGHTS)
def test_reasoning_is_known_by_its_first_words(text: str) -> None:
    assert opening_of(text) == Opening.THOUGHT
    for length in range(len(text)):
        assert opening_of(text[:length]) != Opening.ANSWER


@pytest.mark.parametrize("text", ANSWERS)
def test_an_answer_is_known_by_its_first_words(text: str) -> None:
    assert opening_of(text) == Opening.ANSWER
    for length in range(len(text)):
        assert opening_of(text[:length]) != Opening.THOUGHT


def shown(habit: Habit, *said: str) -> list[str]:
    """Return what is seen of a model after each piece that it says."""
    reader, answer, seen = StreamReader((), habit), Answer(), []
    for text in said:
        for one in reader.feed(event(chunk({"content": text}))):
            answer.take(one)
        seen.append(answer.seen)
    return seen


def test_a_plain_model_that_answers_is_shown_from_its_first_word() -> None:
    assert shown(Habit.PLAIN, "You", " may") == ["You", "You may"]
    assert shown(Habit.PLAIN, "The", " return") == ["", "The return"]
    assert shown(Habit.PLAIN, "Okay", ",", " I", "'m") == ["", "", "", "Okay, I'm"]


def test_a_plain_model_that_begins_to_think_is_not_shown() -> None:
    said = ["Okay", ",", " the", " user", " wants", " a secret", ".\n"]
    assert shown(Habit.PLAIN, *said) == [""] * len(said)
    answer = read(texts(*said, "</think>", "Yes."), habit=Habit.PLAIN)
    assert (answer.text, answer.seen) == ("Yes.", "Yes.")
    assert "secret" in answer.reasoning


def test_an_answer_that_only_sounds_so_is_shown_at_its_end() -> None:
    text = "The customer wants a refund."
    assert read(texts(*text), habit=Habit.PLAIN).text == text


@pytest.mark.parametrize("finish", ["length", None])
def test_what_sounds_so_and_is_cut_is_not_shown(finish: str | None) -> None:
    data = texts("The user wants", finish="length")
    if finish is None:
        data = event(chunk({"content": "The user wants"}))
    answer = read(data, habit=Habit.PLAIN)
    assert (answer.text, answer.reasoning) == ("", "The user wants")


def test_a_server_that_separates_reasoning_is_trusted() -> None:
    assert shown(Habit.SEPARATE, "The user wants") == ["The user wants"]
