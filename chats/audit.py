"""Audit of answers: one for each question, and a worker for every open run."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Exists, F, OuterRef

from channels_layer.models import Event
from channels_layer.work.audits import Scope
from chats.models import Run
from conversations.models import Conversation, Message
from handoff.models import Control, Lifecycle, Switch

PATIENCE = timedelta(seconds=15)
"""How long recovery may take: a lease may be past for that long."""


def runs_are_worked_on(scope: Scope) -> Iterator[str]:
    """Find open runs past their lease; strictly, all open runs."""
    horizon = scope.at if scope.is_strict else scope.at - PATIENCE
    for run in Run.objects.abandoned(horizon).order_by("id").iterator():
        if scope.is_strict or run.started_at < horizon:
            yield f"run {run.pk} is {run.status} and past its lease"
    if scope.is_strict:
        held = Run.objects.filter(status=Run.Status.RUNNING, lease_until__gte=scope.at)
        for key in held.order_by("id").values_list("pk", flat=True):
            yield f"run {key} is still running"


def questions_are_answered_once(scope: Scope) -> Iterator[str]:
    """Compare runs with messages, and find questions answered twice or not at all.

    An answer that was set aside for another one does not count.
    """
    written = Message.objects.filter(pk=OuterRef("message_id"), run_id=OuterRef("pk"))
    completed = Run.objects.filter(status=Run.Status.COMPLETED)
    for run in completed.filter(~Exists(written)).order_by("id").iterator():
        yield f"run {run.pk} is completed and has no message"
    replaced = written.filter(error=Message.REPLACED)
    standing = completed.filter(~Exists(replaced))
    twice = standing.order_by().values("conversation_id", "answers_to")
    for row in twice.annotate(number=Count("id")).filter(number__gt=1):
        yield (
            f"conversation {row['conversation_id']} has {row['number']} answers"
            f" to position {row['answers_to']}"
        )
    runs = Run.objects.filter(pk=OuterRef("run_id"))
    orphans = Message.objects.filter(~Exists(runs), run_id__isnull=False)
    for key in orphans.order_by("id").values_list("pk", flat=True):
        yield f"message {key} is of a run that is not there"
    yield from _unanswered(scope)


def runs_publish_their_end(scope: Scope) -> Iterator[str]:
    """Compare ``run.started`` with ``end`` in every log that is kept from its beginning."""
    del scope
    kept = Event.objects.filter(topic=OuterRef("topic"), seq=1)
    published = Event.objects.filter(Exists(kept), type__in=["run.started", "end"]).order_by()
    numbers: dict[str, dict[str, int]] = {}
    for row in published.values("topic", "type").annotate(number=Count("id")):
        numbers.setdefault(row["topic"], {})[row["type"]] = row["number"]
    live = Run.objects.live().order_by().values("conversation_id").annotate(number=Count("id"))
    open_ = {f"conversation:{row['conversation_id']}": row["number"] for row in live}
    for topic, number in numbers.items():
        began, ended = number.get("run.started", 0), number.get("end", 0)
        if began - ended != open_.get(topic, 0):
            yield f"{topic} has {began} runs begun, {ended} ended, {open_.get(topic, 0)} open"


def _unanswered(scope: Scope) -> Iterator[str]:
    """Find questions that the assistant should answer but that no run will answer."""
    live = Run.objects.live().filter(conversation=OuterRef("pk"))
    rows = Conversation.objects.filter(
        ~Exists(live),
        lifecycle=Lifecycle.ACTIVE,
        control=Control.AI,
        switch=Switch.ACTIVE,
        last_customer_position__gt=F("answered_position"),
    )
    if not scope.is_strict:
        rows = rows.filter(answer_due_at__isnull=True)
    for key in rows.order_by("id").values_list("pk", flat=True):
        yield f"conversation {key} has a question that nobody answers"
