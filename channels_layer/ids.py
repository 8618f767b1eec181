"""Identifiers: UUIDv7, so that ids sort by the time of their making."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Return a fresh identifier."""
    return uuid7()
