"""Frames as an attacker or a broken client sends them; always the same ones."""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

TYPES = ["hello", "follow", "unfollow", "typing", "viewing", "read", "ping", "welcome", "__init__"]
NAMES = ["topic", "after", "ref", "v", "token", "conversation", "position", "type", "constructor"]
VALUES: list[Any] = [
    None, True, False, 0, -1, 1, 2**31, 2**63, 2**64, -(2**63), 1e308, -0.0, 0.1, "", " ", "x",
    "note:1", "note:" + "1" * 64, "note:" + "1" * 65, "board", "inbox", "../../etc/passwd",
    "conversation:' OR 1=1 --", "\u0000", "\u2028", "\ufeff", "é" * 5000, "👩‍👩‍👧" * 50,
    "${jndi:ldap://x}", "<script>", [], {}, [[]], [None] * 100, {"a": {"b": {"c": 1}}},
]  # fmt: skip


MOST = 64 * 1024


@dataclass(frozen=True)
class Sent:
    """One message as it goes over the wire: its pieces, and whether it claims to be text."""

    pieces: tuple[bytes, ...]
    is_text: bool = True


def messages(number: int, names: Sequence[str]) -> Iterator[Sent]:
    """Yield so many messages: the frames below, and what only a wire can carry.

    ``names`` are topics and ids of others, which frames ask for.
    """
    chance = random.Random(20261121)  # noqa: S311 - to be the same each time
    for text in frames(number):
        make = chance.choice(_WAYS)
        yield make(chance, text.encode(errors="replace"), names)


def frames(number: int) -> Iterator[str]:
    """Yield so many texts: well formed frames with odd values, broken JSON, garbage."""
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


def _plain(chance: random.Random, text: bytes, names: Sequence[str]) -> Sent:
    del chance, names
    return Sent((text,))


def _of_others(chance: random.Random, text: bytes, names: Sequence[str]) -> Sent:
    del text
    name = chance.choice(names)
    frame = {"type": chance.choice(TYPES), "topic": name, "conversation": name.partition(":")[2]}
    more = {"after": chance.choice(VALUES), "position": chance.choice([0, 1, 2**31, 2**53])}
    return Sent((json.dumps(frame | more).encode(),))


def _pieces(chance: random.Random, text: bytes, names: Sequence[str]) -> Sent:
    """Cut anywhere, in the middle of a letter, too; some pieces are empty."""
    whole = _of_others(chance, text, names).pieces[0] + " é👩".encode()
    cuts = sorted(chance.randint(0, len(whole)) for _ in range(chance.randint(1, 40)))
    bounds = [0, *cuts, len(whole)]
    return Sent(tuple(whole[a:b] for a, b in pairwise(bounds)))


def _binary(chance: random.Random, text: bytes, names: Sequence[str]) -> Sent:
    del names
    return Sent((chance.choice([text, b"", b"\0", chance.randbytes(300)]),), is_text=False)


def _bad_utf8(chance: random.Random, text: bytes, names: Sequence[str]) -> Sent:
    del names
    bad = chance.choice([b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xe2\x82"])
    place = chance.randint(0, len(text))
    return Sent((text[:place] + bad + text[place:],))


def _deep(chance: random.Random, text: bytes, names: Sequence[str]) -> Sent:
    del text, names
    depth = chance.choice([9, 100, 1024, 1025, 10_000])
    opening, closing = chance.choice([(b"[", b"]"), (b'{"a":', b"}")])
    inner = opening * depth + (b"1" + closing * depth if chance.random() < 0.5 else b"")
    return Sent((b'{"type":"ping","x":' + inner + b"}",))


def _numbers(chance: random.Random, text: bytes, names: Sequence[str]) -> Sent:
    del text, names
    number = chance.choice(
        [b"NaN", b"-Infinity", b"1e400", b"-1e999", b"9" * 5000, b"0x10", b"01", b"1" * 400 + b".5"]
    )
    field = chance.choice([b"ref", b"after", b"position", b"v"])
    return Sent((b'{"type":"follow","topic":"inbox","%s":%s}' % (field, number),))


def _surrogate(chance: random.Random, text: bytes, names: Sequence[str]) -> Sent:
    del text, names
    lone = chance.choice([b"\\ud800", b"\\udfff", b"\\ud800\\ud800", b"x\\udc00y"])
    field = chance.choice([b"topic", b"ref", b"token", b"conversation"])
    return Sent((b'{"type":"follow","%s":"%s"}' % (field, lone),))


def _large(chance: random.Random, text: bytes, names: Sequence[str]) -> Sent:
    del text, names
    frame = b'{"type":"ping","x":"%s"}'
    length = MOST + chance.choice([-1, 0, 1, 1000])
    return Sent((frame % (b"x" * (length - len(frame) + 2)),))


def _nothing(chance: random.Random, text: bytes, names: Sequence[str]) -> Sent:
    del text, names
    return Sent((chance.choice([b"", b" ", b"\n", b"\0", b"\xef\xbb\xbf"]),))


_Way = Callable[[random.Random, bytes, Sequence[str]], Sent]
_WAYS: list[_Way] = [
    *[_plain] * 6, *[_of_others] * 6, *[_pieces] * 3, _binary, _bad_utf8, _deep, _numbers,
    _surrogate, _large, _nothing,
]  # fmt: skip
