"""The demo's files beside this module."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True, kw_only=True)
class Text:
    """An article: its assistants, title and text."""

    assistants: tuple[str, ...]
    title: str
    text: str


def table(name: str) -> dict[str, Any]:
    """Read ``<name>.toml``."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def articles() -> list[Text]:
    """Read ``articles/*.md``: a title, a line that names the assistants, then the text."""
    return [_article(path) for path in sorted((FOLDER / "articles").glob("*.md"))]


def _article(path: Path) -> Text:
    head, names, text = path.read_text(encoding="utf-8").split("\n", 2)
    assistants = names.removeprefix("assistants:").split(",")
    return Text(
        assistants=tuple(name.strip() for name in assistants),
        title=head.removeprefix("# ").strip(),
        text=text.strip(),
    )
