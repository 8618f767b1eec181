"""Translation catalogues: collected from code and templates, merged, and compiled.

``locale/<language>/LC_MESSAGES/django.po`` are kept by hand; the ``.mo`` beside them are compiled
when an instance starts or the tests begin, without GNU gettext.
"""

import os
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "locale"
FOLDERS = ("channels_layer", "handoff", "conversations", "chats", "tickets", "config", "templates")
LEFT_OUT = ("migrations", "demo", "management")
"""Folders of what people read in English only: history, the demo's own words, command lines."""
WIDTH = 100
HEAD = r"""msgid ""
msgstr ""
"Language: {language}\n"
"Plural-Forms: {plurals}\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"

"""

_ONE, _FORMS = (1,), (1, 2)
_KEYWORDS: Mapping[str, Any] = {
    "_": _ONE,
    "gettext": _ONE,
    "gettext_lazy": _ONE,
    "gettext_noop": _ONE,
    "ngettext": _FORMS,
    "ngettext_lazy": _FORMS,
    "plural": _FORMS,
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_MARKS = tuple(f"{name}(" for name in _KEYWORDS)
_Message = str | tuple[str, ...]


def languages() -> list[str]:
    """Return the languages that have a catalogue; English is the source."""
    return sorted(path.parents[1].name for path in LOCALE.glob("*/LC_MESSAGES/django.po"))


def file_of(language: str) -> Path:
    """Return the path of a language's catalogue."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """Return a language's catalogue as it is kept."""
    with file_of(language).open("rb") as file:
        return read_po(file, locale=language)


def collected() -> Catalog:
    """Return every marked text of code and templates, with the files that it stands in."""
    catalog = Catalog(project="Parley", charset="utf-8")
    for path in sorted(_sources()):
        text = path.read_text(encoding="utf-8")
        place = path.relative_to(ROOT).as_posix()
        for message, context, comments in _marked(path, text):
            catalog.add(message, locations=[(place, 0)], auto_comments=comments, context=context)
    return catalog


def merged(language: str, template: Catalog) -> bytes:
    """Return the language's catalogue with exactly the texts of ``template``, as it is kept.

    What is new has no translation; nothing is guessed from a similar text.
    """
    catalog = read(language)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    head = HEAD.format(language=language, plurals=catalog.plural_forms)
    buffer = BytesIO(head.encode())
    buffer.seek(0, os.SEEK_END)
    write_po(
        buffer, catalog, width=WIDTH, omit_header=True, include_lineno=False, sort_by_file=True
    )
    return buffer.getvalue()


def write() -> None:
    """Write every catalogue anew with exactly the texts that are marked, and compile it."""
    template = collected()
    for language in languages():
        file_of(language).write_bytes(merged(language, template))
    compile_stale()


def compile_stale() -> None:
    """Compile every catalogue that is newer than its compiled form, or has none."""
    for language in stale():
        _compile(language, file_of(language).with_suffix(".mo"))


def stale() -> list[str]:
    """Return the languages whose catalogue is newer than its compiled form, or has none."""
    files = {language: file_of(language) for language in languages()}
    return [language for language, source in files.items() if not _is_compiled(source)]


def _is_compiled(source: Path) -> bool:
    target = source.with_suffix(".mo")
    return target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns


def _compile(language: str, target: Path) -> None:
    """Write the compiled form in one step: others may be reading the former one."""
    changed_at = file_of(language).stat().st_mtime_ns
    with NamedTemporaryFile(dir=target.parent, suffix=".part", delete=False) as file:
        write_mo(file, read(language))
    os.utime(file.name, ns=(changed_at, changed_at))
    Path(file.name).chmod(0o644)
    Path(file.name).replace(target)


def _sources() -> Iterator[Path]:
    for folder in FOLDERS:
        for ending in ("py", "html"):
            for path in (ROOT / folder).rglob(f"*.{ending}"):
                if not set(path.relative_to(ROOT).parts) & set(LEFT_OUT):
                    yield path


def _marked(path: Path, text: str) -> Iterator[tuple[_Message, str | None, list[str]]]:
    """Yield message, context and translators' comments of every mark in a file."""
    if path.suffix == ".html":
        # What is no mark became letters; indentation would mean something to a reader of Python.
        lines = templatize(text, origin=str(path)).splitlines()
        text = "\n".join(line.lstrip() for line in lines)
    if not any(mark in text for mark in _MARKS):
        return
    found = extract("python", BytesIO(text.encode()), _KEYWORDS, ["Translators:"])
    for _line, message, comments, context in found:
        yield message, context, comments


if __name__ == "__main__":
    write()
