"""The corpus: snippets as models and people write them, with what every face is to show.

A file holds one script. A snippet begins with ``=== its name``, behind which ``[agent]`` or
``[customer]`` says who typed it; else a model wrote it. Under ``--- html`` stands the HTML, without
what every link has, and under ``--- whatsapp`` the text that is sent; where that is missing it is
the text as it was typed.
"""

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "corpus"
_HEAD = re.compile(r"^=== (?P<name>[^\n\[]+?)(?: \[(?P<author>\w+)\])?\n", re.MULTILINE)
_LINK = re.compile(r"<a [^>]*>")
_ALWAYS = re.compile(r' (?:target="_blank"|rel="noopener nofollow"|dir="(?:ltr|auto)")')
"""What every link has; elsewhere the side from which words are read is looked at."""


@dataclass(frozen=True, kw_only=True)
class Snippet:
    """A text, and what is shown of it."""

    script: str
    name: str
    author: str
    text: str
    html: str
    whatsapp: str


def scripts() -> list[str]:
    """Return the names of the scripts that have a file."""
    return sorted(path.stem for path in FOLDER.glob("*.txt"))


def snippets(script: str) -> list[Snippet]:
    """Return the snippets of one file."""
    content = (FOLDER / f"{script}.txt").read_text(encoding="utf-8")
    _, *parts = _HEAD.split(content)
    heads = zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    return [_snippet(script, name, author or "assistant", body) for name, author, body in heads]


def shown(html: str) -> str:
    """Return HTML as the corpus writes it."""
    bare = _LINK.sub(lambda found: _ALWAYS.sub("", found.group()), html)
    return re.sub(r"(?<=>)\n+", "", bare).strip()


def _snippet(script: str, name: str, author: str, body: str) -> Snippet:
    text, html = body.removesuffix("\n").split("\n--- html\n")
    html, _, whatsapp = html.partition("\n--- whatsapp\n")
    return Snippet(
        script=script,
        name=name,
        author=author,
        text=text,
        html=shown(html),
        whatsapp=whatsapp or text,
    )
