"""Summaries: what a call of a tool will do, in plain words."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from channels_layer import formats

_PLACE = re.compile(r"\{(\w+)\}")
LONGEST_VALUE = 120
"""Code points of an argument within a sentence."""


def filled(template: str, arguments: Mapping[str, Any]) -> str:
    """Return ``template`` with the values of ``arguments`` in its ``{places}``.

    A place without a value keeps an ellipsis: nothing in a template reaches further than that.
    """
    return _PLACE.sub(lambda place: _said(arguments.get(place[1])), template)


def places(template: str) -> list[str]:
    """List the names of the places in ``template``."""
    return _PLACE.findall(template)


def _said(value: Any) -> str:
    """Return a value as it stands in a sentence."""
    match value:
        case None | "":
            return "…"
        case bool():
            return _("yes") if value else _("no")
        case float():
            return formats.decimal(value, 2)
        case list():
            return ", ".join(_said(one) for one in value)[:LONGEST_VALUE]
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"
