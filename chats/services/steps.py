"""Steps: the records of a model's calls within a run, whose row is locked."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

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
        }
        | {"is_counted": True},
    )
)
_GIVE_UP = PreparedUpdate(
    lambda: (
        RunStep.objects.filter(run=Slot(RunStep, "run"), finished_at=None, is_counted=False),
        {"reasoning": Slot(RunStep, "reasoning", name="new_reasoning"), "is_counted": True},
    )
)


@dataclass(frozen=True)
class Unfinished:
    """A step that did not finish: what it took, and what the model thought.

    Without either figure no request was made that could cost something.
    """

    reported: UsageReport | None = None
    estimate: UsageReport | None = None
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


def begin(
    *,
    run: Run,
    number: int,
    at: datetime,
    prompt: int = 0,
    reserved: Decimal | None = None,
) -> None:
    """Record that the model is being called; a step that a dead worker began begins again."""
    step = RunStep(run=run, number=number, prompt_tokens=prompt, reserved=reserved, started_at=at)
    prepared.insert_or_replace(step, key=("run", "number"))


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


def give_up(*, run: Run, unfinished: Unfinished, at: datetime) -> bool:
    """Record what an unfinished step took and thought; return false if that was done already."""
    is_new = bool(_GIVE_UP.run(run=run.pk, new_reasoning=unfinished.reasoning))
    estimate = unfinished.estimate
    if is_new and estimate is not None:
        usage.record(_answered(run, unfinished.reported, estimate), at=at)
    return is_new


def lose(*, run: Run, took: Unfinished, at: datetime) -> None:
    """Record what an attempt took that failed and is followed by another, in the same step."""
    if took.estimate is not None:
        usage.record(_answered(run, took.reported, took.estimate), at=at)


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
        assistant_id=run.assistant_id,
        purpose=Usage.Purpose.ANSWER,
        model=run.model,
        usage=reported,
        estimate=estimate,
    )
