"""The fields of an operation's tool, with names that models can write."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from django.utils.translation import gettext as _

from chats.models.http_tool import LONGEST_NAME
from chats.models.url_templates import PLACEHOLDER
from chats.tools.http.openapi.document import Json, Unusable
from chats.tools.http.openapi.requests import Value
from chats.tools.http.openapi.shapes import Found

MOST = 40
"""Fields of one tool."""
_LONGEST_TARGET = 120
_ROOM = 4
"""Characters that a number behind a name may take."""


@dataclass
class Fields:
    """The fields that were made, and what was left out."""

    fields: list[Json] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, values: Sequence[Value]) -> Self:
        """Make fields of ``values``, of those that have to be there first.

        :raises Unusable: one that has to be there cannot be a field.
        """
        made = cls()
        for place, found in sorted(values, key=lambda one: not one[1].is_required):
            made._add(place, found)
        return made

    def path(self, template: str) -> str:
        """Return a path with the names of the fields in it; fields without a place there go."""
        plain = template.partition("?")[0].partition("#")[0]
        named = {one["target"] or one["name"]: one for one in self.fields if one["place"] == "path"}
        written = set(PLACEHOLDER.findall(plain))
        for key, one in named.items():
            if key in written:
                one["target"] = ""
            else:
                self.fields.remove(one)
        return PLACEHOLDER.sub(lambda match: f"{{{named[match[1]]['name']}}}", plain)

    def _add(self, place: str, found: Found) -> None:
        obstacle = found.obstacle
        if not obstacle and len(self.fields) >= MOST:
            obstacle = _("there are too many fields")
        if not obstacle and len(found.key) > _LONGEST_TARGET:
            obstacle = _("its name is too long")
        if obstacle:
            self._leave_out(replace(found, obstacle=obstacle))
            return
        name = self._free(found.key)
        target = "" if name == found.key else found.key
        row = {"name": name, "is_required": found.is_required, "place": place, "target": target}
        self.fields.append(row | found.values)

    def _leave_out(self, found: Found) -> None:
        if found.is_required:
            reason = _("it needs “%(name)s”, which cannot be a field: %(reason)s")
            raise Unusable(reason % {"name": found.key[:100], "reason": found.obstacle})
        self.left_out.append(f"{found.key[:100]}: {found.obstacle}")

    def _free(self, key: str) -> str:
        """Return a name for ``key`` that no field has."""
        name = re.sub(r"[^A-Za-z0-9_]+", "_", key).strip("_") or "value"
        name = (f"_{name}" if name[0].isdigit() else name)[: LONGEST_NAME - _ROOM]
        taken = {one["name"] for one in self.fields}
        numbered = (f"{name}_{number}" for number in range(2, MOST + 2))
        return next(one for one in (name, *numbered) if one not in taken)
