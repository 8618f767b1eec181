"""The table in ``docs/whatsapp.md``, written by running this module with the page's path."""

import sys
from pathlib import Path

from config.demo.graph.table import ROWS
from config.demo.graph.table.row import Row

BEGIN = "<!-- table: begin -->"
END = "<!-- table: end -->"
HOW = "Run `python -m config.demo.graph.table.docs docs/whatsapp.md`."
_HEAD = "| Meta sends | what happened | staff read | the model is told | Parley does |"


def filled(page: str) -> str:
    """Return the page with the table of now between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{_table()}\n\n{END}{after}"


def _table() -> str:
    return "\n".join([_HEAD, "|---|---|---|---|---|", *map(_line, ROWS)])


def _line(row: Row) -> str:
    name = f"`{row.field}` {row.type}".strip()
    cells = (name, row.did, row.staff or "nothing new", row.model, row.does)
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(text: str) -> str:
    lines = (line.strip() for line in text.replace("|", "\\|").splitlines())
    return "<br>".join(lines)


def main(path: str) -> None:
    """Write the table of now into a page."""
    page = Path(path)
    page.write_text(filled(page.read_text()))


if __name__ == "__main__":
    main(sys.argv[1])
