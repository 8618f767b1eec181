"""Search: tickets by number, subject, person, tag or words of the description."""

import re
from typing import TypeVar

from django.db.models import Q, QuerySet

from channels_layer import search
from channels_layer.search import Search, SearchIndex
from tickets.models import Ticket

TICKETS = Search(
    indexes=(
        SearchIndex(
            name="ticket_search",
            table="tickets_ticket",
            column="search_text",
            newest="number DESC",
            is_lower=True,
        ),
    ),
    short=("search_text",),
)

Tickets = TypeVar("Tickets", bound=QuerySet[Ticket])
_NUMBER = re.compile(r"#?([0-9]{1,9})")


def matching(queryset: Tickets, text: str) -> Tickets:
    """Keep tickets that contain every word of ``text``.

    ``#42`` is the ticket of that number alone, 42 also what else contains it.
    """
    number = _NUMBER.fullmatch(text.strip())
    if not number:
        return search.matching(TICKETS, queryset, text)
    numbered = Q(number=int(number[1]))
    if text.strip().startswith("#"):
        return queryset.filter(numbered)
    return search.matching(TICKETS, queryset, text, also=numbered)
