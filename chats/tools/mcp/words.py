"""A tool's arguments in words for people, out of its schema."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chats.engine import schemas

KINDS = {
    "string": _("text"),
    "integer": _("whole number"),
    "number": _("number"),
    "boolean": _("yes or no"),
    "array": _("list"),
    "object": pgettext_lazy("kind of an argument", "object"),
}


@dataclass(frozen=True)
class Argument:
    """One argument of a tool; ``schema`` is its plainest form."""

    name: str
    schema: dict[str, Any]
    is_required: bool

    @property
    def kind(self) -> str:
        """What it may be, in a word."""
        return str(KINDS.get(self.schema["type"], self.schema["type"]))

    @property
    def description(self) -> str:
        """What the server says of it."""
        return str(self.schema.get("description", ""))

    @property
    def choices(self) -> list[str]:
        """The texts that it may be; none means any."""
        return list(self.schema.get("enum", ()))

    @property
    def is_list_of_texts(self) -> bool:
        """Whether it is a list of texts."""
        return bool(self.schema["type"] == "array" and self.schema["items"]["type"] == "string")


def arguments_of(parameters: dict[str, Any]) -> list[Argument]:
    """Return the arguments that ``parameters``, a JSON schema, describe."""
    tool = {"function": {"name": "", "parameters": parameters}}
    plain = schemas.plain(tool)["function"]["parameters"]
    required = plain.get("required", ())
    return [
        Argument(name, schema, is_required=name in required)
        for name, schema in plain.get("properties", {}).items()
    ]
