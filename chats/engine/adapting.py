"""Adapting: what to ask otherwise after a refusal that names something one can do without.

The model, the key and the conversation itself are never given up; what no rule knows stays refused.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from chats.engine import figures, schemas, wordings
from chats.engine.context import RESERVE
from chats.engine.parts import Json
from chats.engine.reading.generations import CODES as FAULTS_OF_MODELS
from chats.engine.refusals import Refusal
from chats.engine.traits import (
    AT_MOST,
    IMAGES,
    NO_IMAGES,
    NO_SYSTEM,
    NO_TOOLS,
    PLAIN_SCHEMAS,
    REASONED_CALLS,
    RENAMED,
    SCALE,
    SIGNED_CALLS,
    TOKENS,
    WINDOW,
    WITHOUT,
    Trait,
    Traits,
)

LIMIT_NAMES = (TOKENS, "max_completion_tokens")
"""What servers call the limit of an answer: OpenAI's newer models by the second name alone."""
_REQUIRED = frozenset({"model", "messages", "tools", *LIMIT_NAMES})
_STATUSES = frozenset({400, 404, 405, 413, 415, 422, 429, 500, 501, 503})
"""Statuses of a refusal; those beside 400 and 422 come from gateways that know no better."""
_PLAIN = frozenset({400, 422})
_TOO_MANY = 429
_TOO_LONG_CODE = "context_length_exceeded"
_TOO_LARGE = 413
_CALLED_TOKENS = re.compile(r"token|context", re.I)
"""What a model says of a request that is too large, rather than a proxy before it."""
_COMMON_WORDS = frozenset({"stop", "user", "store", "seed", "stream", "metadata", "strict", "n"})
"""Parameters whose names are words: they count where they stand as a name."""


@dataclass(frozen=True)
class Sent:
    """What was sent: the body, what it was known to need, and the tokens it is estimated at."""

    body: Json
    traits: Traits
    tokens: int

    def has_part(self, kind: str) -> bool:
        """Return whether a message has a part of ``kind``."""
        contents = (message.get("content") for message in self.body["messages"])
        lists = [content for content in contents if isinstance(content, list)]
        return any(part.get("type") == kind for content in lists for part in content)

    def has_role(self, *roles: str) -> bool:
        """Return whether a message has one of ``roles``."""
        return any(message.get("role") in roles for message in self.body["messages"])


Rule = Callable[[Refusal, Sent], Sequence[Trait]]


def traits_of(refusal: Refusal, sent: Sent) -> list[Trait]:
    """Return what the refused call showed of its model; empty where nothing is to be done."""
    if not _may_adapt(refusal):
        return []
    rules = _RULES if refusal.status != _TOO_MANY else (_too_long,)
    for rule in rules:
        found = [trait for trait in rule(refusal, sent) if _is_new(trait, sent.traits)]
        if found:
            return [_with_words(trait, refusal) for trait in found]
    return []


def _may_adapt(refusal: Refusal) -> bool:
    # What the model wrote was at fault, not what it was asked.
    if refusal.codes & FAULTS_OF_MODELS:
        return False
    if refusal.status not in _STATUSES or "model" in refusal.names:
        return False
    if refusal.status == _TOO_MANY:
        return "too large" in refusal.words.lower()
    is_known = refusal.status in _PLAIN or not wordings.UNKNOWN_MODEL.search(refusal.words)
    return is_known and "model_not_found" not in refusal.codes


def _is_new(trait: Trait, known: Traits) -> bool:
    """Return whether ``trait`` asks for less than what is known already."""
    if not known.has(trait.kind, trait.subject):
        return True
    was, number = known.number(trait.kind, trait.subject), figures.number(trait.value)
    return was is not None and number is not None and number < was


def _with_words(trait: Trait, refusal: Refusal) -> Trait:
    return Trait(trait.kind, trait.subject, trait.value, refusal.words, trait.is_lasting)


