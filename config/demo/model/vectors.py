"""Vectors: embeddings in which texts that share words lie close together."""

import struct
from base64 import b64encode
from hashlib import sha1
from math import sqrt

from config.demo.model import guesses

DIMENSIONS = 256


def embed(text: str) -> list[float]:
    """Return the unit vector of ``text``."""
    vector = [0.0] * DIMENSIONS
    for word in guesses.keywords(text) or [text]:
        digest = sha1(word.encode(), usedforsecurity=False).digest()
        vector[digest[0]] += 1.0 if digest[1] % 2 else -1.0
    length = sqrt(sum(value * value for value in vector)) or 1.0
    return [value / length for value in vector]


def encode(vector: list[float]) -> str:
    """Return the ``vector`` as base64 of little-endian floats, as OpenAI's client wants it."""
    return b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
