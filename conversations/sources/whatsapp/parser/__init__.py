"""The parser of what Meta's servers send. Plain Python, and tolerant: nothing in a payload raises.

Unknown kinds become a visible line, missing and wrongly typed fields count as empty.
"""

from conversations.sources.whatsapp.parser.envelope import MalformedError, Parsed, parse
from conversations.sources.whatsapp.parser.shapes import (
    Effect,
    Incoming,
    Media,
    Notice,
    Person,
    Status,
    Way,
)

__all__ = [
    "Effect",
    "Incoming",
    "MalformedError",
    "Media",
    "Notice",
    "Parsed",
    "Person",
    "Status",
    "Way",
    "parse",
]
