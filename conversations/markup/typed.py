"""Text as it was typed: paragraphs, line breaks and links, in time that grows with its length."""

import re
from functools import cache

from django.utils.html import escape
from markdown_it import MarkdownIt

from conversations.markup import addresses

_PARAGRAPHS = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def html_of(text: str, parser: MarkdownIt) -> str:
    """Return ``text`` as HTML; ``parser`` says which addresses are allowed, and how they look."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        return ""
    parts = _PARAGRAPHS.split(_linked(text, parser))
    return "\n".join(f"<p>{part.replace(chr(10), '<br>' + chr(10))}</p>" for part in parts)


def _linked(text: str, parser: MarkdownIt) -> str:
    found = _finder().match(text) if addresses.are_few(text) else None
    parts, end = [], 0
    for link in found or []:
        address = parser.normalizeLink(link.url)
        if parser.validateLink(address):
            parts += [escape(text[end : link.index]), _link(link.text, address)]
            end = link.last_index
    return "".join([*parts, escape(text[end:])])


def _link(text: str, address: str) -> str:
    shown = addresses.without_hidden(text)
    host = addresses.host_to_show(shown, address)
    note = f' <span class="link-host">({escape(host)})</span>' if host else ""
    attributes = f'href="{escape(address)}" target="_blank" dir="ltr"'
    return f"<a {attributes}>{escape(shown)}</a>{note}"


@cache
def _finder() -> addresses.BoundedLinkify:
    return addresses.BoundedLinkify()
