"""Days: those of the deployment's time zone, by which usage and budgets are counted."""

from datetime import date, datetime, time

from django.utils import timezone


def day_of(at: datetime) -> date:
    """Return the day of ``at``."""
    return at.astimezone(timezone.get_default_timezone()).date()


def began(day: date) -> datetime:
    """Return when ``day`` began."""
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())
