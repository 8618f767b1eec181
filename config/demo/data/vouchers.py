"""``create_voucher``: the tool of the demo that a person has to approve."""

from django.utils.translation import gettext_noop as _

from chats.tools import Effect, Tool, ToolContext

Json = dict[str, object]


def _create(context: ToolContext, arguments: Json) -> Json:
    """Return the code that the shop's system would give: the same one for the same answer."""
    code = f"NH-{context.run_id.hex[-6:].upper()}"
    return {"voucher": code, "value": f"€{arguments['euros']}", "order": arguments["order_number"]}


TOOL = Tool(
    name="create_voucher",
    title=_("Create a voucher"),
    description="Create a voucher for Nordhem's shop, as amends for what went wrong with an order. "
    "A colleague approves it first. Tell the customer its code afterwards.",
    parameters={
        "type": "object",
        "properties": {
            "order_number": {
                "type": "string",
                "pattern": r"^ORD-\d+$",
                "description": "The order that it is for, such as ORD-12345.",
            },
            "euros": {
                "type": "integer",
                "minimum": 5,
                "maximum": 50,
                "description": "What it is worth.",
            },
        },
        "required": ["order_number", "euros"],
        "additionalProperties": False,
    },
    handler=_create,
    needs_approval=True,
    summary=_("Create a voucher of €{euros} for {order_number}"),
    effect=Effect.REPEATABLE,
)
