"""A description as it was read: JSON or YAML, its references, and what is too much of it."""

from typing import Any, Self

import orjson
import yaml
from django.utils.translation import gettext as _

from channels_layer.errors import DomainError

Json = dict[str, Any]

LARGEST = 8 * 1024 * 1024
LARGEST_YAML = 2 * 1024 * 1024
"""Bytes; YAML takes far longer to read than JSON."""
DEEPEST = 100
MOST_OPERATIONS = 1000
MOST_VISITS = 200_000
"""Parts of a description that are looked at."""
_MOST_HOPS = 20
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class DescriptionError(DomainError):
    """A description cannot be used; the sentence says why and what would be right."""

    code = "description"


class Unusable(Exception):  # noqa: N818 - no error: a part that a tool cannot have
    """A part of a description has no place in a tool; the message says why."""


class Document:
    """A description and its references, looked at only so often."""

    def __init__(self, content: Json) -> None:
        """Keep the description."""
        self.content = content
        self._visits = 0

    @classmethod
    def read(cls, data: bytes) -> Self:
        """Read a description, JSON or YAML.

        :raises DescriptionError: it is too large, cannot be read, or is of another kind.
        """
        if len(data) > LARGEST:
            size = {"most": LARGEST // 1024 // 1024}
            raise DescriptionError(_("The description is longer than %(most)d MB.") % size)
        content = _content(data)
        if not isinstance(content, dict):
            raise DescriptionError(_("This is no OpenAPI description: it is no object."))
        if "swagger" in content:
            raise DescriptionError(
                _("This describes Swagger 2. Convert it to OpenAPI 3 first; there are converters.")
            )
        if not str(content.get("openapi", "")).startswith("3."):
            raise DescriptionError(
                _("This is no OpenAPI 3 description: “openapi: 3.…” is missing at its beginning.")
            )
        return cls(content)

    @property
    def title(self) -> str:
        """What the description calls itself; empty where it does not say."""
        about = self.content.get("info")
        title = about.get("title") if isinstance(about, dict) else ""
        return title[:200] if isinstance(title, str) else ""

    def resolved(self, node: Any) -> Json:
        """Return a part of the description, found where its reference leads.

        :raises Unusable: the reference leads nowhere, in a circle, or to another file.
        """
        for _hop in range(_MOST_HOPS):
            self._count()
            if not isinstance(node, dict):
                reason = _("it is no object")
                raise Unusable(reason)
            reference = node.get("$ref")
            if not isinstance(reference, str):
                return node
            node = self._at(reference)
        reason = _("its references lead in a circle")
        raise Unusable(reason)

    def _at(self, reference: str) -> Any:
        if not reference.startswith("#/"):
            reason = _("it refers to another file")
            raise Unusable(reason)
        node: Any = self.content
        for step in reference[2:].split("/"):
            name = step.replace("~1", "/").replace("~0", "~")
            if not isinstance(node, dict) or name not in node:
                reason = _("its reference %(reference)s leads nowhere")
                raise Unusable(reason % {"reference": reference[:100]})
            node = node[name]
        return node

    def _count(self) -> None:
        self._visits += 1
        if self._visits > MOST_VISITS:
            raise DescriptionError(
                _("The description is too entangled to be read. Give one with fewer operations.")
            )


def _content(data: bytes) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        if data.lstrip()[:1] in (b"{", b"["):
            reason = _("The description is no valid JSON: %(error)s") % {"error": str(error)[:200]}
            raise DescriptionError(reason) from None
    if len(data) > LARGEST_YAML:
        size = {"most": LARGEST_YAML // 1024 // 1024}
        reason = _("A description in YAML may have %(most)d MB. Give a longer one as JSON.")
        raise DescriptionError(reason % size)
    try:
        _check_depth(data)
        return yaml.load(data, Loader=_Loader)  # noqa: S506 - both are the safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else "?"
        reason = _("The description is neither valid JSON nor valid YAML: look at line %(line)s.")
        raise DescriptionError(reason % {"line": line}) from None
    except (RecursionError, ValueError):
        raise DescriptionError(_("The description cannot be read.")) from None


def _check_depth(data: bytes) -> None:
    """Refuse what is nested so deep that the loader, written in C, would overrun its stack."""
    depth = 0
    for event in yaml.parse(data, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise DescriptionError(_("The description is nested too deep."))
