"""Texts to safe HTML, for staff and customers alike.

Models write Markdown; what people type is shown as they typed it (decision 20). nh3 sanitises
everything last, whatever came before it. What makes too much work is shown as it was typed.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

import nh3
from django.utils.html import escape
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from pygments.token import STANDARD_TYPES

from conversations.markup import addresses, bounds, parsing, typed, words
from conversations.markup.code import Painter

VERSION = 3
"""Raised with every change of what is rendered, so that stored HTML is written anew."""
MOST_HTML = 120_000
SCHEMES = {"http", "https", "mailto"}
TAGS = {
    *("a", "blockquote", "br", "code", "del", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("hr", "kbd", "li", "mark", "ol", "p", "pre", "s", "span", "strong", "sub", "sup"),
    *("table", "tbody", "td", "th", "thead", "tr", "u", "ul"),
}
ATTRIBUTES = {
    "a": {"dir", "href", "title", "target"},
    "li": {"value"},
    "ol": {"dir", "start"},
    "div": {"data-language"},
    **{name: {"dir"} for name in ("ul", "table", "blockquote")},
}
_SIDED = {"bullet_list_open", "ordered_list_open", "table_open", "blockquote_open"}
_FROM_THE_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
CLASSES = {
    "div": {"code", "code__head", "table-scroll"},
    "p": {"typed"},
    "td": {"align-center", "align-right"},
    "th": {"align-center", "align-right"},
}


def render(text: str) -> str:
    """Render Markdown as safe HTML; what is very long or makes too much work stays plain."""
    plain = addresses.without_directions(text)
    try:
        html = _rendered(plain)
    except bounds.TooCostlyError:
        return render_plain(text)
    return _clean(html) if len(html) <= MOST_HTML else render_plain(text)


def render_plain(text: str) -> str:
    """Render ``text`` as it was typed, with line breaks and links alone."""
    return _typed(text, typed.PLAIN)


def render_question(text: str) -> str:
    """Render what staff ask in a chat of their own: as typed, but for fenced code."""
    return _typed(text, typed.CODE)


def render_typed(text: str) -> str:
    """Render what an agent typed: as typed, but for the marks that nobody types by chance."""
    return _typed(text, typed.MARKED)


def _typed(text: str, dialect: typed.Dialect) -> str:
    plain = addresses.without_directions(text)
    html = typed.html_of(plain, _parser(is_linked=True), dialect)
    if len(html) > MOST_HTML and dialect is not typed.PLAIN:
        html = typed.html_of(plain, _parser(is_linked=True), typed.PLAIN)
    return _clean(html)


def _rendered(text: str) -> str:
    parser = _parser(is_linked=addresses.are_few(text))
    tokens = parsing.parsed(parser, text)
    words.parsed_for_a_page(text, tokens)
    if _FROM_THE_RIGHT.search(text):
        _turn(tokens)
    return str(parser.renderer.render(tokens, parser.options, {"painter": Painter()}))


def _turn(tokens: Sequence[Token]) -> None:
    """Let bullets, columns and quotes stand on the side from which their words are read."""
    for token in tokens:
        if token.type in _SIDED:
            token.attrSet("dir", "auto")


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        allowed_classes=CLASSES | {"span": _span_classes()},
        url_schemes=SCHEMES,
        link_rel="noopener nofollow",
    )


@cache
def _parser(*, is_linked: bool) -> MarkdownIt:
    parser = parsing.Parser(is_linked=is_linked)
    parser.core.ruler.after("linkify", "addresses", _name_hosts)
    parser.add_render_rule("fence", _fence)
    parser.add_render_rule("code_block", _fence)
    parser.add_render_rule("link_open", _link_open)
    parser.add_render_rule("link_host", _link_host)
    parser.add_render_rule("table_open", _table_open)
    parser.add_render_rule("table_close", _table_close)
    parser.add_render_rule("th_open", _cell_open)
    parser.add_render_rule("td_open", _cell_open)
    return parser


def _name_hosts(state: StateCore) -> None:
    """Put the host behind every link whose text looks like another address."""
    for block in state.tokens:
        children = block.children or []
        if any(token.type == "link_close" for token in children):
            block.children = list(_with_hosts(children))


def _with_hosts(tokens: Sequence[Token]) -> Iterator[Token]:
    address, said = "", ""
    for token in tokens:
        if token.type == "link_open":
            address, said = str(token.attrGet("href") or ""), ""
        elif address:
            token.content = addresses.without_hidden(token.content)
            said += token.content
        yield token
        if token.type == "link_close":
            if host := addresses.host_to_show(said, address):
                yield Token("link_host", "", 0, content=host)
            address = ""


def _fence(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    painter: Painter = env["painter"]
    return painter.block_of(tokens[index].content, tokens[index].info)


def _link_open(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    tokens[index].attrSet("target", "_blank")
    tokens[index].attrSet("dir", "ltr" if tokens[index].info == "auto" else "auto")
    return renderer.renderToken(tokens, index, options, env)


def _link_host(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    return f' <span class="link-host">({escape(tokens[index].content)})</span>'


def _table_open(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    return f'<div class="table-scroll">{renderer.renderToken(tokens, index, options, env).strip()}'


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
def _span_classes() -> set[str]:
    """Return every class of a span: hosts of links, and what pygments may set."""
    return {"link-host", *(f"tok-{name}" for name in STANDARD_TYPES.values() if name)}
