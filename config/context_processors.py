"""The content of every page's frame: the person and the navigation."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext as _

from channels_layer.access import actors
from channels_layer.access.actors import Staff
from chats import roles
from chats.selectors import approvals
from chats.selectors.sessions import with_unread
from config import __version__
from conversations import source_kinds
from conversations.selectors import conversations as selectors
from handoff.models import Agent, Notification

RECENT = 3


class Shell:
    """The signed-in person and the navigation, read from the database only when shown."""

    is_demo_model = settings.IS_DEMO_MODEL
    version = __version__

    def __init__(self, request: HttpRequest) -> None:
        """Keep the request; ``path`` in the query is the page that a fragment is for."""
        self._request = request

    @cached_property
    def actor(self) -> Staff | None:
        """The person behind the request, if staff."""
        known: Staff | None = getattr(self._request, "actor", None)
        user = getattr(self._request, "user", None)
        return known or (actors.for_user(user) if user is not None else None)

    @cached_property
    def agent(self) -> Agent | None:
        """Presence and capacity of that person."""
        return self.actor.user.agent if self.actor else None

    @property
    def name(self) -> str:
        """The person's name."""
        return self.actor.name if self.actor else ""

    @property
    def is_administrator(self) -> bool:
        """Whether the link to the administration leads anywhere."""
        return bool(self.actor and self.actor.user.is_staff)

    @property
    def is_supervisor(self) -> bool:
        """Whether pages for supervisors and administrators open."""
        return bool(self.actor and self.actor.is_supervisor)

    @property
    def role_word(self) -> str:
        """The person's role, in words."""
        return self.agent.get_role_display() if self.agent else ""

    @property
    def presence(self) -> str:
        """The person's presence once this page is open; no event of it reaches the page itself."""
        return self.agent.presence_while_here if self.agent else ""

    @property
    def presence_word(self) -> str:
        """The person's presence, in words."""
        return str(Agent.Presence(self.presence).label) if self.agent else ""

    @property
    def presences(self) -> list[tuple[str, str]]:
        """Every presence that one can choose."""
        return [(value, str(label)) for value, label in Agent.Presence.choices]

    @property
    def is_mirrored(self) -> bool:
        """Whether this person wants the customer on the right."""
        return self._request.COOKIES.get("bubbles") == "mirrored"

    @property
    def place(self) -> str:
        """The first part of the page's path: which item of the navigation is the current one."""
        path = self._request.GET.get("path") or self._request.path
        return path.strip("/").partition("/")[0]

    @property
    def source_badges(self) -> list[str]:
        """The stylesheets that colour the badges of sources."""
        return source_kinds.badges()

    @property
    def waiting_count(self) -> int:
        """How many conversations wait for a person."""
        return self._counts["waiting"]

    @property
    def approval_count(self) -> int:
        """How many calls of tools wait for a decision that this person may make."""
        return self._counts["approvals"]

    @property
    def decides(self) -> str:
        """The roles that calls may require for this person to decide on them."""
        return " ".join(roles.decided_by(self.actor)) if self.actor else ""

    @property
    def unread_count(self) -> int:
        """How many notifications this person has not read."""
        return self._counts["unread"]

    @cached_property
    def _counts(self) -> dict[str, int]:
        """All counters in one query, since every page shows them."""
        if self.actor is None:
            return {"waiting": 0, "unread": 0, "approvals": 0}
        waiting = selectors.waiting().order_by().values("control")
        pending = approvals.waiting_for(self.actor).order_by().values("status")
        unread = Notification.objects.unread().filter(user=OuterRef("user")).values("user")
        rows = Agent.objects.filter(user=self.actor.user).values(
            waiting=Coalesce(Subquery(waiting.values(total=Count("pk"))), 0),
            unread=Coalesce(Subquery(unread.values(total=Count("pk"))), 0),
            approvals=Coalesce(Subquery(pending.values(total=Count("pk"))), 0),
        )
        row = rows.get()
        return {name: row[name] for name in ("waiting", "unread", "approvals")}

    @cached_property
    def _chats(self) -> list[dict[str, Any]]:
        if self.actor is None:
            return []
        fields = ("id", "title", "assistant_id", "assistant__name")
        return list(with_unread(selectors.chats(self.actor), self.actor, *fields)[: RECENT + 1])

    @property
    def recents(self) -> list[dict[str, Any]]:
        """The newest chats of this person."""
        return [
            {
                "id": row["id"],
                "title": row["title"] or _("New chat"),
                "assistant_id": row["assistant_id"],
                "assistant_name": row["assistant__name"],
                "is_unread": bool(row["unread"])
                and str(row["id"]) != self._request.GET.get("reading"),
            }
            for row in self._chats[:RECENT]
        ]

    @property
    def has_more_chats(self) -> bool:
        """Whether there are more chats than the navigation shows."""
        return len(self._chats) > RECENT


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Return the frame's content for every template."""
    return {"shell": Shell(request)}
