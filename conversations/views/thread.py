"""The parts of one conversation: messages, floor, details."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_layer.access.actors import Staff
from channels_layer.pages import StaffView, is_mirrored
from conversations import blocks, panels, source_kinds
from conversations.models import Conversation, ReadState, handle_of
from conversations.selectors import conversations as selectors
from conversations.selectors import messages as message_selectors
from conversations.selectors.messages import Page
from conversations.views.facts import facts_of
from conversations.views.items import Reader, is_elsewhere, items_of
from conversations.views.rows import control_mark, name_of
from conversations.views.stretches import PAGE, Stretch, before_first, respond, stretch_of
from handoff.models import Control, Lifecycle, Switch
from handoff.models import name_of as person_name

SWITCH_WORDS = {
    Switch.ACTIVE: ("Active", "green"),
    Switch.PAUSED: ("Paused", "orange"),
    Switch.BLOCKED: ("Blocked", "red"),
}
REFUSABLE = ("join", "accept", "release")
"""The acts on the floor that are shown also where they would be refused, with the reason."""


class MessagesView(StaffView):
    """``/conversations/<id>/messages/``: a stretch of the thread, as HTML."""

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        """Render the entries; ``X-Earlier`` or ``X-Later`` says that there are more."""
        conversation = selectors.conversation_for(self.actor, id)
        reader = _reader(request, conversation, self.actor)

        def context(stretch: Stretch) -> dict[str, Any]:
            found, previous = stretch.page.messages, stretch.previous
            items = items_of(found, reader=reader, previous=previous)
            return {"items": items, "is_shut": _is_shut(conversation)}

        stretch = stretch_of(request, conversation, self.actor)
        return respond(request, "conversations/_messages.html", stretch, context)


class MessageView(StaffView):
    """``/conversations/<id>/messages/<message>/``: one entry, as HTML."""

    def get(self, request: HttpRequest, id: UUID, message: UUID) -> HttpResponse:
        """Render the entry as the page would show it."""
        conversation = selectors.conversation_for(self.actor, id)
        found = message_selectors.message_for(self.actor, conversation, message)
        previous = before_first(conversation, self.actor, [found])
        items = items_of(
            [found], reader=_reader(request, conversation, self.actor), previous=previous
        )
        context = {"items": items, "is_shut": _is_shut(conversation)}
        return render(request, "conversations/_messages.html", context)


class ToolsView(StaffView):
    """``/conversations/<id>/runs/<run>/tools/``: the tool calls of an answer being written."""

    def get(self, request: HttpRequest, id: UUID, run: UUID) -> HttpResponse:
        """Render the calls so far; one that waits for a person comes with its buttons."""
        selectors.conversation_for(self.actor, id)
        context = {"tools": panels.tool_lines([run], self.actor).get(run, [])}
        return render(request, "conversations/_tools.html", context)


class FloorView(StaffView):
    """``/conversations/<id>/floor/``: the parts that say who has the floor."""

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        """Render head, bar, section and hint, each to be swapped by its name."""
        conversation = selectors.conversation_for(self.actor, id)
        context = floor_context(conversation, self.actor)
        return render(request, "conversations/_floor_parts.html", context)


class DetailsView(StaffView):
    """``/conversations/<id>/details/``: the details column."""

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        """Render the column's content."""
        conversation = selectors.conversation_for(self.actor, id)
        floor = floor_context(conversation, self.actor)
        context = {**floor, **details_context(conversation, self.actor)}
        return render(request, "conversations/_details.html", context)


class MarkdownView(StaffView):
    """``/conversations/markdown/``: finished blocks of a streaming answer, as HTML."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Render the text, of which only what is new makes work; it belongs to no message yet."""
        return HttpResponse(blocks.render(request.POST.get("text", "")))


def thread_context(
    request: HttpRequest, conversation: Conversation, actor: Staff
) -> dict[str, Any]:
    """Return the context of the thread: its newest page and everything around it."""
    state = ReadState.objects.filter(conversation=conversation, user=actor.user).first()
    reader = _reader(request, conversation, actor, unread_after=state.position if state else None)
    page = _first_page(conversation, actor, reader)
    return {
        **floor_context(conversation, actor),
        "items": items_of(page.messages, reader=reader),
        "has_earlier": page.has_earlier,
        "has_later": page.has_later,
        "last_position": page.messages[-1].position if page.messages else 0,
        "is_mirrored": is_mirrored(request),
        "interval": settings.SEND_INTERVAL_SECONDS,
        "me": actor,
    }


def _first_page(conversation: Conversation, actor: Staff, reader: Reader) -> Page:
    """Return the newest page; where the unread begins before it, the page around that place."""
    page = message_selectors.page(conversation, actor, limit=PAGE)
    if not reader.unread_after or not page.has_earlier:
        return page
    unread = message_selectors.first_unread(conversation, after=reader.unread_after)
    if unread is None or unread >= page.messages[0].position:
        return page
    return message_selectors.around(conversation, actor, position=unread, limit=PAGE)


