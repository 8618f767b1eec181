"""Habits: whether a model's text may be shown as it comes.

Some templates put the opening tag of the reasoning into the prompt, so that an answer begins with
reasoning and nothing says so until the closing tag. What has been read of a model decides how much
of its text is withheld meanwhile; `docs/decisions/0015-reasoning-is-not-the-answer.md` has the why.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from chats.engine.traits import TAGGED, UNOPENED, Trait

PLAIN_ANSWERS = 3
"""Answers without a sign of reasoning after which a model counts as plain."""
LATEST = 8
"""Conversations of a model that are compared, each by its last answer."""
LEARNT_FROM = 2
"""Of these, those that have to show a habit before it is one of the model."""
_WORDS = {UNOPENED: "… </think>", TAGGED: "<think> …"}
_SEPARATING = (
    "api.openai.com",
    ".openai.azure.com",
    "api.anthropic.com",
    "generativelanguage.googleapis.com",
    "api.mistral.ai",
    "api.deepseek.com",
    "api.x.ai",
)
"""Hosts that keep reasoning out of the text, whatever the model."""
_ALWAYS = re.compile(
    r"(?<![a-z0-9])r1(?![0-9])|deepseek-?r1|tinyr1|q[vw]q(?![a-z])|think|reason|magistral|glm-z1"
    r"|minimax-?m[1-9]|exaone-deep|ernie-x|spark-x1|skywork-o[r1]|seed-oss|marco-o1|deepcoder"
    r"|deepscaler|sky-t1|gpt-oss|prover-v|falcon-h1r|(?<![a-z])ring-?(?:\d|lite|mini|flash)"
)
"""Models that always think aloud. Templates of many open the reasoning, so that nothing says so."""
_SOMETIMES = re.compile(
    r"qwen-?3|deepseek|glm-?[4-9]|nemotron|minimax|ernie|hunyuan|exaone|cogito|smollm-?3|kimi"
    r"|skywork|olmo-?3|granite|hermes-?[4-9]|deephermes|(?<![a-z])mimo(?![a-z])|intern-?s1|apriel"
    r"|(?<![a-z])step-?3|minicpm-?[4-9]|longcat|solar-(?:pro|open)|sarvam|intellect|baichuan-m|maestro"
)
"""Families of open models that think aloud in some versions, or when they are told to."""
_NEVER = re.compile(r"instruct|coder|(?<=-)chat\b|non-?(?:thinking|reasoning)")
"""What stands in the names of the other versions."""


class Habit(StrEnum):
    """What is known of a model's text."""

    SEPARATE = "separate"
    """Its server never leaves reasoning in the text."""
    PLAIN = "plain"
    """It has answered several times without a sign of reasoning."""
    UNKNOWN = "unknown"
    SUSPECT = "suspect"
    """It is of a family of which some think aloud, or has done so in tags that it opened."""
    THINKS = "thinks"
    """It begins with reasoning that nothing opens, or its name says that it may."""


@dataclass(frozen=True)
class Lesson:
    """What answers have taught: the traits to remember, and the kinds of those to forget."""

    learnt: Sequence[Trait] = ()
    forgotten: Collection[str] = ()


class Habits:
    """The habits of the models behind one base URL, as this process has seen them."""

    def __init__(self, base_url: str, *, is_plain: bool = False) -> None:
        """Begin with what the server's name says; ``is_plain`` is for one that is surely so."""
        host = urlsplit(base_url).hostname or ""
        self._is_separate = is_plain or any(
            host == one or (one.startswith(".") and host.endswith(one)) for one in _SEPARATING
        )
        self._plain: Counter[str] = Counter()
        self._latest: dict[str, dict[str, str]] = {}

    def of(self, model: str, remembered: Collection[str] = (), conversation: str = "") -> Habit:
        """Return the habit of ``model``; ``remembered`` are the kinds of its traits.

        What a ``conversation`` has shown is heeded in it at once.
        """
        if self._is_separate:
            return Habit.SEPARATE
        shown = {*remembered, self._latest.get(model, {}).get(conversation, "")}
        if UNOPENED in shown:
            return Habit.THINKS
        if TAGGED in shown:
            return Habit.SUSPECT
        if self._plain[model] >= PLAIN_ANSWERS:
            return Habit.PLAIN
        return _habit_by_name(model)

    def saw(self, model: str, kind: str, conversation: str = "") -> Lesson:
        """Note an answer that has shown the trait ``kind``, or no sign of reasoning: empty.

        One of no known conversation teaches nothing that lasts.
        """
        if self._is_separate:
            return Lesson()
        self._plain[model] = 0 if kind else self._plain[model] + 1
        if not conversation:
            return Lesson()
        latest = self._latest.setdefault(model, {})
        latest.pop(conversation, None)
        latest[conversation] = kind
        if len(latest) > LATEST:
            del latest[next(iter(latest))]
        return _lesson_of(Counter(latest.values()))


def _lesson_of(shown: Counter[str]) -> Lesson:
    """Return what follows from how many conversations have ``shown`` each kind, or none.

    Many models think in some of their answers only, so those without a sign prove nothing alone.
    """
    if shown.pop("", 0) >= LATEST:
        return Lesson(forgotten=frozenset(_WORDS))
    kinds = [kind for kind, count in shown.items() if count >= LEARNT_FROM]
    return Lesson([Trait(kind, words=_WORDS[kind]) for kind in kinds])


def _habit_by_name(model: str) -> Habit:
    """Return what the name of a model says, whatever provider and quantisation stand around it."""
    name = re.sub(r"[\s_]+", "-", model.lower())
    never = _NEVER.search(name)
    if _ALWAYS.search(name) and not (never and never[0].startswith("non")):
        return Habit.THINKS
    return Habit.SUSPECT if _SOMETIMES.search(name) and not never else Habit.UNKNOWN
