"""Markdown to safe HTML, for staff and customers alike.

Raw HTML in the text stays text; images are links, since fetching one would show a stranger who
reads; nh3 sanitises everything last, whatever came before it.
"""

from collections.abc import Sequence
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES
from pygments.util import ClassNotFound

LONGEST = 40_000
SCHEMES = {"http", "https", "mailto"}
TAGS = {
    *("a", "blockquote", "br", "code", "del", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("hr", "li", "ol", "p", "pre", "s", "span", "strong", "sub", "sup"),
    *("table", "tbody", "td", "th", "thead", "tr", "ul"),
}
ATTRIBUTES = {"a": {"href", "title", "target"}, "ol": {"start"}, "div": {"data-language"}}
CLASSES = {
    "div": {"code", "code__head", "table-scroll"},
    "td": {"align-center", "align-right"},
    "th": {"align-center", "align-right"},
}


def render(text: str) -> str:
    """Render ``text`` as safe HTML; text longer than 40,000 characters stays plain."""
    if len(text) > LONGEST:
        return nh3.clean_text(text)
    return _clean(_parser().render(text))


def render_plain(text: str) -> str:
    """Render ``text`` as it was typed, with paragraphs, line breaks and links alone."""
    if len(text) > LONGEST:
        return nh3.clean_text(text)
    return _clean(_plain_parser().render(text))


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        allowed_classes=CLASSES | {"span": _token_classes()},
        url_schemes=SCHEMES,
        link_rel="noopener nofollow",
    )


class _Parser(MarkdownIt):
    """A Markdown parser that allows absolute addresses of few schemes."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        """Allow addresses that name their scheme: a relative one would point into Parley itself."""
        return url.lower().startswith(("http://", "https://", "mailto:"))


@cache
def _plain_parser() -> MarkdownIt:
    parser = _Parser("zero", {"html": False, "linkify": True, "breaks": True})
    parser.enable(["linkify", "newline"])
    parser.add_render_rule("link_open", _link_open)
    return parser


@cache
def _parser() -> MarkdownIt:
    parser = _Parser("js-default", {"html": False, "linkify": True, "breaks": True})
    parser.disable("image")
    parser.add_render_rule("fence", _fence)
    parser.add_render_rule("code_block", _fence)
    parser.add_render_rule("link_open", _link_open)
    parser.add_render_rule("table_open", _table_open)
    parser.add_render_rule("table_close", _table_close)
    parser.add_render_rule("th_open", _cell_open)
    parser.add_render_rule("td_open", _cell_open)
    return parser


def _fence(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    """Write a code block with its language over it; colours are classes."""
    token = tokens[index]
    language = token.info.split()[0] if token.info.split() else ""
    head = f'<div class="code__head">{nh3.clean_text(language) or "text"}</div>'
    code = _coloured(token.content, language)
    return f'<div class="code">{head}<pre><code>{code}</code></pre></div>'


def _coloured(code: str, language: str) -> str:
    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        lexer = get_lexer_by_name("text", stripnl=False)
    return str(highlight(code, lexer, HtmlFormatter(nowrap=True, classprefix="tok-")))


def _link_open(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    tokens[index].attrSet("target", "_blank")
    return renderer.renderToken(tokens, index, options, env)


def _table_open(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    return '<div class="table-scroll"><table>'


def _table_close(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    return "</table></div>"


def _cell_open(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    """Write a cell; its alignment is a class, since inline styles are forbidden."""
    token = tokens[index]
    style = str(token.attrGet("style") or "")
    token.attrs.pop("style", None)
    if side := next((side for side in ("center", "right") if side in style), None):
        token.attrSet("class", f"align-{side}")
    return renderer.renderToken(tokens, index, options, env)


@cache
def _token_classes() -> set[str]:
    """Return every class that pygments may set on a span."""
    return {f"tok-{name}" for name in STANDARD_TYPES.values() if name}
