"""Paths below ``/api/v1/``."""

from django.urls import path

from handoff import api

urlpatterns = [
    path("agents/", api.AgentsView.as_view(), name="api-agents"),
    path("agents/me", api.OwnAgentView.as_view(), name="api-own-agent"),
    path("agents/<int:id>/", api.AgentView.as_view(), name="api-agent"),
    path("notifications/", api.NotificationsView.as_view(), name="api-notifications"),
    path("notifications/read", api.NotificationsReadView.as_view(), name="api-notifications-read"),
    path(
        "notifications/<uuid:id>/read",
        api.NotificationReadView.as_view(),
        name="api-notification-read",
    ),
]
