"""``manage.py events``: the catalogue of events as Markdown; ``make events`` writes it."""

from itertools import groupby
from typing import Any

from django.core.management.base import BaseCommand
from rest_framework.serializers import Serializer

from channels_layer.log import events
from channels_layer.log.events import EventType

_HEAD = """# Events

Written by `make events`.

- **Durable** events have a `seq` and are kept in the log of their topic.
- **Summary** events carry whole rows with their own `seq`; the higher one wins.
- **Stream** events belong to a run; applying one twice changes nothing.
- **Ephemeral** events may be missed.

Fields with a `?` are left out where they have nothing to say.

Of some events visitors get the fields named in their column; of other durable events they learn
only that there was one."""


class Command(BaseCommand):
    """Prints the catalogue."""

    help = "Print the catalogue of events as Markdown."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it."""
        del args, options
        self.stdout.write(catalogue())


def catalogue() -> str:
    """Return the Markdown text: one table per topic."""
    topics = groupby(events.catalogue(), key=lambda type_: type_.topic)
    return "\n\n".join([_HEAD, *(_table(topic, list(types)) for topic, types in topics)])


def _table(topic: str, types: list[EventType]) -> str:
    lines = [
        f"## `{topic}`",
        "",
        "| type | class | data | visitor | meaning |",
        "|---|---|---|---|---|",
        *map(_row, types),
    ]
    return "\n".join(lines)


def _names(shape: type[Serializer[Any]]) -> str:
    fields = shape().fields.items()
    return ", ".join(f"`{name}`" if field.required else f"`{name}?`" for name, field in fields)


def _row(type_: EventType) -> str:
    seen = _names(type_.visitor.object) if type_.visitor else ""
    data = _names(type_.object)
    return f"| `{type_.name}` | {type_.kind} | {data} | {seen} | {type_.summary} |"
