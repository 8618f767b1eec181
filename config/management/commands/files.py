"""``manage.py files``: the table of files as Markdown, as it stands in ``docs/files.md``."""

from itertools import groupby
from typing import Any

from django.core.management.base import BaseCommand

from conversations.files.kinds.table import ROWS, UNKNOWN
from conversations.files.kinds.types import DOCUMENT, Content, FileType

_HEAD = """# Files

Written by `python -m django files > docs/files.md` from `conversations/files/kinds/table.py`.

A file is known by its bytes; among texts its ending decides, and where the bytes may be sound or
film, what the sender has declared. Staff see the name in the first column, models read it beside
the name of the file in quotation marks, and the API has both as `type_label` and `file_type`. What
is *seen* is described by the vision model, what is *said* is transcribed, a *text* is read in the
charset that it is in (decision 18), a *document* is read by the limited process, of an archive the
*entries* are named. Whatever nobody could read, and as long as nobody has, the model is told that
it does not know what is in the file, and why.

Images, recordings and films are served in place with `nosniff` in a sandbox; a thread has a player
for what browsers play and a link to the rest. Everything else is a download: under its own type
where that is harmless, as plain bytes otherwise. A name whose ending a program of the reader might
run is given another one (`conversations/files/kinds/endings.py`).
Programs are refused with 415, whatever they are called. An image that cannot be decoded is kept as
a file."""
_COLUMNS = "| for people | `file_type` | content type | endings | known by | model gets | served |"
_NAMES = {
    Content.SEEN: "what is seen",
    Content.SAID: "what is said",
    Content.TEXT: "the text",
    Content.DOCUMENT: "the document's text",
    Content.ENTRIES: "the names of the entries",
    Content.NOTHING: "that it does not know",
}


class Command(BaseCommand):
    """Prints the table."""

    help = "Print the table of files as Markdown."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it."""
        del args, options
        self.stdout.write(written())


def written() -> str:
    """Return the Markdown text: one table per kind."""
    kinds = groupby(ROWS, key=lambda row: "program" if row.is_refused else row.kind)
    tables: dict[str, list[FileType]] = {}
    for kind, rows in kinds:
        tables.setdefault(kind, []).extend(rows)
    return "\n\n".join([_HEAD, *(_table(kind, rows) for kind, rows in tables.items())])


def _table(kind: str, rows: list[FileType]) -> str:
    lines = [f"## {kind.capitalize()}s", "", _COLUMNS, "|---|---|---|---|---|---|---|"]
    return "\n".join([*lines, *map(_row, rows)])


def _row(row: FileType) -> str:
    endings = " ".join(row.endings)
    told = "that it is locked" if row.is_locked else _NAMES[row.content]
    cells = [row.label, f"`{row.name}`", f"`{row.content_type}`", endings, row.known_by]
    return f"| {' | '.join([*cells, told, _served(row)])} |"


def _served(row: FileType) -> str:
    if row.is_refused:
        return "refused"
    if row.kind != DOCUMENT:
        return "in place, with a player" if row.is_played else "in place"
    is_own = row.is_served and row.content_type != UNKNOWN
    return "download" if is_own else "download, plain bytes"
