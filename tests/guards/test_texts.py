"""Texts: marked for translation wherever people read them, and formatted in one place each."""

import re
from html.parser import HTMLParser
from pathlib import Path

from tests.guards import files

READ_ALOUD = {"aria-label", "title", "placeholder", "alt"}
NAMES = {
    *("· Parley", "Parley", "NORDHEM", "· Nordhem", "JSON"),
    *("Maya Lindqvist", "ML", "Alice Moreau", "AM", "Ada"),
    *("Esc", "(Esc)", "Ctrl", "Ctrl K"),
}
"""What is called alike in every language."""

TRANSLATED = re.compile(r"{%\s*blocktranslate\b.*?{%\s*endblocktranslate\s*%}", re.DOTALL)
MARKUP = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}|&\w+;", re.DOTALL)
WORD = re.compile(r"[A-Za-z]{2}")
MACHINE_DATE = re.compile(r"\|date:(['\"])(c|Y-m-d|U\.u)\1")

FORMATTERS = {"channels_layer/formats.py", "channels_layer/static/ui/format.js"}
OTHER_ZONES = {
    "channels_layer/static/ui/theme.js",  # names the browser's zone
    "conversations/sources/widget/static/widget/loader.js",  # a site's page has no modules
}


def test_templates_leave_no_text_unmarked() -> None:
    found = [
        f"{files.shown(path)}: {text}"
        for path in _templates()
        for text in _Texts.of(path.read_text())
        if WORD.search(text) and text not in NAMES
    ]
    assert found == []


def test_templates_format_by_the_filters() -> None:
    pattern = re.compile(r"\|(date|time|floatformat|filesizeformat|intcomma|naturaltime)\b")
    found = [
        files.shown(path)
        for path in _templates()
        if pattern.search(MACHINE_DATE.sub("", path.read_text()))
    ]
    assert found == []


def test_code_formats_in_one_module_each() -> None:
    scripts = re.compile(r"\bIntl\.|\.toLocale\w+\(|\.toFixed\(")
    python = re.compile(r"\bdate_format\(|\btime_format\(|\bnumber_format\(")
    found = [
        files.shown(path)
        for pattern, ending in ((scripts, "*.js"), (python, "*.py"))
        for path in files.committed(ending)
        if pattern.search(path.read_text()) and not _is_free(path)
    ]
    assert found == []


def test_the_guard_sees_what_is_unmarked() -> None:
    page = """<p>{% translate "Yes" %} <b title="No">Maybe</b>{{ name }}</p>
      {% blocktranslate with day=day %}Since {{ day }}{% endblocktranslate %}"""
    assert _Texts.of(page) == ["No", "Maybe"]


def _templates() -> list[Path]:
    return [path for path in files.committed("*.html") if "demo" not in path.parts]


def _is_free(path: Path) -> bool:
    return files.shown(path) in FORMATTERS | OTHER_ZONES or bool(
        {"demo", "tests"} & set(path.parts)
    )


class _Texts(HTMLParser):
    """Collects the texts of a template that no tag translates."""

    def __init__(self) -> None:
        super().__init__()
        self._found: list[str] = []
        self._is_code = False

    @classmethod
    def of(cls, template: str) -> list[str]:
        """Return the texts and the attributes that are read aloud."""
        parser = cls()
        parser.feed(MARKUP.sub(" ", TRANSLATED.sub(" ", template)))
        parser.close()
        return [line for text in parser._found if (line := " ".join(text.split()))]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_code = tag in {"script", "style"}
        self._found += [value for name, value in attrs if name in READ_ALOUD and value]

    def handle_endtag(self, tag: str) -> None:
        self._is_code = False

    def handle_data(self, data: str) -> None:
        if not self._is_code:
            self._found.append(data)
