"""The kinds of notifications, which the apps above register: whom each concerns, what it says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from channels_layer.registry import Registry
from handoff.models import PendingNotification


@dataclass(frozen=True, kw_only=True)
class PreparedNotification:
    """Whom a notification concerns, by the ids of users, what it says, and the page it opens."""

    recipients: Sequence[int]
    title: str
    text: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class NotificationKind:
    """A kind of notification, such as ``conversation.message``.

    ``prepare(pending)`` returns None when it concerns nobody any more, as when what it is about
    was deleted. With ``gathers`` it is added to the count of an unread one of the same kind and
    subject.
    """

    name: str
    label: str | Promise
    prepare: Callable[[PendingNotification], PreparedNotification | None]
    gathers: bool = False


_kinds: Registry[str, NotificationKind] = Registry("kind of notification")


def register(*kinds: NotificationKind) -> None:
    """Make kinds known; a second one of the same name is an error."""
    for kind in kinds:
        _kinds.register(kind.name, kind)


def get(name: str) -> NotificationKind:
    """Return a registered kind.

    :raises NotRegisteredError: there is none of this name.
    """
    return _kinds[name]


def names() -> list[str]:
    """List the names of all kinds, in order."""
    return sorted(_kinds)


def label_of(name: str) -> str:
    """Return a kind's name for people; that of an unknown kind is its own."""
    return str(_kinds[name].label) if name in _kinds else name
