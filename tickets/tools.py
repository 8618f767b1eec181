"""``create_ticket``: an assistant raises a ticket for what cannot be done in the conversation."""

from django.utils.translation import gettext_noop as _

from channels_layer.access.actors import System
from channels_layer.errors import RefusedError
from chats.tools import Tool, ToolContext
from conversations.models import Conversation
from tickets.models import PRIORITY_WORDS, Priority, Ticket
from tickets.services import tickets
from tickets.services.tickets import Draft

Json = dict[str, object]

MOST_PER_CONVERSATION = 5


class EnoughTicketsError(RefusedError):
    """Assistants have raised as many tickets here as may be open of one conversation."""

    def __init__(self, numbers: list[int]) -> None:
        """Name the tickets, so that the model tells the customer of these."""
        named = ", ".join(str(number) for number in numbers)
        super().__init__(f"Enough tickets were raised in this conversation: {named}. Use these.")


def _create(context: ToolContext, arguments: dict[str, str]) -> Json:
    with context.effect() as conversation:
        _refuse_many(conversation)
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


def _refuse_many(conversation: Conversation) -> None:
    """Refuse one more where a customer makes an assistant raise ticket after ticket."""
    raised = Ticket.objects.undone().filter(
        conversations=conversation, created_by__startswith="assistant:"
    )
    numbers = list(
        raised.order_by("number").values_list("number", flat=True)[:MOST_PER_CONVERSATION]
    )
    if len(numbers) >= MOST_PER_CONVERSATION:
        raise EnoughTicketsError(numbers)


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
