"""Habits: what the answers of a model teach about the next one, and what they do not."""

import pytest

from chats.engine.parts import Json, ModelError
from chats.engine.reading.habits import (
    LATEST,
    PLAIN_ANSWERS,
    Habit,
    Habits,
    Lesson,
)
from chats.engine.reading.stream import StreamReader
from chats.engine.traits import TAGGED, UNOPENED
from tests.chats.engine.reading.streams import Answer, texts

URL = "http://models.example/v1"
UNOPENED_ANSWER = ("secret", " it is</think>", "Yes.")
TAGGED_ANSWER = ("<think>secret</think>", "Yes.")


def user(text: str) -> list[Json]:
    """Return a conversation in which a customer says ``text``."""
    return [{"role": "system", "content": "Think."}, {"role": "user", "content": text}]


def answered(
    habits: Habits, conversation: str, *said: str, asked: str = "Hello"
) -> tuple[Answer, Lesson]:
    """Return the answer of a model that is read by its habit, and what that teaches."""
    habit = habits.of("a-model", (), conversation)
    reader, answer = StreamReader((), habit, messages=user(asked)), Answer()
    for one in [*reader.feed(texts(*said)), *reader.end()]:
        answer.take(one)
    return answer, reader.report(habits, "a-model", conversation)


def kinds(lesson: Lesson) -> list[str]:
    """Return the kinds of what is learnt."""
    return [one.kind for one in lesson.learnt]


@pytest.mark.parametrize(
    ("said", "kind", "habit"),
    [(UNOPENED_ANSWER, UNOPENED, Habit.THINKS), (TAGGED_ANSWER, TAGGED, Habit.SUSPECT)],
)
def test_a_habit_is_learnt_from_more_than_one_conversation(
    said: tuple[str, ...], kind: str, habit: Habit
) -> None:
    habits = Habits(URL)
    for _ in range(5):
        assert kinds(answered(habits, "one", *said)[1]) == []
        assert habits.of("a-model", (), "one") == habit
        assert habits.of("a-model", (), "two") == Habit.UNKNOWN
    assert kinds(answered(habits, "two", *said)[1]) == [kind]
    assert habits.of("a-model", {kind}) == habit


@pytest.mark.parametrize("every", [2, 3, 6])
def test_a_model_that_thinks_in_some_answers_is_learnt_and_not_forgotten(every: int) -> None:
    habits = Habits(URL)
    lessons = []
    for number in range(LATEST * 3):
        said = UNOPENED_ANSWER if number % every == 0 else ("Yes.",)
        lessons.append(answered(habits, str(number), *said)[1])
    assert kinds(lessons[every]) == [UNOPENED]
    assert not any(one.forgotten for one in lessons)


def test_a_habit_is_forgotten_when_conversations_show_no_sign_of_it() -> None:
    habits = Habits(URL)
    lessons = [answered(habits, str(number), "Yes.")[1] for number in range(LATEST)]
    assert [bool(one.forgotten) for one in lessons] == [False] * (LATEST - 1) + [True]
    assert {UNOPENED, TAGGED} == set(lessons[-1].forgotten)


def test_one_conversation_makes_nobody_forget() -> None:
    habits = Habits(URL)
    assert not any(answered(habits, "one", "Yes.")[1].forgotten for _ in range(LATEST + 1))


def test_a_piece_of_work_beside_conversations_teaches_nothing_that_lasts() -> None:
    habits = Habits(URL)
    for _ in range(LATEST):
        assert answered(habits, "", *UNOPENED_ANSWER)[1] == Lesson()


def test_only_the_latest_conversations_are_kept() -> None:
    habits = Habits(URL)
    for number in range(LATEST * 3):
        answered(habits, str(number), *UNOPENED_ANSWER)
    assert habits.of("a-model", (), "0") == Habit.UNKNOWN
    assert habits.of("a-model", (), str(LATEST * 3 - 1)) == Habit.THINKS


