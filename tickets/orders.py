"""The orders in which a list of tickets can be read, each by an index."""

from django.utils.translation import gettext_lazy as _

from channels_layer.rest import Order

UPDATED = "updated"
DUE = "due"

ORDERS = {
    UPDATED: Order(columns=("-changed_at", "-id"), word=_("Last updated")),
    "newest": Order(columns=("-number",), word=_("Newest")),
    "priority": Order(columns=("-priority", "-changed_at", "-id"), word=_("Priority")),
    DUE: Order(columns=("due_order", "id"), word=_("Due date")),
}
