"""Code in colours: common languages, within a bound of length and time; all else stays plain.

The lexers of pygments are patterns that were not written for enemies: some take minutes for a few
thousand characters. So few of them are used, on little, and the time is looked at between tokens.
"""

import io
import re
import time
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.utils.html import escape
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name

LANGUAGES = frozenset(
    [
        *("bash", "sh", "shell", "zsh", "c", "cpp", "c++", "csharp", "c#", "css", "diff"),
        *("docker", "dockerfile", "go", "golang", "graphql", "html", "ini", "java"),
        *("javascript", "js", "json", "kotlin", "lua", "makefile", "nginx", "objectivec", "php"),
        *("powershell", "python", "py", "r", "ruby", "rb", "rust", "rs", "scala", "scss", "sql"),
        *("swift", "toml", "typescript", "ts", "xml", "yaml", "yml"),
    ]
)
"""None that hands a part of the code on to a lexer which the code itself names, as HTTP's does."""
LONGEST = 4_000
"""Code points of one block that is coloured."""
LONGEST_SECONDS = 0.012
"""Computing time that the colours of one text may take."""
_UNUSUAL = re.compile(r"\n\s*\n\s*\n\s*\n\s*\n|[^\n]{400}")
"""Code that nobody writes so, in which many patterns search to the end again and again."""


class Painter:
    """Colours the code of one text; what would take too long stays plain."""

    def __init__(self) -> None:
        """Begin with all the time."""
        self._left = LONGEST_SECONDS

    def block_of(self, code: str, info: str) -> str:
        """Return a block of code with its language over it, which ``info`` begins with."""
        language = info.split(maxsplit=1)[0] if info.split() else ""
        head = f'<div class="code__head">{escape(language) or "text"}</div>'
        painted = self.html_of(code, language)
        return f'<div class="code">{head}<pre><code>{painted}</code></pre></div>'

    def html_of(self, code: str, language: str) -> str:
        """Return ``code`` as HTML, with a class for the colour of each token."""
        if language.lower() not in LANGUAGES or len(code) > LONGEST or _UNUSUAL.search(code):
            return escape(code)
        lexer, target = _lexer(language.lower()), io.StringIO()
        begun = time.thread_time()
        try:
            _formatter().format(_until(begun + self._left, lexer.get_tokens(code)), target)
        except TimeoutError:
            return escape(code)
        finally:
            self._left -= time.thread_time() - begun
        return target.getvalue()


def warm_up() -> None:
    """Compile all lexers, which takes a third of a second and no message has to pay for then."""
    _formatter()
    for language in sorted(LANGUAGES):
        _lexer(language)


def _until(end: float, tokens: Iterator[Any]) -> Iterator[Any]:
    """Yield the tokens that are found until the thread has computed for ``end`` seconds."""
    for token in tokens:
        if time.thread_time() > end:
            raise TimeoutError
        yield token


@cache
def _lexer(language: str) -> Lexer:
    return get_lexer_by_name(language, stripnl=False)


@cache
def _formatter() -> HtmlFormatter[str]:
    return HtmlFormatter(nowrap=True, classprefix="tok-")
