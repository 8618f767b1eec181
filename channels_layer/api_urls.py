"""Paths below ``/api/v1/``; this app's come last, so that the rest is answered in JSON, too."""

from django.urls import path, re_path

from channels_layer.api import EventsView, UnknownView

urlpatterns = [
    path("events/", EventsView.as_view(), name="events"),
    re_path(r"", UnknownView.as_view(), name="unknown"),
]
