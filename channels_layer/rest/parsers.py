"""How bodies are read: JSON, without surprises."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.utils.translation import gettext
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class StrictJsonParser(JSONParser):
    """Reads JSON by orjson; what that refuses is read again so that a field can be named.

    orjson refuses lone surrogates anywhere; the standard library lets them through to the
    serializer, which says in which field they stand. NaN and bottomless nesting are refused.
    """

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Read the body or raise ``ParseError``."""
        body = stream.read()
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError:
            return self._parse_slowly(body, media_type, parser_context)

    def _parse_slowly(
        self, body: bytes, media_type: str | None, parser_context: Mapping[str, Any] | None
    ) -> Any:
        try:
            return super().parse(_Stream(body), media_type, parser_context)  # type: ignore[arg-type]
        except RecursionError:
            raise ParseError(gettext("This is nested too deeply.")) from None


class _Stream:
    """A body that was read already, in the form that the standard parser reads."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def read(self, size: int = -1) -> bytes:
        body, self._body = (self._body, b"") if size < 0 else (self._body[:size], self._body[size:])
        return body