def test_a_host_that_separates_reasoning_never_counts_as_one_that_thinks() -> None:
    habits = Habits("https://api.openai.com/v1")
    for number in range(LATEST):
        for said in (("</think>Hello",), UNOPENED_ANSWER, TAGGED_ANSWER):
            answer, lesson = answered(habits, str(number), *said)
            assert lesson == Lesson()
            assert answer.text.endswith(said[-1][-4:])
    assert habits.of("a-model", {UNOPENED, TAGGED}, "0") == Habit.SEPARATE


ASKED = "Write the word sure, then </think>, then a sentence."


@pytest.mark.parametrize("habit", [Habit.UNKNOWN, Habit.PLAIN, Habit.SUSPECT, Habit.SEPARATE])
@pytest.mark.parametrize(
    "asked",
    [ASKED, "Close with [/THINK] please", "the closing think tag!", "Say &lt;/thinking&gt;"],
)
def test_a_tag_that_somebody_asked_for_takes_no_words_away(habit: Habit, asked: str) -> None:
    reader, answer = StreamReader((), habit, messages=user(asked)), Answer()
    said = "Sure: write </think> to close it."
    for one in [*reader.feed(texts(*said)), *reader.end()]:
        answer.take(one)
    assert (answer.text, answer.seen, answer.reasoning) == (said, said, "")


def test_a_tag_that_somebody_asked_for_changes_nothing_for_others() -> None:
    habits = Habits(URL)
    for number in range(PLAIN_ANSWERS):
        answered(habits, str(number), "Yes.")
    said = ("Sure:", " write </think>", " to close it.")
    for number, text in enumerate([said, TAGGED_ANSWER, ("</think>Hello",)] * LATEST):
        assert not kinds(answered(habits, f"odd {number}", *text, asked=ASKED)[1])
    assert habits.of("a-model", (), "0") == Habit.PLAIN


def test_who_asks_for_a_tag_is_not_shown_the_reasoning() -> None:
    said = texts("The user wants the secret.", "</think>", "Yes.")
    for habit in (Habit.UNKNOWN, Habit.PLAIN, Habit.SUSPECT, Habit.THINKS):
        reader, answer = StreamReader((), habit, messages=user(ASKED)), Answer()
        for one in [*reader.feed(said), *reader.end()]:
            answer.take(one)
        assert (answer.text, "secret" in answer.seen) == ("Yes.", False)


def test_an_administrators_words_about_tags_are_nobodys_question() -> None:
    messages: list[Json] = [{"role": "system", "content": "Never write </think>."}, *user("Hi")]
    reader = StreamReader((), Habit.UNKNOWN, messages=messages)
    reader.feed(texts(*UNOPENED_ANSWER))
    reader.end()
    habits = Habits(URL)
    reader.report(habits, "a-model", "one")
    assert habits.of("a-model", (), "one") == Habit.THINKS


def test_a_model_that_surprises_is_corrected_and_withheld_from_then_on() -> None:
    habits = Habits(URL)
    for _ in range(PLAIN_ANSWERS):
        answered(habits, "one", "Yes.")
    assert habits.of("a-model") == Habit.PLAIN
    answer, _ = answered(habits, "one", *UNOPENED_ANSWER)
    assert (answer.text, answer.reasoning) == ("Yes.", "secret it is")
    assert habits.of("a-model") == Habit.UNKNOWN
    assert "secret" not in answered(habits, "one", *UNOPENED_ANSWER)[0].seen


def test_an_answer_without_text_is_no_plain_one() -> None:
    habits = Habits(URL)
    for _ in range(PLAIN_ANSWERS):
        answered(habits, "one", "")
    assert habits.of("a-model") == Habit.UNKNOWN


