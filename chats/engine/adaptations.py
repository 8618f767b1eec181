"""Adapting: what to ask otherwise after a refusal that names something one can do without.

The model, the key and the conversation itself are never given up; what no rule knows stays refused.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chats.engine import echoes, figures, schemas, wordings
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
_PLAIN = frozenset({400, 422})
"""Statuses of a refusal."""
_ODD = frozenset({404, 405, 413, 415, 429, 500, 501, 503})
"""Those of gateways that know no better: what they say counts in words that are known."""
_TOO_MANY = 429
_TOO_LONG_CODE = "context_length_exceeded"
_TOO_LARGE = 413
_SENTENCE = re.compile(r"[.!?] ")
_CALLED_TOKENS = re.compile(r"token|context", re.I)
"""What a model says of a request that is too large, rather than a proxy before it."""


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
    """Return what the refused call showed of its model; empty where nothing is to be done.

    What it repeats of the conversation says nothing.
    """
    if not _may_adapt(refusal) or not _found(refusal, sent):
        return []
    own = replace(refusal, words=echoes.without(refusal.words, sent.body["messages"]))
    if own.words != refusal.words and not _may_adapt(own):
        return []
    return [replace(trait, words=refusal.words) for trait in _found(own, sent)]


def _found(refusal: Refusal, sent: Sent) -> list[Trait]:
    """Return what the first rule finds that finds anything new."""
    rules = _RULES if refusal.status not in {_TOO_MANY, _TOO_LARGE} else (_too_long,)
    for rule in rules:
        found = [trait for trait in rule(refusal, sent) if _is_new(trait, sent.traits)]
        if found:
            return found
    return []


def _may_adapt(refusal: Refusal) -> bool:
    words = refusal.words
    # What the model wrote was at fault, not what it was asked.
    if refusal.codes & FAULTS_OF_MODELS:
        return False
    if "model" in refusal.names or "model_not_found" in refusal.codes:
        return False
    if refusal.status in {_TOO_MANY, _TOO_LARGE}:
        return refusal.status == _TOO_LARGE or "too large" in words.lower()
    if _is_passing(words):
        return False
    is_known = refusal.status in _ODD and wordings.KNOWN.search(words) is not None
    return refusal.status in _PLAIN or (is_known and not wordings.UNKNOWN_MODEL.search(words))


def _is_passing(words: str) -> bool:
    """Return whether ``words`` are about this moment, and no other sentence about the model."""
    lasting = [one for one in _SENTENCE.split(words) if not wordings.PASSING.search(one)]
    return wordings.PASSING.search(words) is not None and not any(
        wordings.KNOWN.search(one) for one in lasting
    )


def _is_new(trait: Trait, known: Traits) -> bool:
    """Return whether ``trait`` asks for less than what is known already."""
    if not known.has(trait.kind, trait.subject):
        return True
    was, number = known.number(trait.kind, trait.subject), figures.number(trait.value)
    return was is not None and number is not None and number < was


def _named(refusal: Refusal, sent: Sent) -> Sequence[Trait]:
    """Return the optional parameters that a refusal names as such."""
    return [
        _without(name, value, refusal)
        for name, value in sent.body.items()
        if name not in _REQUIRED and _is_named(name, refusal)
    ]


def _mentioned(refusal: Refusal, sent: Sent) -> Sequence[Trait]:
    """Return the optional parameters that a sentence of refusal has among its words.

    The name may be a word like any other, and that of the stream is one of servers' own faults.
    """
    if refusal.status not in _PLAIN:
        return ()
    refusing = [one for one in _SENTENCE.split(refusal.words) if wordings.REFUSING.search(one)]
    return [
        _without(name, value, refusal)
        for name, value in sent.body.items()
        if name not in {*_REQUIRED, "stream"} and any(_stands_in(name, one) for one in refusing)
    ]


def _without(name: str, value: Any, refusal: Refusal) -> Trait:
    """Return that a parameter is left out, or lowered where only its value is too high."""
    most = figures.highest(refusal.words)
    is_sure = _is_in_field(name, refusal) or _is_said(name, refusal.words)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if (
        is_number
        and most is not None
        and 0 < most < value
        and wordings.TOO_HIGH.search(refusal.words)
    ):
        return Trait(AT_MOST, name, figures.text(most), is_sure=is_sure)
    return Trait(WITHOUT, name, is_sure=is_sure)


def _is_named(name: str, refusal: Refusal) -> bool:
    if _is_in_field(name, refusal):
        return True
    if not wordings.REFUSING.search(refusal.words) and "unsupported_parameter" not in refusal.codes:
        return False
    # A name of one word may be a word like any other.
    return _stands_as_name(name, refusal.words) or ("_" in name and _stands_in(name, refusal.words))


def _is_in_field(name: str, refusal: Refusal) -> bool:
    """Return whether the server names a parameter in a field that is made for it."""
    is_below = name in refusal.paths and "messages" not in refusal.names
    return name in refusal.names or is_below


def _is_said(name: str, words: str) -> bool:
    """Return whether one sentence names a parameter, as no other word, and refuses it."""
    if _stands_as_name(name, words):
        return True
    return "_" in name and any(
        _stands_in(name, sentence) and wordings.REFUSING.search(sentence)
        for sentence in _SENTENCE.split(words)
    )


def _stands_as_name(name: str, words: str) -> bool:
    """Return whether a parameter stands in ``words`` as nothing but a name can."""
    form = _form_of(name)
    return (
        re.search(
            rf"['\"`\[(]{form}(?:\.\w+)*['\"`\])]"
            rf"|(?:parameter|argument|field|key|property|supplied)s?:? {form}\b"
            rf"|(?:^|[\s.]){form}: (?:extra|un\w+|not|invalid|range|must|input|value)\b"
            rf"|(?:^|[.:] ){form} (?:must|should|is|are|does|cannot|can|has|value|parameter)\b"
            rf"|\b(?:value|range) (?:of|for) {form}\b"
            rf"|\b{form} (?:parameter|param|argument|option)\b",
            words,
            re.I,
        )
        is not None
    )


def _stands_in(name: str, words: str) -> bool:
    """Return whether the name of a parameter stands in ``words``, also ``inThisForm``."""
    return re.search(rf"(?<![\w-]){_form_of(name)}(?![\w-])", words, re.I) is not None


def _form_of(name: str) -> str:
    return "_?".join(re.escape(part) for part in name.split("_"))


def _answer_limit(refusal: Refusal, sent: Sent) -> Sequence[Trait]:
    """Return by which name, or how high, a server takes the limit of the answer."""
    name = next((one for one in LIMIT_NAMES if sent.body.get(one)), None)
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
    return [Trait(AT_MOST, TOKENS, figures.text(asked // 2), is_sure=False)]


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
        is_sure = _is_surely_too_long(refusal)
        window = Trait(WINDOW, "", half, is_lasting=not is_proxy, is_sure=is_sure)
        return [window, Trait(SCALE, "", "1", is_lasting=False)]
    prompt = figures.prompt(refusal)
    # A count that is said tells how far the estimate is off, as does a window that seems to do.
    scale = max(prompt / sent.tokens, 0.1) if prompt and sent.tokens else 1.0
    if sent.tokens and scale * sent.tokens + _limit_of(sent) < stated * (1 - RESERVE):
        scale = 2 * stated / sent.tokens
    window = Trait(WINDOW, "", figures.text(stated))
    return [window, Trait(SCALE, "", f"{scale:.3f}", is_lasting=False)]


def _says_too_long(refusal: Refusal) -> bool:
    return _is_coded(refusal) or wordings.TOO_LONG.search(refusal.words) is not None


def _is_surely_too_long(refusal: Refusal) -> bool:
    return _is_coded(refusal) or wordings.SURELY_TOO_LONG.search(refusal.words) is not None


def _is_coded(refusal: Refusal) -> bool:
    return any("context" in code for code in refusal.codes)


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
    is_sure = "tools" in refusal.names or wordings.TOOLLESS.search(refusal.words) is not None
    # Calls of earlier steps that are not taken beside no tools are told in words this once.
    return [Trait(NO_TOOLS, is_lasting="tools" in sent.body, is_sure=is_sure)]


def _calls(refusal: Refusal, sent: Sent) -> Sequence[Trait]:
    """Return what a server wants to see of its own calls."""
    if not sent.has_role("tool"):
        return ()
    if "thought_signature" in refusal.words:
        return [Trait(SIGNED_CALLS)]
    return [Trait(REASONED_CALLS)] if "reasoning_content" in refusal.words else ()


_RULES: tuple[Rule, ...] = (
    *(_calls, _answer_limit, _named, _too_long),
    *(_roles, _images, _schemas, _mentioned, _tools),
)
