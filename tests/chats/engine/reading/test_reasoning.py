"""Reasoning: what a model thinks aloud is no part of its answer, wherever it stands."""

from typing import Any

import pytest

from chats.engine.parts import ModelError
from chats.engine.reading.habits import PLAIN_ANSWERS, Habit, Habits
from chats.engine.reading.stream import StreamReader
from chats.engine.reading.thoughts import WAIT_SECONDS
from chats.engine.traits import TAGGED, UNOPENED
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
]


@pytest.mark.parametrize("text", FORMS)
def test_no_form_of_it_is_ever_seen(text: str) -> None:
    for size in (1, 3, 1000):
        answer = read(texts(*cut(text, size)))
        assert (answer.text, answer.error) == ("Yes.", "")
        assert "secret" in answer.reasoning
        assert "secret" not in answer.seen


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
        "a < b, <b>bold</b> and [a link](https://a.example)",
        "Analysis of your order: fine.",
        "analysis",
        "<",
    ],
)
@pytest.mark.parametrize("habit", [Habit.UNKNOWN, Habit.PLAIN])
def test_text_about_tags_stays(text: str, habit: Habit) -> None:
    answer = read(texts(*text), habit=habit)
    assert (answer.text, answer.reasoning) == (text, "")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("I look. <think>secret</think> Yes.", "I look. Yes."),
        ("I look.\n\n<think>secret</think>\n\nYes.", "I look.\n\nYes."),
        ("I look.\n<think>secret", "I look.\n"),
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


def test_a_model_that_surprises_is_corrected_and_withheld_from_then_on() -> None:
    habits = Habits("http://models.example/v1")
    for _ in range(PLAIN_ANSWERS):
        habits.saw_plain("a-model")
    assert habits.of("a-model") == Habit.PLAIN
    reader, answer = StreamReader((), habits.of("a-model")), Answer()
    for one in [*reader.feed(texts("secret", " it is</think>", "Yes.")), *reader.end()]:
        answer.take(one)
    found = reader.report(habits, "a-model")

    assert answer.text == "Yes."
    assert answer.reasoning == "secret it is"
    assert habits.of("a-model") == Habit.UNKNOWN
    assert habits.of("a-model", {one.kind for one in found}) == Habit.THINKS
    assert "secret" not in read(texts("secret", "</think>Yes."), habit=Habit.THINKS).seen


@pytest.mark.parametrize(
    ("text", "trait", "habit"),
    [
        ("secret</think>Yes.", UNOPENED, Habit.THINKS),
        ("<think>secret</think>Yes.", TAGGED, Habit.SUSPECT),
    ],
)
def test_what_is_learnt_of_a_model_is_to_be_remembered(text: str, trait: str, habit: Habit) -> None:
    reader = StreamReader((), Habit.UNKNOWN)
    reader.feed(texts(text))
    reader.end()
    found = reader.report(Habits("http://models.example/v1"), "a-model")
    assert [one.kind for one in found] == [trait]
    assert Habits("http://models.example/v1").of("a-model", {trait}) == habit


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
    " /root/.cache/hub/models--Qwen--QwQ-32B/snapshots/0123abcd perplexity/r1-1776 TinyR1-32B"
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


def test_reasoning_that_was_cut_is_no_plain_answer() -> None:
    habits = Habits("http://127.0.0.1:8000/v1")
    for _ in range(PLAIN_ANSWERS):
        reader = StreamReader((), habits.of("qwq"))
        reader.feed(texts("a secret", finish="length"))
        with pytest.raises(ModelError):
            reader.end()
        reader.report(habits, "qwq")
    assert habits.of("qwq") == Habit.THINKS


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


def test_reasoning_that_the_limit_cut_is_no_answer() -> None:
    cut = texts("I wonder about the secret", finish="length")
    assert read(cut, habit=Habit.THINKS).error == "empty"
    assert read(cut).text == "I wonder about the secret"
