"""Excel: the cells of its sheets as they are shown; a formula where no value is stored."""

from collections.abc import Iterator
from itertools import islice
from typing import IO, Any

from openpyxl import load_workbook

from conversations.files.readers import numbers
from conversations.files.readers.bounds import (
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_SHEETS,
    Text,
    counted,
    joined,
)
from conversations.files.readers.packages import opened

MORE_ROWS = "[… more rows]"


def read(source: IO[bytes]) -> tuple[str, str]:
    """Return the cells of the first sheets, hidden ones too, and how many sheets they are."""
    source = opened(source)
    values = load_workbook(source, read_only=True, data_only=True, keep_links=False)
    source.seek(0)
    formulas = load_workbook(source, read_only=True, keep_links=False)
    text, cells, read = Text(), 0, 0
    for sheet in values.worksheets[:MOST_SHEETS]:
        if text.is_full() or cells >= MOST_CELLS:
            break
        text.add(
            f"# {sheet.title}" if sheet.sheet_state == "visible" else f"# {sheet.title} (hidden)"
        )
        for row in _rows(sheet, formulas[sheet.title]):
            cells += sum(map(bool, row))
            text.add(joined(row))
            if text.is_full() or cells >= MOST_CELLS:
                text.add(MORE_ROWS)
                break
        read += 1
    return text.whole(), counted(read, "sheet", of=len(values.worksheets))


def _rows(sheet: Any, formulas: Any) -> Iterator[list[str]]:
    """Yield the rows of a sheet, whose own word for its extent may be wrong."""
    for one in (sheet, formulas):
        one.reset_dimensions()
    pairs = zip(sheet.iter_rows(), formulas.iter_rows(), strict=False)
    for number, (row, written) in enumerate(pairs):
        if number >= MOST_ROWS:
            yield [MORE_ROWS]
            return
        cells = zip(islice(row, MOST_COLUMNS), islice(written, MOST_COLUMNS), strict=False)
        yield [_shown(cell, formula) for cell, formula in cells]


def _shown(cell: Any, formula: Any) -> str:
    if cell.value is None:
        return _formula(formula.value)
    return numbers.shown(cell.value, getattr(cell, "number_format", None) or "General")


def _formula(value: Any) -> str:
    """Return the formula of a cell without a stored value."""
    text = getattr(value, "text", value)
    return str(text) if isinstance(text, str) else ""
