"""Habits: whether a model's text may be shown as it comes.

Some templates put the opening tag of the reasoning into the prompt, so that an answer begins with
reasoning and nothing says so until the closing tag. What has been read of a model decides how much
of its text is withheld meanwhile; `docs/decisions/0015-reasoning-is-not-the-answer.md` has the why.
"""

import re
from collections import Counter
from collections.abc import Collection
from enum import StrEnum
from typing import Protocol
from urllib.parse import urlsplit

PLAIN_ANSWERS = 3
"""Answers without a sign of reasoning after which a model counts as plain."""
UNOPENED = "reasons_unopened"
"""The trait of a model that closed a reasoning which it had not opened."""
TAGGED = "reasons_in_tags"
"""The trait of a model that wrote its reasoning into the text, in tags."""
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


class Traits(Protocol):
    """What is remembered of the models of a server, beyond this process."""

    def known(self, model: str) -> Collection[str]:
        """Return the traits of ``model``; called once for each answer, on the event loop."""

    def learn(self, model: str, trait: str, words: str) -> None:
        """Remember a ``trait``; ``words`` are what showed it. Returns at once."""


class Habits:
    """The habits of the models behind one base URL, as this process has seen them."""

    def __init__(
        self, base_url: str, *, is_plain: bool = False, traits: Traits | None = None
    ) -> None:
        """Begin with what the server's name says; ``is_plain`` is for one that is surely so."""
        host = urlsplit(base_url).hostname or ""
        self._is_separate = is_plain or any(
            host == one or (one.startswith(".") and host.endswith(one)) for one in _SEPARATING
        )
        self._traits = traits
        self._seen: dict[str, set[str]] = {}
        self._plain: Counter[str] = Counter()

    def of(self, model: str) -> Habit:
        """Return the habit of ``model``."""
        known = set(self._traits.known(model)) if self._traits else set()
        known |= self._seen.get(model, set())
        if UNOPENED in known:
            return Habit.THINKS
        if self._is_separate:
            return Habit.SEPARATE
        if TAGGED in known:
            return Habit.SUSPECT
        if self._plain[model] >= PLAIN_ANSWERS:
            return Habit.PLAIN
        return Habit.SUSPECT if _THINKERS.search(model) else Habit.UNKNOWN

    def saw_plain(self, model: str) -> None:
        """Note an answer without any sign of reasoning in its text."""
        self._plain[model] += 1

    def learn(self, model: str, trait: str, words: str) -> None:
        """Note a trait; from now on this model's text is withheld until it is surely the answer."""
        seen = self._seen.setdefault(model, set())
        if trait not in seen:
            seen.add(trait)
            if self._traits:
                self._traits.learn(model, trait, words)
