"""``lookup_contact`` and ``remember_variable``: what is known of this customer, and what they say.

Both are about the customer of the conversation; no argument names another.
"""

from django.utils.translation import gettext_noop as _

from channels_layer import times
from chats.selectors import customers
from chats.tools.registry import Effect, Json, Tool, ToolContext
from conversations.models import Conversation, Variable
from conversations.services import variables

MOST_EARLIER = 10
"""Earlier conversations that are named."""


def _look_up(context: ToolContext, arguments: Json) -> Json:
    del arguments
    rows = Conversation.objects.select_related("contact", "author", "source")
    conversation = rows.get(pk=context.conversation_id)
    customer = customers.customer_of(conversation)
    earlier = Conversation.objects.filter(
        contact__isnull=False, contact=conversation.contact_id
    ).exclude(pk=conversation.pk)
    return {
        "known": customer.known,
        "stated_but_not_verified": customer.stated,
        "writes_through": conversation.source.name,
        "earlier_conversations": [
            {"title": row.title, "last_message_at": times.iso(row.last_message_at)}
            for row in earlier.order_by("-last_message_at", "-id")[:MOST_EARLIER]
        ],
    }


def _remember(context: ToolContext, arguments: Json) -> Json:
    name, value = arguments["name"].strip(), arguments["value"].strip()
    with context.effect() as conversation:
        variables.write(
            conversation,
            {name: value},
            origin=Variable.Origin.EXTRACTED,
            name=context.assistant_name,
            at=context.at,
        )
        row = Variable.objects.get(conversation=conversation, name=name)
    if row.value != value:
        return {"remembered": False, "why": f"A colleague or another system wrote: {row.value}"}
    return {"remembered": True}


LOOKUP = Tool(
    name="lookup_contact",
    title=_("Look up the customer"),
    description="Read what is known about the customer of this conversation: name, email, phone, "
    "variables, and their earlier conversations.",
    parameters={"type": "object", "properties": {}, "additionalProperties": False},
    handler=_look_up,
    effect=Effect.READING,
)

REMEMBER = Tool(
    name="remember_variable",
    title=_("Remember a value"),
    description="Write down something the customer said that colleagues will need, such as an "
    "order number or a size. It shows beside the conversation.",
    parameters={
        "type": "object",
        "properties": {
            "name": {
                "type": "string",
                "minLength": 1,
                "maxLength": 80,
                "pattern": r"^[^\W_][\w .-]*$",
                "description": "What it is, such as order_number.",
            },
            "value": {"type": "string", "minLength": 1, "maxLength": 1000, "pattern": r"\S"},
        },
        "required": ["name", "value"],
        "additionalProperties": False,
    },
    handler=_remember,
    effect=Effect.REPEATABLE,
    summary=_("Remember {name}: {value}"),
)
