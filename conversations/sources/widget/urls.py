"""Paths of the widget."""

from django.urls import path

from conversations.sources.widget import api, views

app_name = "widget"

ONE = "widget/<slug:key>/conversations/<uuid:id>/"

urlpatterns = [
    path("widget.js", views.loader, name="loader"),
    path("widget/demo/", views.demo, name="demo"),
    path("widget/<slug:key>/", views.frame, name="frame"),
    path("widget/<slug:key>/accent.css", views.accent, name="accent"),
    path("widget/<slug:key>/session", api.SessionView.as_view(), name="session"),
    path("widget/<slug:key>/conversations", api.ConversationsView.as_view(), name="conversations"),
    path(f"{ONE}messages", api.MessagesView.as_view(), name="messages"),
    path(f"{ONE}attachments", api.AttachmentsView.as_view(), name="attachments"),
    path(f"{ONE}escalate", api.EscalateView.as_view(), name="escalate"),
    path(f"{ONE}withdraw", api.WithdrawView.as_view(), name="withdraw"),
    path(f"{ONE}runs/<uuid:run>/cancel", api.CancelView.as_view(), name="cancel"),
    path(f"{ONE}end", api.EndView.as_view(), name="end"),
]
