"""The notifications in the bell's menu, on every page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from channels_layer.pages import StaffView
from handoff import notifications

NEWEST = 8


class NotificationsView(StaffView):
    """``/navigation/notifications/``: the person's newest notifications, for the bell's menu."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Render them; ``X-Unread`` is the number of all unread ones."""
        user = self.actor.user
        context = {"items": notifications.notifications(user)[:NEWEST]}
        response = render(request, "handoff/_bell_items.html", context)
        response["X-Unread"] = str(notifications.unread_count(user.pk))
        return response
