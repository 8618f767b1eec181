"""The database backend: who finds the database locked waits here, and in turn.

SQLite can wait by itself, but it holds the connection's mutex meanwhile. Statements are finalized
by whichever thread collects garbage; where that is the one that has the lock, it waits for the
mutex, and both stand still until the wait times out. SQLite also sleeps ever longer between its
tries, up to 100 ms, so that whoever came last gets the lock and whoever waits longest waits on.
"""

import sqlite3
import threading
import time
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

PAUSE = 0.001
"""Seconds between two tries of the one thread of a process whose turn it is."""
PAUSE_BEHIND_OWN = 0.02
"""The same while this process itself has the lock: its end is told, so nobody has to try."""
KNOWN = 256
"""Statements whose conversion is remembered."""

_turn = threading.Lock()
_ended = threading.Event()
"""A transaction of this process has ended since the last try."""
_writers: set[int] = set()
"""Connections of this process that have the lock."""


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's connection to SQLite; ``timeout`` of its options bounds each wait, in seconds."""

    @property
    def patience(self) -> float:
        """The seconds that a statement waits for the lock."""
        seconds: float = self.settings_dict["OPTIONS"].get("timeout", 5)
        return seconds

    @property
    def queries_logged(self) -> bool:
        """Whether statements are kept to be looked at: where a test asks for it, not for DEBUG.

        SQLite executes a second statement for each to write it down with its values, and what is
        kept is read by nobody.
        """
        return bool(self.force_debug_cursor)

    def get_new_connection(self, conn_params: Any) -> Any:
        """Connect; from then on SQLite itself waits no more."""
        connection = super().get_new_connection(conn_params)
        connection.execute("PRAGMA busy_timeout = 0")
        return connection

    def create_cursor(self, name: str | None = None) -> "Cursor":
        """Return a cursor that waits."""
        del name
        cursor: Cursor = self.connection.cursor(factory=Cursor)
        cursor.patience = self.patience
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        # Whoever is first in line tries first, also when the lock is free by chance just now.
        with _Turn(self.patience):
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        _writers.add(id(self))

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._has_ended()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._has_ended()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._has_ended()

    def _has_ended(self) -> None:
        """Let the thread try whose turn it is."""
        _writers.discard(id(self))
        _ended.set()


class Cursor(base.SQLiteCursorWrapper):
    """Django's cursor, whose statements wait for the lock, but for those of a transaction.

    A transaction has the lock already, as it begins with it.
    """

    patience = 0.0

    def execute(self, query: str, params: Any = None) -> Any:
        """Execute a statement as soon as the database lets it."""
        try:
            return super().execute(query, params)
        except sqlite3.OperationalError as error:
            if not self._may_wait(error):
                raise
        return self._wait_and(partial(super().execute, query, params))

    def executemany(self, query: str, param_list: Any) -> Any:
        """Execute a statement for each of ``param_list``, as one."""
        rows = list(param_list)
        try:
            return super().executemany(query, rows)
        except sqlite3.OperationalError as error:
            if not self._may_wait(error):
                raise
        return self._wait_and(partial(super().executemany, query, rows))

    def convert_query(self, query: str, *, param_names: Any = None) -> str:
        """Return a statement with SQLite's own marks; those of everyday are converted once."""
        if param_names is None:
            return _converted(query)
        converted: str = super().convert_query(query, param_names=param_names)
        return converted

    def _may_wait(self, error: sqlite3.OperationalError) -> bool:
        is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
        return is_busy and not self.connection.in_transaction

    def _wait_and(self, execute: Callable[[], Any]) -> Any:
        until = time.monotonic() + self.patience
        with _Turn(self.patience):
            while True:
                _ended.wait(PAUSE_BEHIND_OWN if _writers else PAUSE)
                _ended.clear()
                is_last = time.monotonic() >= until
                try:
                    return execute()
                except sqlite3.OperationalError as error:
                    if is_last or not self._may_wait(error):
                        raise


@lru_cache(maxsize=KNOWN)
def _converted(query: str) -> str:
    unbound: Any = base.SQLiteCursorWrapper.convert_query
    converted: str = unbound(None, query)
    return converted


class _Turn:
    """The turn of one thread of this process; a thread that has it may take it again."""

    _own = threading.local()

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._is_taken = False

    def __enter__(self) -> None:
        if getattr(self._own, "has_it", False):
            return
        if not _turn.acquire(timeout=self._patience):
            message = "database is locked: other threads of this process wait before this one"
            raise OperationalError(message)
        self._own.has_it = self._is_taken = True

    def __exit__(self, *_: object) -> None:
        if self._is_taken:
            self._own.has_it = self._is_taken = False
            _turn.release()
