"""Server-sent events: the data of each event in a stream of bytes."""


class SseReader:
    """Cuts bytes into events; it may be fed in pieces of any size."""

    def __init__(self) -> None:
        """Start with nothing read."""
        self._rest = b""
        self._data: list[bytes] = []

    def feed(self, data: bytes) -> list[bytes]:
        """Return the data of all events that ``data`` completes."""
        lines = (self._rest + data).split(b"\n")
        self._rest = lines.pop()
        found = []
        for line in lines:
            text = line[:-1] if line.endswith(b"\r") else line
            if text.startswith(b"data:"):
                self._data.append(text[6:] if text.startswith(b"data: ") else text[5:])
            elif not text and self._data:
                found.append(b"\n".join(self._data))
                self._data.clear()
        return found

    def rest(self) -> list[bytes]:
        """Return the data of a last event that no blank line closed."""
        return self.feed(b"\n\n")
