"""The voice: speech as a small WAV file or a voice note, and what such a file says."""

import struct
import wave
from array import array
from io import BytesIO
from math import pi, sin

from config.demo.model import ogg

RATE = 16_000
LONGEST = 30.0
"""Seconds of audio at most."""

_WORD_SECONDS = 0.25
_TAG = b"TRANSCRIPT="
_LENGTH = 4
"""Bytes of a number before a comment of an Ogg file: how long it is."""


def speak(text: str) -> bytes:
    """Return a WAV file with one tone per word of ``text``; the text itself is its comment."""
    words = text.split()[: int(LONGEST / _WORD_SECONDS)] or ["…"]
    buffer = BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for word in words:
            file.writeframes(_tone(220 + 20 * (sum(word.encode()) % 20)))
    return _with_comment(buffer.getvalue(), text)


def note(text: str) -> bytes:
    """Return a voice note as phones send it (Ogg with Opus): silent, ``text`` is its comment."""
    words = len(text.split()[: int(LONGEST / _WORD_SECONDS)])
    return ogg.note(text, seconds=max(1, words) * _WORD_SECONDS)


def seconds_of(audio: bytes) -> float:
    """Return the length of ``audio`` in seconds, as far as it can be read."""
    if audio[:4] == b"OggS":
        return ogg.seconds_of(audio)
    return round(len(audio) / (2 * RATE), 2)


def transcribe(audio: bytes) -> str:
    """Return what ``audio`` says: its comment where it has one, else that nobody heard it."""
    if comment := _comment(audio) or ogg.comment_of(audio):
        return comment
    return (
        f"(The demo model cannot hear: a recording of {len(audio):,} bytes. "
        "A transcription model of your own writes down what is said.)"
    )


def _tone(pitch: int) -> bytes:
    count = int(RATE * _WORD_SECONDS)
    loud = (sin(2 * pi * pitch * i / RATE) * sin(pi * i / count) for i in range(count))
    return array("h", (int(8000 * value) for value in loud)).tobytes()


def _with_comment(audio: bytes, text: str) -> bytes:
    data = text.encode()
    data += b"\0" * (len(data) % 2)
    info = b"INFOICMT" + struct.pack("<I", len(data)) + data
    body = audio[8:] + b"LIST" + struct.pack("<I", len(info)) + info
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _comment(audio: bytes) -> str:
    if audio[:4] == b"OggS" and (at := audio.find(_TAG)) >= _LENGTH:
        (size,) = struct.unpack("<I", audio[at - _LENGTH : at])
        return audio[at + len(_TAG) : at + size].decode(errors="replace")
    start = audio.rfind(b"ICMT")
    if audio[:4] != b"RIFF" or start < 0:
        return ""
    (size,) = struct.unpack("<I", audio[start + 4 : start + 8])
    return audio[start + 8 : start + 8 + size].rstrip(b"\0").decode(errors="replace")