def _named(refusal: Refusal, sent: Sent) -> Sequence[Trait]:
    """Return the optional parameters that a refusal names as such."""
    return [
        _without(name, value, refusal)
        for name, value in sent.body.items()
        if name not in _REQUIRED and _is_named(name, refusal)
    ]


def _without(name: str, value: Any, refusal: Refusal) -> Trait:
    """Return that a parameter is left out, or lowered where only its value is too high."""
    most = figures.highest(refusal.words)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if (
        is_number
        and most is not None
        and 0 < most < value
        and wordings.TOO_HIGH.search(refusal.words)
    ):
        return Trait(AT_MOST, name, figures.text(most))
    return Trait(WITHOUT, name)


def _is_named(name: str, refusal: Refusal) -> bool:
    if name in refusal.names:
        return True
    if name in refusal.paths and "messages" not in refusal.names:
        return True
    if not wordings.REFUSING.search(refusal.words) and "unsupported_parameter" not in refusal.codes:
        return False
    if name not in _COMMON_WORDS:
        return _stands_in(name, refusal.words)
    word = re.escape(name)
    as_name = (
        rf"['\"`\[(]{word}['\"`\])]|(parameter|argument|field|key|property|supplied)s?:? {word}\b"
    )
    return (
        re.search(rf"{as_name}|(^|\W){word}: (extra|unsupported|not)", refusal.words, re.I)
        is not None
    )


def _stands_in(name: str, words: str) -> bool:
    """Return whether the name of a parameter stands in ``words``, also ``inThisForm``."""
    pattern = "_?".join(re.escape(part) for part in name.split("_"))
    return re.search(rf"(?<![\w-]){pattern}(?![\w-])", words, re.I) is not None


def _answer_limit(refusal: Refusal, sent: Sent) -> Sequence[Trait]:
    """Return by which name, or how high, a server takes the limit of the answer."""
    name = next((one for one in LIMIT_NAMES if one in sent.body), None)
    words = refusal.words
    if name is None or wordings.CONTEXT.search(words) or _TOO_LONG_CODE in refusal.codes:
        return ()
    is_named = name in refusal.paths or _stands_in(name, words)
    is_too_high = wordings.TOO_HIGH.search(words) is not None
    if is_too_high and (is_named or wordings.ANSWER_TOO_LONG.search(words)):
        return _lower_limit(sent.body[name], words)
    if is_named and (wordings.REFUSING.search(words) or name in refusal.paths):
        other = next(one for one in LIMIT_NAMES if one != name)
        is_renamed = sent.traits.has(RENAMED, TOKENS)
        return [Trait(WITHOUT, TOKENS) if is_renamed else Trait(RENAMED, TOKENS, other)]
    return ()


