"""The JSON of an event's data: written once, stored and sent as it is."""

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import orjson


class Encoded(dict[str, Any]):
    """Plain data, with the JSON text that says the same."""

    text: bytes

    @cached_property
    def fragment(self) -> orjson.Fragment:
        """The text, to be put into a frame without being written again."""
        return orjson.Fragment(self.text)


def encoded(data: Mapping[str, Any]) -> Encoded:
    """Write ``data`` as JSON; UUIDs and times become strings.

    :raises TypeError: it holds what JSON cannot say.
    """
    text = orjson.dumps(dict(data), option=orjson.OPT_UTC_Z)
    plain = Encoded(orjson.loads(text))
    plain.text = text
    return plain


class StoredEncoder(json.JSONEncoder):
    """Writes into the database, too, what was written already."""

    def encode(self, o: Any) -> str:
        """Return the text of ``Encoded`` data."""
        return o.text.decode() if isinstance(o, Encoded) else super().encode(o)
