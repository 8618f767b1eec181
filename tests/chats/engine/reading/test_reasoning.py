"""Reasoning: what a model thinks aloud is no part of its answer, wherever it stands."""

from itertools import product
from typing import Any

import pytest

from chats.engine.parts import ModelError, TextDelta
from chats.engine.reading.habits import Habit, Habits
from chats.engine.reading.stream import StreamReader
from chats.engine.reading.thoughts import MOST_ASIDE, WAIT_SECONDS
from tests.chats.engine.reading.streams import Answer, chunk, cut, event, read, texts

FORMS = [
    "<think>secret</think>Yes.",
    "secret</think>Yes.",
    "\n<think>\nsecret\n</think>\n\nYes.",
    "< THINK >secret</ Think >Yes.",
    "<thinking>secret</thinking>Yes.",
    "<reasoning>secret</reasoning>\nYes.",
    "<thought>secret</thought>Yes.",
    "<seed:think>secret</seed:think>Yes.",
    "◁think▷secret◁/think▷Yes.",
    "[THINK]secret[/THINK]Yes.",
    "<|START_THINKING|>secret<|END_THINKING|><|START_RESPONSE|>Yes.<|END_RESPONSE|>",
    "<|channel|>analysis<|message|>secret<|end|><|start|>assistant<|channel|>final<|message|>Yes.",
    "<|channel|>analysis<|message|>secret<|start|>assistant<|channel|>final<|message|>Yes.<|return|>",
    "analysisThe secret is out.assistantfinalYes.",
    "<|begin_of_thought|>secret<|end_of_thought|><|begin_of_solution|>Yes.<|end_of_solution|>",
    "<think>secret</think><answer>Yes.</answer>",
    "<think>one secret</think></think>Yes.",
    "<think>a secret about `</think>` tags</think>Yes.",
    "<think>secret <tool_call>{}</tool_call></think>Yes.",
    "secret\n```\nx\n</think>\nYes.",
    '<details type="reasoning" done="true">\n<summary>T</summary>\n> secret\n</details>\nYes.',
    "<reason>secret</reason>Yes.",
    "<analysis>secret</analysis>Yes.",
    "<scratchpad>secret</scratchpad>Yes.",
    "<thought_process>secret</thought_process>Yes.",
    "<antThinking>secret</antThinking>Yes.",
    "<|thinking|>secret<|/thinking|>Yes.",
    "<|think|>secret<|/think|>Yes.",
    "<|thought|>secret<|/thought|>Yes.",
    "<|begin_think|>secret<|end_think|>Yes.",
    "<|begin_of_thinking|>secret<|end_of_thinking|>Yes.",
    "<\uff5cbegin\u2581of\u2581thinking\uff5c>secret<\uff5cend\u2581of\u2581thinking\uff5c>Yes.",
    "[BEGIN_THINK]secret[END_THINK]Yes.",
    "[thinking]secret[/thinking]Yes.",
    "[REASONING]secret[/REASONING]Yes.",
    "<unused94>thought\nsecret<unused95>Yes.",
    "<|channel>thought\nsecret<channel|>Yes.",
    "<|inner_prefix|>secret<|inner_suffix|>Yes.",
    "Thinking...\nsecret\n...done thinking.\n\nYes.",
    "```thinking\nsecret\n```\nYes.",
    "&lt;think&gt;secret&lt;/think&gt;Yes.",
    "Here is my thought process: secret Here is my response: Yes.",
    '{"thinking": "secret", "answer": "Yes."}',
    '<think time="3">secret</think>Yes.',
    "<think>a<think>b secret</think>more secret</think>Yes.",
    "<think>secret</think><output>Yes.</output>",
    "<think>secret</think>\n\n<response>\nYes.\n</response>",
    "<think>secret</think><final_answer>Yes.</final_answer>",
    "<think>secret</think><|begin_of_box|>Yes.<|end_of_box|>",
    "<|channel|>analysis<|message|>secret<|end|>"
    "<|start|>assistant<|channel|>final <|constrain|>json<|message|>Yes.",
    "<|im_start|>assistant\n<think>secret</think>Yes.",
]
UNOPENED_FORMS = [form for form in FORMS if form.startswith("secret")]


