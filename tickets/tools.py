"""``create_ticket``: an assistant raises a ticket for what cannot be done in the conversation."""

from django.utils.translation import gettext_noop as _

from channels_layer.access.actors import System
from chats.tools import Tool, ToolContext
from tickets.models import PRIORITY_WORDS, Priority
from tickets.services import tickets
from tickets.services.tickets import Draft

Json = dict[str, object]


def _create(context: ToolContext, arguments: dict[str, str]) -> Json:
    with context.effect() as conversation:
        ticket = tickets.create(
            draft=Draft(
                subject=" ".join(arguments["subject"].split()),
                description=arguments.get("description", ""),
                priority=Priority.of(arguments.get("priority", Priority.NORMAL.word)),
                conversation=conversation,
            ),
            by=System(context.assistant_name, f"assistant:{context.assistant_id}"),
            at=context.at,
        )
    return {"number": ticket.number, "subject": ticket.subject, "status": ticket.status}


TOOL = Tool(
    name="create_ticket",
    title=_("Create a ticket"),
    description="Raise a ticket for your colleagues when something has to be followed up after "
    "this conversation: a call back, a claim, a check. Tell the customer its number afterwards.",
    parameters={
        "type": "object",
        "properties": {
            "subject": {
                "type": "string",
                "minLength": 1,
                "maxLength": 200,
                "pattern": r"\S",
                "description": "What it is about, in a few words.",
            },
            "description": {
                "type": "string",
                "maxLength": 10_000,
                "description": "What has to be done, and what is known already.",
            },
            "priority": {"type": "string", "enum": list(PRIORITY_WORDS)},
        },
        "required": ["subject", "description"],
        "additionalProperties": False,
    },
    handler=_create,
)
