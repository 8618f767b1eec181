"""Heads of list items: numbers as they were written, and a plus or minus that is no bullet.

CommonMark counts on from the first number of a list, and reads ``+ 5 EUR`` as a bullet.
"""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

BULLET = "-"
_AMOUNT = re.compile(r"[^\w\s]{0,4}\d")
"""The beginning of an item before which a plus or minus is a sign."""


def allowed(parser: MarkdownIt) -> MarkdownIt:
    """Let ``parser`` keep the heads of items."""
    parser.core.ruler.after("inline", "lists", _keep_heads)
    return parser


def heads(node: SyntaxTreeNode) -> Iterator[tuple[str, SyntaxTreeNode]]:
    """Yield what stands before each item of a list, and the item."""
    number = int(node.attrs.get("start", 1))
    is_own = any(_is_amount(item) for item in node.children)
    for item in node.children:
        if node.type == "ordered_list":
            number = int(item.attrs.get("value", number))
            written = item.info if item.info.isdecimal() and int(item.info) == number else number
            yield f"{written}{item.markup} ", item
            number += 1
        else:
            bullet = item.markup if is_own else BULLET
            yield "" if item.meta.get("sign") else f"{bullet} ", item


def _is_amount(item: SyntaxTreeNode) -> bool:
    """Return whether an item begins with an amount: a dash instead of its star would be a minus."""
    first = next((node for node in item.walk() if node.type == "inline"), None)
    return first is not None and _AMOUNT.match(first.content) is not None


def _keep_heads(state: StateCore) -> None:
    items = [index for index, one in enumerate(state.tokens) if one.type == "list_item_open"]
    _keep_signs(state.tokens, items)
    for items_of_list in _numbered(state.tokens):
        _keep_numbers(items_of_list)


def _keep_signs(tokens: Sequence[Token], items: Sequence[int]) -> None:
    """Put the plus before amounts, and the minus where there are amounts with a plus as well."""
    amounts = {index: words for index in items if (words := _amount(tokens, index))}
    has_plus = any(tokens[index].markup == "+" for index in amounts)
    for index, words in amounts.items():
        sign = tokens[index].markup
        if sign == "+" or (sign == "-" and has_plus):
            tokens[index].meta["sign"] = sign
            words.children = [Token("text", "", 0, content=f"{sign} "), *(words.children or ())]


def _amount(tokens: Sequence[Token], item: int) -> Token | None:
    """Return the words with which an item of a list with bullets begins, if they are an amount."""
    begin = [one.type for one in tokens[item + 1 : item + 3]]
    if tokens[item].info or begin != ["paragraph_open", "inline"]:
        return None
    return tokens[item + 2] if _AMOUNT.match(tokens[item + 2].content) else None


def _numbered(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Yield the items of each numbered list."""
    lists: list[list[Token]] = []
    for token in tokens:
        if token.type in {"ordered_list_open", "bullet_list_open"}:
            lists.append([])
        elif token.type == "list_item_open":
            lists[-1].append(token)
        elif token.type in {"ordered_list_close", "bullet_list_close"}:
            found = lists.pop()
            if token.type == "ordered_list_close":
                yield found


def _keep_numbers(items: Sequence[Token]) -> None:
    """Let each item have the number that was written, unless one stands twice: ``1. 1. 1.``."""
    numbers = [int(item.info) for item in items]
    if len(set(numbers)) < len(numbers):
        return
    for before, item, number in zip(numbers, items[1:], numbers[1:], strict=False):
        if number != before + 1:
            item.attrSet("value", str(number))
