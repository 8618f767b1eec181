"""Regenerations: replacing the newest answer, perhaps after its question was changed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from channels_layer.access.actors import Actor
from channels_layer.errors import DomainError
from channels_layer.work.jobs import enqueue
from chats.models import Run
from conversations.models import AuthorKind, Conversation, Message
from conversations.services import messages
from conversations.services.thread import changing
from handoff.services import EndedError


class StillRunningError(DomainError):
    """An answer is being written."""

    code = "still_running"
    detail = _("An answer is being written; stop it first.")


class FloorTakenError(DomainError):
    """The assistant may not speak in this conversation now."""

    code = "floor_taken"
    detail = _("The assistant may not speak here now.")


class NotNewestError(DomainError):
    """There is a newer message than this answer."""

    code = "not_newest"
    detail = _("Only the newest question and its answer can be changed.")


@transaction.atomic
def regenerate(*, run: Run, at: datetime) -> Run:
    """Let the assistant answer again what ``run`` answered; its own answer stays, marked.

    :raises StillRunningError: an answer is being written.
    :raises FloorTakenError: a person has the floor, or the assistant is switched off.
    :raises NotNewestError: something was said since.
    """
    conversation = Conversation(pk=run.conversation_id).locked()
    _check(conversation, run)
    spoken = Message.objects.filter(conversation=conversation, kind=Message.Kind.MESSAGE)
    newest = spoken.order_by("-position").first()
    is_answer = newest is not None and newest.run_id == run.pk
    is_question = newest is not None and newest.position == run.answers_to
    if not is_answer and not is_question:
        raise NotNewestError
    messages.ask_again(conversation, replaced=newest if is_answer else None, at=at)
    enqueue("chats.answer", conversation=conversation.pk)
    return run


@transaction.atomic
def reword(*, message: Message, text: str, by: Actor, at: datetime) -> Message:
    """Change one's newest question in one's own chat and let the assistant answer it anew.

    The former answer stays, marked; the model reads neither it nor the former question.

    :raises StillRunningError: an answer is being written.
    :raises FloorTakenError: a person has the floor, or the assistant is switched off.
    :raises NotNewestError: it is not one's newest question.
    """
    conversation = Conversation(pk=message.conversation_id).locked()
    _check_floor(conversation)
    is_newest = message.position == conversation.last_customer_position
    if not is_newest or message.actor != by.reference:
        raise NotNewestError
    answers = Message.objects.filter(
        conversation=conversation, author_kind=AuthorKind.ASSISTANT, position__gt=message.position
    )
    former = answers.exclude(error=Message.REPLACED).order_by("-position").first()
    with changing(conversation):
        message = messages.edit(conversation, message, text=text, at=at)
        messages.ask_again(conversation, replaced=former, at=at)
    enqueue("chats.answer", conversation=conversation.pk)
    return message


def _check(conversation: Conversation, run: Run) -> None:
    _check_floor(conversation)
    if conversation.last_customer_position > run.answers_to:
        raise NotNewestError


def _check_floor(conversation: Conversation) -> None:
    if conversation.is_ended:
        raise EndedError
    if not conversation.assistant_may_speak:
        raise FloorTakenError
    if Run.objects.live().filter(conversation=conversation).exists():
        raise StillRunningError