@pytest.mark.parametrize("text", FORMS)
def test_no_form_of_it_is_ever_seen(text: str) -> None:
    for habit, size in product(Habit, (1, 3, 1000)):
        if habit in {Habit.SEPARATE, Habit.PLAIN} and text in UNOPENED_FORMS:
            continue
        answer = read(texts(*cut(text, size)), habit=habit)
        assert (answer.text.strip(), answer.error) == ("Yes.", "")
        assert "secret" in answer.reasoning
        assert "secret" not in answer.seen


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("<output>Yes.</output>", "Yes."),
        ("<response>\nYes.\n</response>", "Yes."),
        ("<output>\nYes.", "Yes."),
        ("<answer><think>a secret</think>Yes.</answer>\n", "Yes."),
        ("<answer>" + "Yes. " * 300 + "</answer>", ("Yes. " * 300).strip()),
        ("It is <|begin_of_box|>42<|end_of_box|>.", "It is 42."),
        ("<|im_start|>assistant\nYes.", "Yes."),
        ("<|channel|>final <|constrain|>json<|message|>Yes.", "Yes."),
    ],
)
def test_marks_of_the_answer_are_no_part_of_it(text: str, left: str) -> None:
    for habit, size in product((Habit.UNKNOWN, Habit.SEPARATE), (1, 3, 1000)):
        assert read(texts(*cut(text, size)), habit=habit).text.strip() == left


@pytest.mark.parametrize(
    "delta",
    [
        {"reasoning_content": "secret"},
        {"reasoning": "secret"},
        {"reasoning": {"content": "secret"}},
        {"thinking": "secret"},
        {"reasoning_details": [{"type": "reasoning.text", "text": "secret"}]},
        {"reasoning_details": [{"type": "reasoning.summary", "summary": "secret"}]},
        {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "secret"}]}]},
        {"content": [{"type": "thinking", "thinking": "secret", "signature": "x"}]},
        {"content": [{"type": "reasoning", "text": "secret"}]},
        {"content": "secret", "extra_content": {"google": {"thought": True}}},
        {"content": None, "reasoning": "secret", "reasoning_details": [{"text": "secret"}]},
    ],
)
def test_it_comes_beside_the_answer(delta: dict[str, Any]) -> None:
    answer = read(event(chunk(delta)) + texts("Yes."))
    assert (answer.text, answer.seen, answer.reasoning) == ("Yes.", "Yes.", "secret")


@pytest.mark.parametrize(
    "text",
    [
        "Models write `<think>` and `</think>`.",
        "It looks so:\n\n```\n<think>\nHm.\n</think>\nYes.\n```\n\nClear?",
        "~~~\n<think>\n</think>\n~~~ is code",
        "Write <think> before it.",
        "Write <think> before it." + " And so on." * 200,
        "Write <think> before it," + " and so on" * 200 + " and </think> behind it.",
        "Write `</think>` or\n\n```\n<think>\n```\n\nor `<think>…</think>`.",
        "a < b, <b>bold</b> and [a link](https://a.example)",
        "Analysis of your order: fine.",
        'The `<details>` element folds a text: `<details type="reasoning">`.',
        "```html\n<details>\n<summary>More</summary>\nText\n</details>\n```",
        "```html\n<output>1</output>\n```",
        "`<output>` shows a result; `</output>` ends it.",
        "<output>3</output> is the result element.",
        "<response>\n3\n</response> and <output>4</output> are elements.",
        "<reason>late</reason> is what the log says.",
        "<analysis>late</analysis>, so the log.",
        "<output> is an element of HTML, </output> ends it.",
        "<details>\n<summary>More</summary>\nText\n</details>",
        "Here is my advice: return it.",
        "Here is my thought process: you bought it, so you may return it.",
        "Thinking... it is a lamp.",
        "[Reasoning](https://a.example) is a book.",
        "[Reasoning] The parcel is late because of the strike.",
        "[Thinking] about a new lamp? We have many.",
        "&lt;thinking&gt; is written so in HTML.",
        "So it is escaped:\n&lt;thinking&gt; and\n&lt;/thinking&gt; close each other.",
        "It ends with &lt;/thinking&gt; in HTML.",
        "```thoughts\nOne\n```",
        "```thoughts\nOne\n```\n",
        '{"thinking": 1}',
        '{"reasoning": "a", "answer": "b", "more": "c"}',
        "Fish &amp; chips &lt;b&gt; and AT&T",
        "Write `[thinking]` or `<|begin_of_box|>` in code.",
        "analysis",
        "<",
    ],
)
@pytest.mark.parametrize("habit", [Habit.UNKNOWN, Habit.PLAIN, Habit.SEPARATE])
def test_text_about_tags_stays(text: str, habit: Habit) -> None:
    answer = read(texts(*text), habit=habit)
    assert (answer.text, answer.reasoning) == (text, "")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("I look. <think>secret</think> Yes.", "I look. Yes."),
        ("I look.\n\n<think>secret</think>\n\nYes.", "I look.\n\nYes."),
        ("I look.\n<think>secret", "I look.\n"),
        ("I look. <think>secret", "I look. "),
        ("**I look.** <think>secret\n\nand more", "**I look.** "),
        ("I look <think>secret</think> now.", "I look now."),
        ("<think>secret</think>Hm. <think>secret</think>Yes.", "Hm. Yes."),
    ],
)
def test_it_is_found_in_the_middle(text: str, left: str) -> None:
    answer = read(texts(*text))
    assert answer.text == left
    assert "secret" not in answer.seen


