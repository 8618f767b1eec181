"""Pages and fragments of the frame."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from conversations.views.base import StaffView
from handoff import notifications

NEWEST = 8


class NavigationView(StaffView):
    """``/navigation/``: the parts of the navigation that change, to be swapped by their name."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer the items with their counts, and the recent chats."""
        return render(request, "config/_navigation_parts.html")


class NotificationsView(StaffView):
    """``/navigation/notifications/``: the newest of what one was told, for the bell's menu."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer them; ``X-Unread`` says how much is unread in all."""
        user = self.actor.user
        context = {"items": notifications.notifications(user)[:NEWEST]}
        response = render(request, "config/_bell_items.html", context)
        response["X-Unread"] = str(notifications.unread_count(user.pk))
        return response
