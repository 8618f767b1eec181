"""Timing of queries: a page, the statements in it, and SQL written by hand, in turns."""

import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import Any

from django.db import connection

from tests.bench.figures import MILLI

REPETITIONS = 15

Work = Callable[[], int]
Statement = tuple[str, Any]


def taken(works: Mapping[str, Work]) -> dict[str, list[float]]:
    """Return the milliseconds of each work, done in turns, after one turn to warm up."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        work()
    for _ in range(REPETITIONS):
        for name, work in works.items():
            begun = time.perf_counter()
            work()
            found[name].append((time.perf_counter() - begun) * MILLI)
    return found


def medians(works: Mapping[str, Work]) -> dict[str, float]:
    """Return the middle of each."""
    return {name: median(times) for name, times in taken(works).items()}


def statements_of(work: Work) -> list[Statement]:
    """Return what a work sends to the database."""
    found: list[Statement] = []

    def note(execute: Any, sql: str, parameters: Any, many: Any, context: Any) -> Any:
        found.append((sql, parameters))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(note):
        work()
    return found


def read(*statements: Statement) -> int:
    """Run statements and read all that they find; return how many rows the last one found."""
    rows: Sequence[Any] = ()
    with connection.cursor() as cursor:
        for sql, parameters in statements:
            cursor.execute(sql, parameters)
            rows = cursor.fetchall() if cursor.description else ()
    return len(rows)
