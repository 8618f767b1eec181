"""The stretch of a thread that a page asks for by position: what it is, and what lies beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from channels_layer.access.actors import Staff
from channels_layer.errors import InvalidError
from channels_layer.rest import values
from conversations.models import Conversation, Message
from conversations.selectors import messages as selectors
from conversations.selectors.messages import Page

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Messages of a thread in order; ``previous`` is the one before the first, where it is shown.

    A stretch that goes on where the page ends is dated and grouped by what stands before it;
    one that begins anew begins with its day.
    """

    page: Page
    previous: Message | None = None


def stretch_of(request: HttpRequest, conversation: Conversation, actor: Staff) -> Stretch | None:
    """Return what the address asks for; None where it asks for nothing.

    ``before`` and ``after`` are positions, ``around`` is a message's id, ``newest`` is the end.
    """
    before = values.nearest_position(request.GET, "before")
    after = values.nearest_position(request.GET, "after")
    if after is not None:
        page = selectors.page(conversation, actor, before=before, after=after, limit=PAGE)
        return Stretch(page=page, previous=before_first(conversation, actor, page.messages))
    if before is not None:
        page = selectors.page(conversation, actor, before=before, limit=PAGE)
        return Stretch(page=page)
    if found := values.uuids([request.GET.get("around", "")]):
        position = selectors.message_for(actor, conversation, found[0]).position
        return Stretch(page=selectors.around(conversation, actor, position=position, limit=PAGE))
    if "newest" in request.GET:
        return Stretch(page=selectors.page(conversation, actor, limit=PAGE))
    return None


def respond(
    request: HttpRequest, template: str, stretch: Stretch | None, context: Callable[[Stretch], Any]
) -> HttpResponse:
    """Render a stretch; ``X-Earlier`` and ``X-Later`` say whether there is more on either side."""
    if stretch is None:
        raise InvalidError(_("Say before or after which entry."))
    response = render(request, template, context(stretch))
    asked = request.GET
    has_earlier = stretch.page.has_earlier and "after" not in asked
    has_later = stretch.page.has_later and ("before" not in asked or "after" in asked)
    response["X-Earlier"] = "yes" if has_earlier else "no"
    response["X-Later"] = "yes" if has_later else "no"
    return response


def before_first(
    conversation: Conversation, actor: Staff, messages: list[Message]
) -> Message | None:
    """Return the entry before the first of ``messages``, to group and date it by."""
    ordered = selectors.in_order(messages)
    return selectors.before(conversation, actor, ordered[0]) if ordered else None
