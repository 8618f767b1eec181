"""Standstills: why the assistant does not answer in a conversation, and the one act that helps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from channels_layer import sentences
from channels_layer.access.actors import Staff
from chats.models import Run
from chats.services import budgets
from chats.services.endings import NEEDS_PERSON, failure_of
from conversations.models import Conversation
from conversations.selectors import messages
from handoff.models import Control, name_of

RELEASE, SWITCH_ON, TRY_AGAIN = "release", "active", "regenerate"


@dataclass(frozen=True, kw_only=True)
class Standstill:
    """Why nobody answers, in words, and the button: its act, its label, the run to try again.

    ``detail`` is what the model's provider says of it.
    """

    words: str
    act: str
    label: str
    run: UUID | None = None
    is_failure: bool = False
    detail: str = ""


def context(conversation: Conversation, actor: Staff) -> Mapping[str, Any] | None:
    """Return the banner's context; None while all goes on."""
    del actor
    found = standstill_of(conversation)
    return {"conversation": conversation, "standstill": found} if found else None


def standstill_of(conversation: Conversation) -> Standstill | None:
    """Return why the assistant does not answer here, None where it does or is not to.

    Where a customer waits, the floor's own parts say so; in a chat nobody else does.
    """
    if conversation.is_ended:
        return None
    if conversation.assistant_may_speak:
        return _after_run(conversation)
    return _silenced(conversation) if conversation.is_chat else None


def _silenced(conversation: Conversation) -> Standstill:
    """Return who has silenced the assistant of a chat."""
    assistant = conversation.assistant.name
    if conversation.control == Control.AI:
        words = _("%(assistant)s is switched off here.") % {"assistant": assistant}
        label = _("Switch %(assistant)s on") % {"assistant": assistant}
        return Standstill(words=words, act=SWITCH_ON, label=label)
    label = _("Give back to the assistant")
    if conversation.control == Control.AGENT and conversation.owner:
        words = _("%(name)s has taken over from %(assistant)s.")
        words %= {"name": name_of(conversation.owner), "assistant": assistant}
    elif conversation.is_request_shown:
        words = _("%(assistant)s asked for a person; from a chat nobody is called.")
        words %= {"assistant": assistant}
    else:
        words = _("%(assistant)s is silent: somebody asked for the floor.")
        words %= {"assistant": assistant}
    return Standstill(words=words, act=RELEASE, label=label)


def _after_run(conversation: Conversation) -> Standstill | None:
    """Return how the newest answer came to nothing, as long as nothing was said since."""
    run = Run.objects.filter(conversation=conversation).order_by("-started_at", "-id").first()
    is_over = run is not None and not run.is_live and conversation.answer_due_at is None
    if run is None or not is_over or not _is_newest(conversation, run):
        return None
    words = _words(conversation, run)
    if not words:
        return None
    is_failure = run.reason in NEEDS_PERSON
    return Standstill(
        words=words,
        act=TRY_AGAIN,
        label=_("Try again"),
        run=run.pk,
        is_failure=is_failure,
        detail=run.error_detail,
    )


def _words(conversation: Conversation, run: Run) -> str:
    if run.error in budgets.CODES:
        words, remedy = sentences.translated(failure_of(run)), _("It can be raised under Usage.")
        return f"{words}. {remedy}"
    if run.reason in NEEDS_PERSON:
        return sentences.translated(failure_of(run))
    if run.reason in {"cancelled", "superseded"}:
        return _("The answer of %(assistant)s was stopped.") % {
            "assistant": conversation.assistant.name
        }
    return ""


def _is_newest(conversation: Conversation, run: Run) -> bool:
    """Return whether the last message is what ``run`` answers, or its answer."""
    newest = messages.last_said(conversation)
    return newest is not None and (newest.run_id == run.pk or newest.position == run.answers_to)