def _lower_limit(asked: int, words: str) -> Sequence[Trait]:
    """Return how long an answer may be, as it is said or as half of what was asked for."""
    most = figures.longest_answer(words)
    if most is not None and most < asked:
        return [Trait(AT_MOST, TOKENS, figures.text(most))]
    if figures.has_least(words) or asked < 2 * figures.SMALLEST_ANSWER:
        return ()
    return [Trait(AT_MOST, TOKENS, figures.text(asked // 2))]


def _too_long(refusal: Refusal, sent: Sent) -> Sequence[Trait]:
    """Return how much a model reads, as it says or as half of what was sent."""
    is_proxy = refusal.status == _TOO_LARGE and not _CALLED_TOKENS.search(refusal.words)
    if not (is_proxy or _says_too_long(refusal)):
        return ()
    if is_proxy and sent.has_part("image_url"):
        return [Trait(NO_IMAGES, is_lasting=False)]
    stated = None if is_proxy else figures.window(refusal)
    if stated is not None and sent.traits.has(SCALE):
        return ()
    if stated is None:
        half = figures.text(max((sent.tokens + _limit_of(sent)) // 2, 1))
        # What a proxy takes is no window of the model.
        window = Trait(WINDOW, "", half, is_lasting=not is_proxy)
        return [window, Trait(SCALE, "", "1", is_lasting=False)]
    prompt = figures.prompt(refusal)
    # A count that is said tells how far the estimate is off, as does a window that seems to do.
    scale = max(prompt / sent.tokens, 0.1) if prompt and sent.tokens else 1.0
    if sent.tokens and scale * sent.tokens + _limit_of(sent) < stated * (1 - RESERVE):
        scale = 2 * stated / sent.tokens
    window = Trait(WINDOW, "", figures.text(stated))
    return [window, Trait(SCALE, "", f"{scale:.3f}", is_lasting=False)]


def _says_too_long(refusal: Refusal) -> bool:
    is_coded = any("context" in code for code in refusal.codes)
    return is_coded or wordings.TOO_LONG.search(refusal.words) is not None


def _limit_of(sent: Sent) -> int:
    """Return how many tokens the answer may have that was asked for."""
    return max((sent.body.get(name) or 0 for name in LIMIT_NAMES), default=0)


def _roles(refusal: Refusal, sent: Sent) -> Sequence[Trait]:
    """Return that the system's words, or those of tools, have no role of their own."""
    if not wordings.ROLES.search(refusal.words):
        return ()
    if sent.has_role("system"):
        return [Trait(NO_SYSTEM)]
    return [Trait(NO_TOOLS)] if sent.has_role("tool") else ()


def _images(refusal: Refusal, sent: Sent) -> Sequence[Trait]:
    """Return that a model sees no images, or fewer; one that cannot be read is left out once."""
    if not sent.has_part("image_url") or not wordings.PICTURES.search(refusal.words):
        return ()
    most = re.search(r"at most (\d+) image", refusal.words, re.I)
    if most and int(most[1]):
        return [Trait(AT_MOST, IMAGES, most[1])]
    return [Trait(NO_IMAGES, is_lasting=wordings.BLIND.search(refusal.words) is not None)]


def _schemas(refusal: Refusal, sent: Sent) -> Sequence[Trait]:
    """Return that the schemas of arguments are to be plain."""
    tools = sent.body.get("tools")
    if not tools or not (wordings.SCHEMA.search(refusal.words) or "strict" in refusal.paths):
        return ()
    if not refusal.paths & {"tools", "functions"} and not _names_keyword(refusal, tools):
        return ()
    return [Trait(PLAIN_SCHEMAS)]


def _names_keyword(refusal: Refusal, tools: Sequence[Json]) -> bool:
    found = schemas.keywords([tool["function"].get("parameters") for tool in tools]) | {"strict"}
    words = refusal.words.lower()
    is_about_all = re.search(
        r"(invalid|unsupported)[^.]{0,40}schema|schema[^.]{0,60}(not|un)", words
    )
    return any(name.lower() in words for name in found) or is_about_all is not None


def _tools(refusal: Refusal, sent: Sent) -> Sequence[Trait]:
    """Return that a model takes no tools, or only without a stream."""
    has_tools = "tools" in sent.body or sent.has_role("tool")
    if not has_tools or not (wordings.CALLING.search(refusal.words) or "tools" in refusal.names):
        return ()
    if not wordings.REFUSING.search(refusal.words) and "tools" not in refusal.names:
        return ()
    if wordings.STREAMED_CALLS.search(refusal.words) and "stream" in sent.body:
        return [Trait(WITHOUT, "stream")]
    # Calls of earlier steps that are not taken beside no tools are told in words this once.
    return [Trait(NO_TOOLS, is_lasting="tools" in sent.body)]


def _calls(refusal: Refusal, sent: Sent) -> Sequence[Trait]:
    """Return what a server wants to see of its own calls."""
    if not sent.has_role("tool"):
        return ()
    if "thought_signature" in refusal.words:
        return [Trait(SIGNED_CALLS)]
    return [Trait(REASONED_CALLS)] if "reasoning_content" in refusal.words else ()


_RULES: tuple[Rule, ...] = (
    *(_calls, _answer_limit, _named, _too_long),
    *(_roles, _images, _schemas, _tools),
)
