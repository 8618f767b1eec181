"""Audits: checks of everything stored, registered by each app, run after a fault."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from channels_layer.registry import Registry


@dataclass(frozen=True, kw_only=True)
class Scope:
    """The scope of an audit: the moment, how strict it is, and what clients had acknowledged.

    Strictly, the system is at rest: nothing may be under way, and every counter is recounted.
    ``client_ids`` are those of messages whose storing was acknowledged to a client.
    """

    at: datetime
    is_strict: bool = False
    client_ids: Sequence[str] = ()


Check = Callable[[Scope], Iterator[str]]

_checks: Registry[str, Check] = Registry("audit")


def register(name: str, check: Check) -> None:
    """Register ``check(scope)``, which yields a sentence for everything that is wrong."""
    _checks.register(name, check)


def findings(scope: Scope) -> Iterator[tuple[str, str]]:
    """Yield everything that is wrong, with the name of the check that found it."""
    for name in sorted(_checks):
        for finding in _checks[name](scope):
            yield name, finding
