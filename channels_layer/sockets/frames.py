"""What clients send: the guard that lets only well-formed frames through."""

import time
from dataclasses import dataclass
from typing import Any

import orjson
from django.utils.translation import gettext as _

from channels_layer.errors import InvalidError
from channels_layer.transport.broadcast import MAX_FRAME_BYTES

BAD_FRAME = 4400
NOT_AUTHENTICATED = 4401
FORBIDDEN = 4403
NO_HELLO = 4408
TOO_LARGE = 4413
TOO_FAST = 4429
RESTART = 1012

MAX_DEPTH = 8
MAX_REF = 200
MAX_TEXT = 4096
MAX_NUMBER = 2**53

Frame = dict[str, Any]


class CloseError(Exception):
    """The socket has to be closed with ``code``."""

    def __init__(self, code: int) -> None:
        """Keep the code."""
        super().__init__(f"close {code}")
        self.code = code


def parse(text: str | None, binary: bytes | None) -> Frame:
    """Parse one message of the client; raise ``CloseError`` for one that is no frame."""
    if text is None:
        raise CloseError(TOO_LARGE if len(binary or b"") > MAX_FRAME_BYTES else BAD_FRAME)
    # A code point has up to four bytes: only long texts have to be measured.
    if len(text) > MAX_FRAME_BYTES or len(text.encode(errors="replace")) > MAX_FRAME_BYTES:
        raise CloseError(TOO_LARGE)
    try:
        frame = orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        raise CloseError(BAD_FRAME) from None
    if not isinstance(frame, dict) or not isinstance(frame.get("type"), str):
        raise CloseError(BAD_FRAME)
    if _is_deep(frame, MAX_DEPTH):
        raise CloseError(BAD_FRAME)
    return frame


def ref_of(frame: Frame) -> Any:
    """Return the ``ref`` to echo in the answer; None unless it is a short text or a number."""
    ref = frame.get("ref")
    if isinstance(ref, str):
        return ref if len(ref) <= MAX_REF else None
    return ref if isinstance(ref, int | float) and not isinstance(ref, bool) else None


def text(frame: Frame, name: str) -> str:
    """Read a short text of the frame, or raise ``InvalidError`` for it."""
    value = frame.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= MAX_TEXT or "\x00" in value:
        raise InvalidError(fields={name: [_("A text, please.")]})
    return value


def number(frame: Frame, name: str) -> int:
    """Read a whole number from 0 on, or raise ``InvalidError`` for it."""
    value = frame.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_NUMBER:
        raise InvalidError(fields={name: [_("A whole number from 0, please.")]})
    return value


def check(frame: Frame) -> None:
    """Check the fields of the frames that other apps handle; raises ``InvalidError``."""
    match frame["type"]:
        case "typing":
            text(frame, "conversation")
        case "read":
            text(frame, "conversation")
            number(frame, "position")
        case "viewing" if frame.get("conversation", "") is not None:
            text(frame, "conversation")


@dataclass
class Bucket:
    """How many frames a socket may send now."""

    size: float
    per_second: float
    level: float = 0.0
    at: float = 0.0

    def take(self) -> None:
        """Take one, or raise ``CloseError`` with 4429."""
        now = time.monotonic()
        self.level = max(0.0, self.level - (now - self.at) * self.per_second) + 1
        self.at = now
        if self.level > self.size:
            raise CloseError(TOO_FAST)


def _is_deep(value: Any, left: int) -> bool:
    if isinstance(value, dict):
        return not left or any(_is_deep(inner, left - 1) for inner in value.values())
    if isinstance(value, list):
        return not left or any(_is_deep(inner, left - 1) for inner in value)
    return False
