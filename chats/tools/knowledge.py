"""``search_knowledge``: an assistant searches its articles."""

from django.utils.translation import gettext_noop as _

from chats.selectors import knowledge
from chats.tools.registry import Effect, Json, Tool, ToolContext

LONGEST_TEXT = 4000


def _search(context: ToolContext, arguments: Json) -> Json:
    found = knowledge.search(context.assistant_id, arguments["query"])
    return {
        "articles": [
            {"title": article.title, "text": article.text[:LONGEST_TEXT]} for article in found
        ]
    }


TOOL = Tool(
    name="search_knowledge",
    title=_("Search knowledge"),
    description="Look up what is known about a subject. Gives articles with title and text.",
    parameters={
        "type": "object",
        "properties": {
            "query": {
                "type": "string",
                "minLength": 1,
                "maxLength": 300,
                "description": "A few keywords.",
            }
        },
        "required": ["query"],
        "additionalProperties": False,
    },
    handler=_search,
    effect=Effect.READING,
)
