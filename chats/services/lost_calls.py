"""Lost calls: those of workers that died while a model wrote; what they took is estimated."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from channels_layer.work.jobs import Hint
from chats.engine.parts import joined_texts
from chats.models import Run, RunStep
from chats.services import prompts, steps
from chats.services.steps import Unfinished
from chats.services.usage import estimate, tokens_of

TASK = "chats.count_lost_call"
PATIENCE = timedelta(minutes=1)
"""How long the worker of an ended run may take to tell what its last call took."""
MOST = 100


@transaction.atomic
def count(*, run: Run, at: datetime) -> bool:
    """Record an estimate of the call that ``run``'s former worker has left, if there is one.

    Whether the request went out before the worker died is not known: it counts.
    """
    lost = RunStep.objects.filter(run=run, is_counted=False).order_by("-number").first()
    if lost is None:
        return False
    finished = RunStep.objects.filter(run=run, finished_at__isnull=False).order_by("number")
    before = joined_texts(finished.values_list("text", flat=True))
    written = lost.reasoning + run.text[len(before) :]
    took = estimate(lost.prompt_tokens or _prompt_of(run, at=at), written)
    return steps.give_up(run=run, unfinished=Unfinished(None, took), at=at)


def due(at: datetime) -> Iterable[Hint]:
    """Name the runs that ended without their worker, whose last call nobody has counted."""
    left = RunStep.objects.filter(is_counted=False, run__ended_at__lt=at - PATIENCE)
    for key in left.order_by("run_id").values_list("run_id", flat=True)[:MOST]:
        yield TASK, {"run": str(key)}


def _prompt_of(run: Run, *, at: datetime) -> int:
    """Estimate what the first call read, whose prompt is not noted: build it again."""
    prompt = prompts.build(run=run, at=at)
    return tokens_of(prompt.request())
