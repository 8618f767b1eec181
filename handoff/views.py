"""What one sees of one's notifications, on every page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from channels_layer.pages import StaffView
from handoff import notifications

NEWEST = 8


class NotificationsView(StaffView):
    """``/navigation/notifications/``: the newest of what one was told, for the bell's menu."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer them; ``X-Unread`` says how much is unread in all."""
        user = self.actor.user
        context = {"items": notifications.notifications(user)[:NEWEST]}
        response = render(request, "handoff/_bell_items.html", context)
        response["X-Unread"] = str(notifications.unread_count(user.pk))
        return response
