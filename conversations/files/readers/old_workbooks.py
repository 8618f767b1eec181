"""Excel 97 to 2003: the cells of its sheets as they are shown."""

from datetime import timedelta
from typing import IO, Any

import xlrd

from conversations.files.readers import numbers
from conversations.files.readers.bounds import (
    LOCKED,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_SHEETS,
    RefusedError,
    Text,
    counted,
    joined,
)


def read(source: IO[bytes]) -> tuple[str, str]:
    """Return the cells of the first sheets, and how many sheets they are."""
    try:
        book = xlrd.open_workbook(file_contents=source.read(), formatting_info=True, on_demand=True)
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise RefusedError(LOCKED) from None
        raise
    text, cells, read = Text(), 0, 0
    for number in range(min(book.nsheets, MOST_SHEETS)):
        if text.is_full() or cells >= MOST_CELLS:
            break
        sheet = book.sheet_by_index(number)
        text.add(f"# {sheet.name} (hidden)" if sheet.visibility else f"# {sheet.name}")
        for row in range(min(sheet.nrows, MOST_ROWS)):
            shown = [_shown(book, cell) for cell in sheet.row(row)[:MOST_COLUMNS]]
            cells += sum(map(bool, shown))
            text.add(joined(shown))
        book.unload_sheet(number)
        read += 1
    return text.whole(), counted(read, "sheet", of=book.nsheets)


def _shown(book: Any, cell: Any) -> str:
    match cell.ctype:
        case xlrd.XL_CELL_EMPTY | xlrd.XL_CELL_BLANK:
            return ""
        case xlrd.XL_CELL_BOOLEAN:
            return numbers.shown(bool(cell.value))
        case xlrd.XL_CELL_ERROR:
            return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
        case xlrd.XL_CELL_DATE:
            return _date(book, cell.value, _pattern(book, cell))
        case _:
            return numbers.shown(cell.value, _pattern(book, cell))


def _date(book: Any, value: float, pattern: str) -> str:
    try:
        if numbers.is_elapsed(pattern):
            return numbers.moment(timedelta(days=value), pattern)
        moment = xlrd.xldate_as_datetime(value, book.datemode)
    except (xlrd.xldate.XLDateError, OverflowError, ValueError):
        return numbers.plain(value)
    return numbers.moment(moment.time() if 0 <= value < 1 else moment, pattern)


def _pattern(book: Any, cell: Any) -> str:
    try:
        return str(book.format_map[book.xf_list[cell.xf_index].format_key].format_str)
    except (KeyError, IndexError, TypeError):
        return "General"
