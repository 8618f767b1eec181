"""Templates: all of them compile, and none writes unescaped text or inline code."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template

from tests.guards import files

TEMPLATES = [path for path in files.committed("*.html") if "templates" in path.parts]
# What ``conversations.markdown`` has rendered and cleaned.
CLEANED = "{{ item.html|safe }}"
FORBIDDEN = {
    "unescaped": re.compile(r"\|\s*safe\b|{%\s*autoescape\s+off"),
    "inline style": re.compile(r"<style\b|\sstyle="),
    "inline script": re.compile(r"<script(?![^>]*\b(?:src=|type=\"application/json\"))[^>]*>"),
    "inline handler": re.compile(r"\son[a-z]+=[\"']", re.IGNORECASE),
    "another host": re.compile(r"(?:src|href)=[\"']https?://(?!shop\.example)"),
}
STATIC = re.compile(r"""{%\s*static\s+["']([^"']+)["']""")


def name_of(path: Path) -> str:
    """Return the template's name, as code speaks of it."""
    parts = path.parts
    return "/".join(parts[len(parts) - parts[::-1].index("templates") :])


@pytest.mark.parametrize("path", TEMPLATES, ids=map(name_of, TEMPLATES))
def test_template_compiles(path: Path) -> None:
    get_template(name_of(path))


@pytest.mark.parametrize("path", TEMPLATES, ids=map(name_of, TEMPLATES))
def test_template_is_clean(path: Path) -> None:
    text = path.read_text().replace(CLEANED, "")
    found = [title for title, pattern in FORBIDDEN.items() if pattern.search(text)]
    assert found == []


@pytest.mark.parametrize("path", TEMPLATES, ids=map(name_of, TEMPLATES))
def test_fragment_names_its_context(path: Path) -> None:
    if path.name.startswith("_"):
        beginning = "".join(path.read_text().splitlines()[:3])
        assert "{#" in beginning, "a fragment begins with what it needs"


@pytest.mark.parametrize("path", TEMPLATES, ids=map(name_of, TEMPLATES))
def test_template_names_static_files_that_exist(path: Path) -> None:
    names = STATIC.findall(path.read_text())
    assert [name for name in names if finders.find(name) is None] == []
