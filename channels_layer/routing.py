"""Which consumer answers which path; ``config.asgi`` includes it."""

from typing import Any

from channels.sessions import CookieMiddleware
from django.urls import path

from channels_layer.consumers import StaffConsumer

# The session is read anew at each check of the rights, so its middleware would read it for nothing.
# Django's path() is typed for views; channels' router calls ASGI applications by it.
staff: Any = CookieMiddleware(StaffConsumer.as_asgi())

websocket_urlpatterns = [path("ws/v1/", staff)]
