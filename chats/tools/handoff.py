"""``request_handoff``: an assistant requests a person."""

from django.utils.translation import gettext_noop as _

from channels_layer.access.actors import System
from chats.tools.registry import Effect, Json, Tool, ToolContext
from handoff import services as handoff


def _request(context: ToolContext, arguments: Json) -> Json:
    with context.effect() as conversation:
        handoff.join(
            floor=conversation,
            by=System(name=context.assistant_name),
            reason=arguments["reason"],
            at=context.at,
        )
    return {"status": "requested"}


TOOL = Tool(
    name="request_handoff",
    title=_("Ask for a person"),
    description="Ask a human colleague to take over: when the customer wants one, or you cannot "
    "help. Tell the customer afterwards that a colleague will answer here.",
    parameters={
        "type": "object",
        "properties": {
            "reason": {
                "type": "string",
                "minLength": 1,
                "maxLength": 200,
                "description": "Why, in a few words for the colleague.",
            }
        },
        "required": ["reason"],
        "additionalProperties": False,
    },
    handler=_request,
    effect=Effect.REPEATABLE,
)