def floor_context(conversation: Conversation, actor: Staff) -> dict[str, Any]:
    """Return the context of the floor: who has it, and what this person can do about it."""
    word, tone = SWITCH_WORDS[Switch(conversation.switch)]
    is_own_chat = conversation.is_chat_of(actor)
    refusals = _refusals(conversation, actor)
    return {
        "conversation": conversation,
        "name": name_of(conversation),
        "control": control_mark(_floor_row(conversation), actor),
        "queue_position": selectors.queue_position(conversation),
        "is_mine": conversation.owner_id == actor.user.pk,
        "is_own_chat": is_own_chat,
        "takes_templates": source_kinds.of(conversation.source.kind).takes_templates,
        "is_shut": _is_shut(conversation),
        "banners": panels.banners(conversation, actor),
        "switch_word": word,
        "switch_tone": tone,
        "joined": _joined(conversation, actor),
        "may": _may(conversation, refusals),
        "refusals": refusals,
        "takes_over": _takes_over(conversation) and not is_own_chat,
    }


def details_context(conversation: Conversation, actor: Staff) -> dict[str, Any]:
    """Return what the details show beside the floor: contact, variables, panels of others."""
    identity = None
    if conversation.contact is not None:
        identity = conversation.contact.identities.filter(source=conversation.source).first()
    attributes = conversation.contact.attributes if conversation.contact else {}
    handles = source_kinds.handle_attributes()
    others = {key: value for key, value in attributes.items() if key not in handles}
    return {
        "external_id": identity.external_id if identity else "",
        "variables": conversation.variables.order_by("name"),
        "handle": handle_of(attributes),
        "facts": facts_of(conversation.context, others),
        "previous": selectors.previous_of(conversation).select_related("source")[:5],
        "panels": panels.panels(conversation, actor),
        "at": timezone.now(),
    }


def _may(conversation: Conversation, refusals: dict[str, str]) -> dict[str, bool]:
    """Return the acts on the floor that would be accepted now."""
    active = not conversation.is_ended
    acts = {act: act not in refusals for act in REFUSABLE}
    return {**acts, "end": active, "reopen": not active, "switch": active}


def _refusals(conversation: Conversation, actor: Staff) -> dict[str, str]:
    """Return why an act on the floor would be refused now, by act; others are left out."""
    if conversation.is_ended:
        return dict.fromkeys(REFUSABLE, _("Closed: reopen it first"))
    if conversation.is_held_outside:
        return {"join": _("A colleague answers outside Parley: accept to go on here")}
    if conversation.control == Control.AGENT:
        held = _("You have it")
        if conversation.owner and conversation.owner != actor.user:
            held = _("%(name)s has it") % {"name": person_name(conversation.owner)}
        return {"join": held, "accept": held}
    if conversation.control == Control.REQUESTED:
        return {"join": _("A person is asked for already")}
    assistant = {"assistant": conversation.assistant.name}
    return {
        "accept": _("Nobody asked for a person: join first"),
        "release": _("Nobody took over from %(assistant)s") % assistant,
    }


def _joined(conversation: Conversation, actor: Staff) -> str:
    """Return who asked for the floor unasked, in words; empty where a customer waits or nobody."""
    if conversation.control != Control.REQUESTED or conversation.is_request_shown:
        return ""
    colleague = selectors.joined_by(conversation)
    if colleague == actor.user:
        return _("You asked for the floor")
    name = person_name(colleague) if colleague else _("A colleague")
    return _("%(name)s asked for the floor") % {"name": name}


def _takes_over(conversation: Conversation) -> bool:
    """Return whether the person's next public message takes the floor."""
    is_free = conversation.control != Control.AGENT or conversation.is_held_outside
    return (
        conversation.lifecycle == Lifecycle.ACTIVE
        and is_free
        and conversation.switch != Switch.PAUSED
    )


def _floor_row(conversation: Conversation) -> dict[str, Any]:
    owner = conversation.owner
    return {
        "lifecycle": conversation.lifecycle,
        "contact_id": conversation.contact_id,
        "control": conversation.control,
        "switch": conversation.switch,
        "requested_at": conversation.requested_at,
        "requested_by": conversation.requested_by,
        "owner_id": conversation.owner_id,
        "owner__first_name": owner.first_name if owner else "",
        "owner__last_name": owner.last_name if owner else "",
        "owner__username": owner.username if owner else "",
    }


def _is_shut(conversation: Conversation) -> bool:
    """Return whether the reply window is closed: at most a template may be sent now."""
    return conversation.is_window_closed(timezone.now())


def _reader(
    request: HttpRequest,
    conversation: Conversation,
    actor: Staff,
    *,
    unread_after: int | None = None,
) -> Reader:
    return Reader(
        actor=actor,
        is_mirrored=is_mirrored(request),
        unread_after=unread_after,
        is_elsewhere=is_elsewhere(conversation),
        answered_at=conversation.last_customer_position,
    )
