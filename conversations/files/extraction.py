"""``python -m conversations.files.extraction <content type>``: a document in, its text out as JSON.

A program of its own, started for one document (see ``documents``). It takes limits upon itself
before it opens the document; whatever breaks them, it dies and harms nobody.
"""

import io
import sys
from importlib import import_module
from typing import IO, Any

import orjson

from conversations.files import processes
from conversations.files.kinds import table
from conversations.files.kinds.types import Content
from conversations.files.readers.bounds import BROKEN, TOO_COMPLICATED, TOO_LARGE, RefusedError

MEMORY = 768 * 1024 * 1024
"""Bytes of address space, the interpreter's own included."""
CPU_SECONDS = 20
MOST_WRITTEN = 4 * 1024 * 1024

_MODULES = {
    "pdf": "pdf",
    "docx": "word",
    "docm": "word",
    "xlsx": "workbooks",
    "xlsm": "workbooks",
    "xls": "old_workbooks",
    "xls_macros": "old_workbooks",
    "doc": "old_office",
    "doc_macros": "old_office",
    "ppt": "old_office",
    "pptx": "slides",
    "pptm": "slides",
    "odt": "opendocument",
    "ods": "opendocument",
    "odp": "opendocument",
    "odg": "opendocument",
    "epub": "books",
    "rtf": "rich_texts",
    "html": "pages",
    "mail": "mails",
    "mbox": "mails",
    "outlook": "outlook",
}
READERS = {
    row.content_type: _MODULES.get(row.name, "archives")
    for row in table.ROWS
    if row.content in {Content.DOCUMENT, Content.ENTRIES}
}
"""By content type: the module that reads such files, which is loaded under the limits."""


def main(content_type: str, source: IO[bytes], target: IO[bytes]) -> None:
    """Read ``source`` as a document of ``content_type``; write text and extent to ``target``."""
    try:
        _limit()
        text, extent = read(content_type, source)
        said = {"text": text, "extent": extent}
    except RefusedError as error:
        said = {"error": str(error)}
    except MemoryError:
        said = {"error": TOO_LARGE}
    except RecursionError:
        said = {"error": TOO_COMPLICATED}
    except Exception:  # noqa: BLE001 - whatever a reader makes of a hostile file
        said = {"error": BROKEN}
    target.write(orjson.dumps(said))


def read(content_type: str, source: IO[bytes]) -> tuple[str, str]:
    """Return text and extent of a document, by the module for its type."""
    module: Any = import_module(f"conversations.files.readers.{READERS[content_type]}")
    text, extent = module.read(source)
    return str(text), str(extent)


def _limit() -> None:
    processes.limit(memory=MEMORY, seconds=CPU_SECONDS, written=MOST_WRITTEN)


if __name__ == "__main__":
    main(sys.argv[1], io.BytesIO(sys.stdin.buffer.read()), sys.stdout.buffer)
