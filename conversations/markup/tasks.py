"""Lists of tasks: ``- [x] done`` is shown with a box that is ticked."""

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

BOXES = {"[ ] ": "☐ ", "[x] ": "☑ ", "[X] ": "☑ "}
_ITEM = ["list_item_open", "paragraph_open"]


def allowed(parser: MarkdownIt) -> MarkdownIt:
    """Let ``parser`` read tasks."""
    parser.core.ruler.after("inline", "tasks", _tick)
    return parser


def _tick(state: StateCore) -> None:
    """Put a box before the words of each item that is a task."""
    for index, token in enumerate(state.tokens):
        if token.type != "inline" or not token.children:
            continue
        first = token.children[0]
        is_item = [one.type for one in state.tokens[max(0, index - 2) : index]] == _ITEM
        if is_item and first.type == "text" and first.content[:4] in BOXES:
            first.content = BOXES[first.content[:4]] + first.content[4:].lstrip()