@pytest.mark.parametrize("text", ["<think>secret", "<think>secret</think>", "secret</think> \n"])
def test_an_answer_of_nothing_else_is_empty(text: str) -> None:
    answer = read(texts(text))
    assert (answer.text, answer.error) == ("", "empty")


def test_a_model_that_is_known_by_name_is_shown_no_word_of_it() -> None:
    habit = Habits("http://127.0.0.1:8000/v1").of("ollama/qwq:32b-q4_K_M")
    for data in (
        texts("a secret", "</think>Yes."),
        texts("a secret", finish="length"),
        event(chunk({"content": "a secret"})),
    ):
        answer = read(data, habit=habit)
        assert "secret" not in answer.seen
        assert "a secret" in answer.reasoning


class Clock:
    """A clock that the test sets."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("said", "is_shown"),
    [("Your parcel comes", True), ("Okay, the user wants", False), ("Hmm, first, I need", False)],
)
def test_an_unknown_model_is_shown_after_a_while_unless_it_seems_to_think(
    said: str, *, is_shown: bool
) -> None:
    clock = Clock()
    reader, answer = StreamReader((), Habit.UNKNOWN, clock), Answer()
    for text in (said, " to", " you"):
        for one in reader.feed(event(chunk({"content": text}))):
            answer.take(one)
        clock.now += WAIT_SECONDS * 0.6
    assert bool(answer.seen) is is_shown


ABOUT = ["It is", " about a lamp.", " The", " customer", " wants", " a secret"]


@pytest.mark.parametrize(
    ("end", "text"), [(["</think>", "Yes."], "Yes."), ([], "".join(ABOUT)), ([" </b>"], None)]
)
def test_an_unknown_model_that_begins_to_think_later_is_taken_back_at_once(
    end: list[str], text: str | None
) -> None:
    clock = Clock()
    reader, answer, shown = StreamReader((), Habit.UNKNOWN, clock), Answer(), []
    for said in ABOUT:
        for one in reader.feed(event(chunk({"content": said}))):
            answer.take(one)
        shown.append(answer.text.strip())
        clock.now += WAIT_SECONDS
    lamp = "It is about a lamp."
    assert shown == ["", lamp, f"{lamp} The", f"{lamp} The customer", "", ""]
    for one in [*reader.feed(texts(*end)), *reader.end()]:
        answer.take(one)
    assert answer.text.strip() == (text or "".join([*ABOUT, *end]))
    assert ("secret" in answer.seen) is (text != "Yes.")


def test_an_unknown_model_whose_server_separates_reasoning_is_not_taken_back() -> None:
    reader, answer = StreamReader((), Habit.UNKNOWN), Answer()
    thought = event(chunk({"reasoning_content": "hm"}))
    for one in reader.feed(thought + texts(*ABOUT)):
        answer.take(one)
    assert answer.pieces == ABOUT


def test_a_suspect_is_withheld_to_its_end() -> None:
    clock = Clock()
    reader = StreamReader((), Habit.SUSPECT, clock)
    for text in ("Your", " parcel"):
        assert not reader.feed(event(chunk({"content": text})))
        clock.now += 60


@pytest.mark.parametrize("habit", [Habit.SEPARATE, Habit.PLAIN])
def test_a_plain_model_is_shown_at_once(habit: Habit) -> None:
    reader = StreamReader((), habit)
    assert reader.feed(event(chunk({"content": "Yes"})))


def test_a_stream_that_breaks_shows_what_was_withheld_unless_it_seems_to_think() -> None:
    assert read(event(chunk({"content": "Your parcel"}))).text == "Your parcel"
    assert not read(event(chunk({"content": "Okay, the user wants"}))).text
    assert not read(event(chunk({"content": "Your parcel"})), habit=Habit.THINKS).text
    assert not read(event(chunk({"content": "<think>secret"}))).text
    assert read(event(chunk({"content": "<output>Your parcel"}))).text.endswith("Your parcel")


@pytest.mark.parametrize("text", ["T", "Here is", "Thinking", "{", "``"])
def test_the_beginning_of_an_answer_that_was_cut_stays(text: str) -> None:
    assert read(texts(text, finish="length"), habit=Habit.SEPARATE).text == text


FIRST_WORDS = [
    "Thinking...\nsecret",
    "Here is my thought process: secret",
    '{"thinking": "secret',
    "[Thinking] secret",
    "&lt;think&gt;secret",
    "```thoughts\nsecret",
]


@pytest.mark.parametrize("text", FIRST_WORDS)
def test_words_that_reasoning_may_begin_with_are_the_answer_where_they_were_cut(text: str) -> None:
    for habit in (Habit.SEPARATE, Habit.PLAIN, Habit.UNKNOWN):
        assert read(texts(text, finish="length"), habit=habit).text == text
    answer = read(texts(text, finish="length"), habit=Habit.THINKS)
    assert (answer.text, answer.reasoning, answer.error) == ("", text, "empty")


@pytest.mark.parametrize("text", [text for text in FIRST_WORDS if text[0] != "{"])
def test_where_reasoning_is_separated_its_words_are_not_waited_for_without_end(text: str) -> None:
    reader, answer = StreamReader((), Habit.SEPARATE), Answer()
    for one in reader.feed(texts(text, *[" and so on"] * 150)):
        answer.take(one)
    assert len(answer.seen) > MOST_ASIDE


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("[thinking]{}[/thinking]", "[thinking]{}[/thinking]"),
        ("<output>{}</output> is all", "{} is all"),
    ],
)
def test_a_long_text_is_read_alike_however_it_is_cut(text: str, left: str) -> None:
    long = "Yes. " * 300
    for size in (3, 100_000):
        answer = read(texts(*cut(text.format(long), size)), habit=Habit.SEPARATE)
        assert answer.text == left.format(long)


@pytest.mark.parametrize("habit", [Habit.UNKNOWN, Habit.PLAIN, Habit.SEPARATE])
@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("<think> is a tag of some models.", "<think> is a tag of some models."),
        ("<think>a<think>b secret</think>more secret</think>Yes.", "Yes."),
        ("<think>secret `</think>` </think>Yes.", "Yes."),
    ],
)
def test_an_answer_may_begin_with_the_tag_that_it_is_about(
    text: str, left: str, habit: Habit
) -> None:
    for size in (1, 3, 1000):
        asked = {"role": "user", "content": "What is <think>?"}
        reader, answer = StreamReader((), habit, messages=[asked]), Answer()
        for one in [*reader.feed(texts(*cut(text, size))), *reader.end()]:
            answer.take(one)
        assert (answer.text, "secret" in answer.seen) == (left, False)


def test_a_long_answer_about_a_tag_is_shown_where_reasoning_is_separated() -> None:
    asked = {"role": "user", "content": "What is <think>?"}
    said = "<think> is a tag" + " and so on" * 150
    reader, answer = StreamReader((), Habit.SEPARATE, messages=[asked]), Answer()
    for one in [*reader.feed(texts(*cut(said, 20))), *reader.end()]:
        answer.take(one)
    assert answer.text == said


def test_who_asks_for_a_tag_is_not_shown_reasoning_that_does_not_end() -> None:
    asked = {"role": "user", "content": "What is <think>?"}
    for said, finish in (("secret", "length"), ("The user wants the secret.", "stop")):
        reader = StreamReader((), Habit.UNKNOWN, messages=[asked])
        assert not [
            one
            for one in reader.feed(texts("<think>", said, finish=finish))
            if isinstance(one, TextDelta)
        ]
        with pytest.raises(ModelError):
            reader.end()


def test_reasoning_that_the_limit_cut_is_no_answer() -> None:
    cut = texts("I wonder about the secret", finish="length")
    assert read(cut, habit=Habit.THINKS).error == "empty"
    assert read(cut).text == "I wonder about the secret"


def test_a_tag_within_a_sentence_does_not_withhold_all_that_follows() -> None:
    for habit in (Habit.PLAIN, Habit.SEPARATE):
        reader, answer = StreamReader((), habit), Answer()
        for text in ("Use <think> here", *[" and so on"] * 150):
            for one in reader.feed(event(chunk({"content": text}))):
                answer.take(one)
        assert len(answer.seen) > 1000
