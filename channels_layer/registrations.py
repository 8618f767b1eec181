"""Registrations of the core itself, at start."""

from datetime import timedelta

from channels_layer import audit
from channels_layer.work import audits, sweeper


def register() -> None:
    """Register the schedule's sweep, the job that purges, and the audit of the log."""
    sweeper.register_job("channels_layer.purge", every=timedelta(hours=1))
    sweeper.register("schedule", sweeper.jobs_due)
    audits.register("events", audit.events_have_no_gaps)
