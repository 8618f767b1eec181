"""Lines: cuts bytes into lines, whatever ends them and wherever they were cut."""

from chats.engine.parts import ModelError

LONGEST = 4_000_000
"""Bytes of one line; the memory of a process is shared by all its streams."""
_MARK = b"\xef\xbb\xbf"


class LineReader:
    """Lines of a stream; they end with LF, CRLF or CR, and a byte order mark is skipped."""

    def __init__(self) -> None:
        """Start with nothing read."""
        self._rest: list[bytes] = []
        self._length = 0
        self._ends_with_return = False
        self._start: bytes | None = b""

    @property
    def is_between(self) -> bool:
        """Whether what comes next begins a line, and nothing of what came is kept for it."""
        return not self._rest and self._start is None and not self._ends_with_return

    def feed(self, data: bytes) -> list[bytes]:
        """Return the lines that ``data`` completes.

        :raises ModelError: ``too_long``.
        """
        if self._start is not None:
            data = self._unmarked(data)
        if self._ends_with_return and data:
            self._ends_with_return = False
            data = data.removeprefix(b"\n")
        if b"\r" in data:
            self._ends_with_return = data.endswith(b"\r")
            data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        first, *more = data.split(b"\n")
        if not more:
            self._keep(first)
            return []
        if self._rest:
            first = b"".join([*self._rest, first])
            self._rest.clear()
            self._length = 0
        if last := more.pop():
            self._keep(last)
        return [first, *more]

    def rest(self) -> bytes:
        """Return the last line, which nothing ended."""
        rest = (self._start or b"") + b"".join(self._rest)
        self._rest.clear()
        self._start = None
        return rest

    def _keep(self, part: bytes) -> None:
        if not part:
            return
        self._rest.append(part)
        self._length += len(part)
        if self._length > LONGEST:
            raise ModelError("too_long", "a line of the answer does not end")

    def _unmarked(self, data: bytes) -> bytes:
        """Return ``data`` without a byte order mark, empty while it may still be one."""
        start = (self._start or b"") + data
        if len(start) < len(_MARK) and _MARK.startswith(start):
            self._start = start
            return b""
        self._start = None
        return start.removeprefix(_MARK)
