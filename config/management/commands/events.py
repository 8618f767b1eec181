"""``manage.py events``: the catalogue of events as Markdown; ``make events`` writes it."""

from itertools import groupby
from typing import Any

from django.core.management.base import BaseCommand

from channels_layer.log import events
from channels_layer.log.events import EventType

_HEAD = """# Events

Written by `make events`.

- **Durable** events have a `seq` and are kept in the log of their topic.
- **Summary** events carry whole rows with their own `seq`; the higher one wins.
- **Stream** events belong to a run; applying one twice changes nothing.
- **Ephemeral** events may be missed.

Visitors get the events marked so, in a form of their own; of other durable events they learn only
that there was one."""


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


def _row(type_: EventType) -> str:
    data = ", ".join(f"`{name}`" for name in type_.fields)
    seen = "yes" if type_.visitor else ""
    return f"| `{type_.name}` | {type_.kind} | {data} | {seen} | {type_.summary} |"
