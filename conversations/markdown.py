"""Markdown to safe HTML, for staff and customers alike.

Raw HTML in the text stays text; images are links, since fetching one would show a stranger who
reads; nh3 sanitises everything last, whatever came before it. What makes too much work is shown
as it was typed.
"""

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

from conversations.markup import addresses, bounds, typed
from conversations.markup.code import Painter

VERSION = 1
"""Raised with every change of what is rendered, so that stored HTML is written anew."""
LONGEST = 40_000
MOST_HTML = 120_000
SCHEMES = {"http", "https", "mailto"}
TAGS = {
    *("a", "blockquote", "br", "code", "del", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("hr", "li", "ol", "p", "pre", "s", "span", "strong", "sub", "sup"),
    *("table", "tbody", "td", "th", "thead", "tr", "ul"),
}
ATTRIBUTES = {
    "a": {"dir", "href", "title", "target"},
    "ol": {"start"},
    "div": {"data-language"},
}
CLASSES = {
    "div": {"code", "code__head", "table-scroll"},
    "td": {"align-center", "align-right"},
    "th": {"align-center", "align-right"},
}
UNUSED = ("image", "html_inline", "html_block", "replacements", "smartquotes")
"""Rules of the parser that nothing here needs."""


def render(text: str) -> str:
    """Render ``text`` as safe HTML; what is very long or makes too much work stays plain."""
    plain = addresses.without_directions(text)
    try:
        html = _rendered(plain)
    except bounds.TooCostlyError:
        return render_plain(text)
    return _clean(html) if len(html) <= MOST_HTML else render_plain(text)


def render_plain(text: str) -> str:
    """Render ``text`` as it was typed, with paragraphs, line breaks and links alone."""
    plain = addresses.without_directions(text)
    return _clean(typed.html_of(plain, _parser(is_linked=True)))


def _rendered(text: str) -> str:
    if len(text) > LONGEST:
        raise bounds.TooCostlyError
    parser = _parser(is_linked=addresses.are_few(text))
    tokens = bounds.parsed(parser, text)
    return str(parser.renderer.render(tokens, parser.options, {"painter": Painter()}))


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        allowed_classes=CLASSES | {"span": _span_classes()},
        url_schemes=SCHEMES,
        link_rel="noopener nofollow",
    )


class _Parser(MarkdownIt):
    """A Markdown parser that allows absolute addresses of few schemes."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        """Allow addresses that name their scheme: a relative one would point into Parley itself."""
        return url.lower().startswith(("http://", "https://", "mailto:"))


@cache
def _parser(*, is_linked: bool) -> MarkdownIt:
    options = {"html": False, "linkify": is_linked, "breaks": True}
    parser = bounds.bounded(_Parser("js-default", options))
    parser.linkify = addresses.BoundedLinkify()
    parser.disable(list(UNUSED))
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
    address, words = "", ""
    for token in tokens:
        if token.type == "link_open":
            address, words = str(token.attrGet("href") or ""), ""
        elif address:
            token.content = addresses.without_hidden(token.content)
            words += token.content
        yield token
        if token.type == "link_close":
            if host := addresses.host_to_show(words, address):
                yield Token("link_host", "", 0, content=host)
            address = ""


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
    head = f'<div class="code__head">{escape(language) or "text"}</div>'
    code = env["painter"].html_of(token.content, language)
    return f'<div class="code">{head}<pre><code>{code}</code></pre></div>'


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
def _span_classes() -> set[str]:
    """Return every class of a span: hosts of links, and what pygments may set."""
    return {"link-host", *(f"tok-{name}" for name in STANDARD_TYPES.values() if name)}
