"""Habits: whether a model's text may be shown as it comes.

Some templates put the opening tag of the reasoning into the prompt, so that an answer begins with
reasoning and nothing says so until the closing tag. What has been read of a model decides how much
of its text is withheld meanwhile; `docs/decisions/0015-reasoning-is-not-the-answer.md` has the why.
"""

import re
from collections import Counter
from collections.abc import Collection
from enum import StrEnum
from urllib.parse import urlsplit

from chats.engine.traits import TAGGED, UNOPENED

PLAIN_ANSWERS = 3
"""Answers without a sign of reasoning after which a model counts as plain."""
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
_THINKERS = re.compile(
    r"\br1\b|qwq|qwen-?3|think|reason|deepseek|magistral|glm-?[4-9]|nemotron|minimax|ernie|hunyuan"
    r"|exaone|marco-o1|cogito|smollm3|kimi|seed-oss|skywork|olmo-?3|gpt-oss|granite",
    re.IGNORECASE,
)
"""Families of open models that think aloud."""


class Habit(StrEnum):
    """What is known of a model's text."""

    SEPARATE = "separate"
    """Its server never leaves reasoning in the text."""
    PLAIN = "plain"
    """It has answered several times without a sign of reasoning."""
    UNKNOWN = "unknown"
    SUSPECT = "suspect"
    """It is of a family that thinks aloud, or has done so in tags that it opened."""
    THINKS = "thinks"
    """It begins with reasoning that nothing opens."""


class Habits:
    """The habits of the models behind one base URL, as this process has seen them."""

    def __init__(self, base_url: str, *, is_plain: bool = False) -> None:
        """Begin with what the server's name says; ``is_plain`` is for one that is surely so."""
        host = urlsplit(base_url).hostname or ""
        self._is_separate = is_plain or any(
            host == one or (one.startswith(".") and host.endswith(one)) for one in _SEPARATING
        )
        self._plain: Counter[str] = Counter()

    def of(self, model: str, remembered: Collection[str] = ()) -> Habit:
        """Return the habit of ``model``; ``remembered`` are the kinds of its traits."""
        if UNOPENED in remembered:
            return Habit.THINKS
        if self._is_separate:
            return Habit.SEPARATE
        if TAGGED in remembered:
            return Habit.SUSPECT
        if self._plain[model] >= PLAIN_ANSWERS:
            return Habit.PLAIN
        return Habit.SUSPECT if _THINKERS.search(model) else Habit.UNKNOWN

    def saw_plain(self, model: str) -> None:
        """Note an answer without any sign of reasoning in its text."""
        self._plain[model] += 1

    def saw_reasoning(self, model: str) -> None:
        """Note an answer with reasoning in its text: the model counts as plain no more."""
        self._plain[model] = 0
