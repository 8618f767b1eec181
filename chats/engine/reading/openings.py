"""Openings: whether a text begins as reasoning does, told from its first words.

Who thinks aloud speaks of the customer, or of answering. Most texts can be told from that by
their first word, the others a word or two later. Blanks and signs are left out of what is compared.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from enum import Enum
from itertools import product

_NO_LETTERS = re.compile(r"[^\w']+|_+")
_FILLERS = (
    *("okay", "ok", "alright", "hmm", "hm", "well", "so", "now", "right", "wait", "first", "here"),
    *("好的", "好", "嗯", "首先", "那么", "现在"),
)
"""Words that say nothing yet."""
_CUSTOMER = "user customer human person client visitor"
_GROUPS = (
    (
        "the this",
        _CUSTOMER,
        "asks asked wants wanted says said writes wrote mentions mentioned needs seems greets"
        " greeted simply is_asking is_saying is_requesting is_looking is_trying is_inquiring"
        " is_greeting is_wondering is_reporting is_complaining has_asked has_said has_sent"
        " has_provided has_mentioned just_asked just_said just_wants just_sent might_be may_be",
    ),
    (
        "the this",
        "user's customer's human's person's client's visitor's",
        "question message request query issue inquiry problem last latest first",
    ),
    (_CUSTOMER, "asks asked wants says said writes is_asking"),
    ("let_me", "think figure recall parse analyze_the analyze_this"),
    ("let's", "think figure parse craft produce analyze_the"),
    (
        "we i",
        "need_to have_to should must",
        "answer respond reply figure determine decide consider parse craft produce output"
        " understand help_the think_about call_the use_the_tool analyze",
    ),
    ("i'll i_will", "respond reply answer_with call_the"),
    (
        "der die",
        "nutzer benutzer user nutzerin kunde kundin",
        "fragt will möchte sagt schreibt hat_gefragt",
    ),
    ("l'utilisateur le_client la_cliente", "demande veut souhaite dit pose"),
    ("el la", "usuario usuaria cliente", "pregunta quiere pide dice"),
    ("o a", "usuário usuária cliente", "pergunta quer pede disse perguntou"),
    ("пользователь клиент", "спрашивает хочет просит пишет говорит"),
    ("用户 客户 顾客", "问 想 说 的 在 希望 要 发"),
    ("我需要 我现在需要 我应该 我得", "回答 回复 理解 分析 确定 思考 先"),
    ("让我", "想 思考 分析"),
    ("ユーザー お客様", "が は の"),
)
"""Beginnings of reasoning: one word of each part, the words of a phrase joined by ``_``."""
_BEGINNINGS = frozenset(
    "".join(words).replace("_", "")
    for group in _GROUPS
    for words in product(*(part.split() for part in group))
)
_SORTED = sorted({*_BEGINNINGS, *_FILLERS})
_LONGEST = max(map(len, _SORTED))
LOOKED_AT = 200
"""Code points after which a text counts as an answer, whatever it consists of."""

LOOKS = re.compile(
    r"\b(?:the (?:user|customer|human)(?:'s)?|user (?:is|wants|asks|says)|let me (?:think|see)|hmm"
    r"|i (?:need|should|have) to|we (?:need|should|have) to|i should|wait,|let's|first,)"
    r"|^\s*(?:okay|ok|alright|so)\b|用户|首先|好的|嗯|我需要",
    re.IGNORECASE,
)
"""How reasoning sounds. An answer that sounds so as well is only shown later."""
SEARCHED = 600
"""Code points that are searched for them."""


class Opening(Enum):
    """How a text begins."""

    ANSWER = "answer"
    THOUGHT = "thought"
    UNCERTAIN = "uncertain"


def opening_of(text: str) -> Opening:
    """Return how ``text`` begins, as far as it has come."""
    if len(text) > LOOKED_AT:
        return Opening.ANSWER
    rest = _NO_LETTERS.sub("", text.replace("\u2019", "'")).lower()
    while filler := next((one for one in _FILLERS if rest.startswith(one)), ""):
        rest = rest[len(filler) :]
    if any(rest[:end] in _BEGINNINGS for end in range(1, min(len(rest), _LONGEST) + 1)):
        return Opening.THOUGHT
    place = bisect_left(_SORTED, rest)
    may_become = place < len(_SORTED) and _SORTED[place].startswith(rest)
    return Opening.UNCERTAIN if may_become else Opening.ANSWER


def head_of(texts: Sequence[str]) -> str:
    """Return the beginning of ``texts``, each of which has a code point at least."""
    return "".join(texts[:SEARCHED])[:SEARCHED]
