"""Frames as an attacker or a broken client sends them; always the same ones."""

import json
import random
from collections.abc import Iterator
from typing import Any

TYPES = ["hello", "follow", "unfollow", "typing", "viewing", "read", "ping", "welcome", "__init__"]
NAMES = ["topic", "after", "ref", "v", "token", "conversation", "position", "type", "constructor"]
VALUES: list[Any] = [
    None, True, False, 0, -1, 1, 2**31, 2**63, 2**64, -(2**63), 1e308, -0.0, 0.1, "", " ", "x",
    "note:1", "note:" + "1" * 64, "note:" + "1" * 65, "board", "inbox", "../../etc/passwd",
    "conversation:' OR 1=1 --", "\u0000", "\u2028", "\ufeff", "é" * 5000, "👩‍👩‍👧" * 50,
    "${jndi:ldap://x}", "<script>", [], {}, [[]], [None] * 100, {"a": {"b": {"c": 1}}},
]  # fmt: skip


def frames(number: int) -> Iterator[str]:
    """Give so many texts: well formed frames with odd values, broken JSON, garbage."""
    chance = random.Random(20261120)  # noqa: S311 - to be the same each time
    for _ in range(number):
        text = json.dumps(_frame(chance))
        yield chance.choice([_same, _same, _same, _cut, _mixed, _garbage])(chance, text)


def _frame(chance: random.Random) -> dict[str, Any]:
    fields = chance.sample(NAMES, chance.randint(0, 5))
    frame = {name: chance.choice(VALUES) for name in fields}
    return frame | {"type": chance.choice(TYPES)} if chance.random() < 0.9 else frame


def _same(chance: random.Random, text: str) -> str:
    del chance
    return text


def _cut(chance: random.Random, text: str) -> str:
    return text[: chance.randint(0, len(text))]


def _mixed(chance: random.Random, text: str) -> str:
    letters = list(text)
    for _ in range(3):
        letters[chance.randrange(len(letters))] = chance.choice('{}[]",:0a\\\n')
    return "".join(letters)


def _garbage(chance: random.Random, text: str) -> str:
    return "".join(chr(chance.randint(1, 0xD7FF)) for _ in range(chance.randint(0, len(text))))
