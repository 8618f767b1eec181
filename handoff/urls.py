"""Paths of the fragments."""

from django.urls import path

from handoff import views

urlpatterns = [
    path("navigation/notifications/", views.NotificationsView.as_view(), name="notifications"),
]
