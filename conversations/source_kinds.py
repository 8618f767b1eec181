"""Kinds of sources and their properties; the folders of the sources register them at start.

Models, filters and pages read them here, so that nothing in the core names a single kind. The
ways by which messages reach the customers of a kind lie above the models, in
``conversations.transports``.
"""

from datetime import datetime, timedelta
from typing import ClassVar

from django.utils.functional import Promise

from channels_layer.registry import Registry


class SourceKind:
    """A kind of source: its name, label, badge and rules."""

    kind: str = ""
    """The name by which rows, filters and the API know it."""
    label: str | Promise = ""
    icon: str = ""
    """A static file with one SVG symbol, ``icon``."""
    badge: str = ""
    """A stylesheet with the tokens of its badge and the rule ``.source--<kind>``."""
    gather_seconds: ClassVar[float] = 0.3
    """How long a new source of this kind waits for more of a burst before it is answered."""
    reply_window: ClassVar[timedelta | None] = None
    """How long after a customer's message anything may be said; None: always."""
    interactive_replies: ClassVar[int] = 0
    """Among how many replies a customer can choose by a tap; 0: choices are read as text."""
    takes_templates: ClassVar[bool] = False
    """Whether approved templates may be sent, also after the reply window."""
    is_made_by_api: ClassVar[bool] = False
    """Whether its row is all that a source needs, so that ``POST /sources/`` may make one."""
    is_fed_by_api: ClassVar[bool] = False
    """Whether other systems bring in its conversations and the customers' words."""
    handle_attribute: ClassVar[str] = ""
    """The attribute of contacts that holds a public name, shown as @name; empty: there is none."""
    is_named_by_identity: ClassVar[bool] = False
    """Whether people know a nameless customer by the external id, such as a phone number."""

    def window_until(self, said_at: datetime) -> datetime | None:
        """Return the end of the reply window that a customer's message opens; None: it has none."""
        return None if self.reply_window is None else said_at + self.reply_window


class UnknownKind(SourceKind):
    """A kind whose folder is not installed (any more); its conversations stay."""

    def __init__(self, kind: str) -> None:
        """Set the name as its rows have it."""
        self.kind = self.label = kind


_kinds: Registry[str, SourceKind] = Registry("kind of sources")


def register(kind: SourceKind) -> None:
    """Register ``kind``, so that there may be sources of it."""
    _kinds.register(kind.kind, kind)


def of(name: str) -> SourceKind:
    """Return the kind of that name; one that is not registered has nothing but its name."""
    return _kinds.get(name) or UnknownKind(name)


def names() -> list[str]:
    """Return the names of all kinds, in the order in which they were registered."""
    return list(_kinds)


def choices() -> list[tuple[str, str]]:
    """Return all kinds with their labels, as choices of fields and filters."""
    return [(name, str(kind.label)) for name, kind in _kinds.items()]


def choices_by_api() -> list[tuple[str, str]]:
    """Return the kinds of which the API may make a source, with their labels."""
    return [(name, label) for name, label in choices() if of(name).is_made_by_api]


def handle_attributes() -> list[str]:
    """Return the attributes of contacts that hold a public name."""
    return [kind.handle_attribute for kind in _kinds.values() if kind.handle_attribute]


def badges() -> list[str]:
    """Return the stylesheets of all badges, as static files."""
    return [kind.badge for kind in _kinds.values() if kind.badge]
