"""Steps: the records of a model's calls within a run, whose row is locked."""

from dataclasses import dataclass
from datetime import datetime

from channels_layer import prepared
from channels_layer.prepared import PreparedUpdate, Slot
from chats.engine.parts import Step, UsageReport
from chats.models import Run, RunStep, Usage
from chats.services import usage

_FINISH = PreparedUpdate(
    lambda: (
        RunStep.objects.filter(
            run=Slot(RunStep, "run"), number=Slot(RunStep, "number"), finished_at=None
        ),
        {
            name: Slot(RunStep, name, name=f"new_{name}")
            for name in ("text", "reasoning", "finish", "finished_at")
        },
    )
)


@dataclass(frozen=True)
class Unfinished:
    """A step that did not finish: an estimate of what it took, and what the model thought."""

    usage: UsageReport
    reasoning: str = ""


@dataclass(frozen=True)
class Finished:
    """A step that the model has finished; ``prompt`` estimates the tokens of its input.

    The estimate is for providers that do not report usage.
    """

    step: Step
    prompt: int

    @property
    def estimate(self) -> UsageReport:
        """Estimate what it took."""
        return usage.estimate(self.prompt, self.step.reasoning + self.step.text)


Last = Finished | Unfinished
"""The step with which a worker's part of a run ended."""


def begin(*, run: Run, number: int, at: datetime) -> None:
    """Record that the model is being called; a step that a dead worker began begins again."""
    prepared.insert_or_replace(
        RunStep(run=run, number=number, started_at=at), key=("run", "number")
    )


def finish(*, run: Run, finished: Finished, at: datetime) -> bool:
    """Record what the model wrote and its usage; return false if that was done already."""
    step = finished.step
    is_new = _FINISH.run(
        run=run.pk,
        number=step.number,
        new_text=step.text,
        new_reasoning=step.reasoning,
        new_finish=step.finish,
        new_finished_at=at,
    )
    if is_new:
        usage.record(_answered(run, step.usage, finished.estimate), at=at)
    return bool(is_new)


def give_up(*, run: Run, unfinished: Unfinished, at: datetime) -> None:
    """Record what an unfinished step took and what the model thought in it."""
    if unfinished.reasoning:
        rows = RunStep.objects.filter(run=run, finished_at=None)
        rows.update(reasoning=unfinished.reasoning)
    usage.record(_answered(run, None, unfinished.usage), at=at)


def close(*, run: Run, last: Last | None, at: datetime) -> None:
    """Record the last step of a run, if it is not recorded yet."""
    if isinstance(last, Finished):
        finish(run=run, finished=last, at=at)
    elif last is not None:
        give_up(run=run, unfinished=last, at=at)


def _answered(run: Run, reported: UsageReport | None, estimate: UsageReport) -> usage.ModelCall:
    return usage.ModelCall(
        conversation_id=run.conversation_id,
        run_id=run.pk,
        purpose=Usage.Purpose.ANSWER,
        model=run.model,
        usage=reported,
        estimate=estimate,
    )
