"""Reading what models thought aloud; for staff alone."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse

from chats.models import RunStep


def of_run(run: UUID) -> str:
    """Return the reasoning of all steps of ``run``, joined by blank lines; empty if none."""
    rows = RunStep.objects.filter(run_id=run).exclude(reasoning="").order_by("number")
    return "\n\n".join(rows.values_list("reasoning", flat=True))


def links(runs: Sequence[UUID]) -> dict[UUID, str]:
    """Return the pages with the reasoning of ``runs``, by run; most have none."""
    rows = RunStep.objects.filter(run_id__in=runs).exclude(reasoning="").order_by("run_id")
    found = rows.values_list("run_id", flat=True).distinct()
    return {run: reverse("chats:reasoning", args=[run]) for run in found}
