"""Paths below ``/api/v1/``."""

from django.urls import path

from conversations.sources.whatsapp import api

urlpatterns = [
    path(
        "conversations/<uuid:id>/templates/",
        api.TemplatesView.as_view(),
        name="api-conversation-templates",
    ),
    path("senders/", api.SendersView.as_view(), name="api-senders"),
    path("senders/<uuid:id>/sync/", api.SyncView.as_view(), name="api-sender-sync"),
]