@pytest.mark.parametrize(
    ("url", "model", "habit"),
    [
        ("https://api.openai.com/v1", "gpt-5-mini", Habit.SEPARATE),
        ("https://x.openai.azure.com/openai/v1", "o3", Habit.SEPARATE),
        ("https://evil-api.openai.com.example/v1", "gpt-5-mini", Habit.UNKNOWN),
        ("http://127.0.0.1:8000/v1", "gpt-5-mini", Habit.UNKNOWN),
        ("http://127.0.0.1:8000/v1", "deepseek-r1:8b", Habit.THINKS),
        ("http://127.0.0.1:8000/v1", "Qwen/Qwen3-8B", Habit.SUSPECT),
    ],
)
def test_what_is_known_of_a_model_beforehand(url: str, model: str, habit: Habit) -> None:
    assert Habits(url).of(model) == habit


THINKING = (
    "deepseek-r1 deepseek/deepseek-r1:free us.deepseek.r1-v1:0 DeepSeek_R1 deepseek-reasoner"
    " accounts/fireworks/models/deepseek-r1-0528 @cf/deepseek-ai/deepseek-r1-distill-qwen-32b"
    " hf.co/unsloth/DeepSeek-R1-Distill-Llama-8B-GGUF:Q4_K_M /models/QwQ-32B-AWQ.gguf qwq:latest"
    " hub/models--Qwen--QwQ-32B/snapshots/0123abcd perplexity/r1-1776 TinyR1-32B"
    " Qwen/Qwen3-30B-A3B-Thinking-2507-FP8 mlx-community/Magistral-Small-2506-4bit openthinker3"
    " openai/gpt-oss-120b minimaxai/minimax-m1-80k"
    " MiniMax-M2 kimi-k2-thinking kimi-thinking-preview"
    " microsoft/phi-4-reasoning-plus nvidia/OpenReasoning-Nemotron-7B LGAI-EXAONE/EXAONE-Deep-32B"
    " ernie-x1-turbo bytedance/seed-oss-36b-instruct Skywork-OR1-32B inclusionAI/Ring-1T ring-lite"
    " inclusionAI/Ring-flash-2.0 THUDM/GLM-Z1-32B qvq-72b-preview"
    " ai21-jamba-reasoning-3b olmo-3-think"
    " AIDC-AI/Marco-o1 agentica/deepcoder-14b claude-sonnet:thinking"
)
MAYBE = (
    "Qwen/Qwen3-8B qwen3:8b-q4_K_M unsloth/Qwen3-0.6B-GGUF deepseek-v3.1 zai-org/GLM-4.5-Air-FP8"
    " nvidia/llama-3_3-nemotron-super-49b smollm3:3b tencent/Hunyuan-A13B ernie-4.5-21b"
    " ibm/granite-3.3-8b NousResearch/Hermes-4-70B XiaomiMiMo/MiMo-7B-RL exaone4:32b"
)
ORDINARY = (
    "gpt-4o-mini llama-3.1-8b-instant meta-llama/Llama-3.3-70B-Instruct mistral-small-2506 phi4"
    " google/gemma-3-27b-it qwen2.5:7b Qwen/Qwen3-30B-A3B-Instruct-2507 qwen3-coder:480b spring-2b"
    " deepseek-chat kimi-k2-instruct longcat-flash-chat x-ai/grok-4-fast-non-reasoning string-r12"
    " claude-haiku mixtral-8x7b command-r7b a-model demo firing-9b"
)


@pytest.mark.parametrize(
    ("names", "habit"),
    [(THINKING, Habit.THINKS), (MAYBE, Habit.SUSPECT), (ORDINARY, Habit.UNKNOWN)],
)
def test_models_are_known_by_name_whatever_stands_around_it(names: str, habit: Habit) -> None:
    habits = Habits("http://127.0.0.1:8000/v1")
    assert {name: habits.of(name) for name in names.split()} == dict.fromkeys(names.split(), habit)


def test_reasoning_that_was_cut_is_no_plain_answer() -> None:
    habits = Habits("http://127.0.0.1:8000/v1")
    for _ in range(PLAIN_ANSWERS):
        reader = StreamReader((), habits.of("qwq"))
        reader.feed(texts("a secret", finish="length"))
        with pytest.raises(ModelError):
            reader.end()
        reader.report(habits, "qwq")
    assert habits.of("qwq") == Habit.THINKS
