"""The socket of the widget; ``config.asgi`` finds it."""

from typing import Any

from django.urls import path

from conversations.sources.widget.consumers import VisitorConsumer

# Django's path() is typed for views; channels' router calls ASGI applications by it.
visitor: Any = VisitorConsumer.as_asgi()

websocket_urlpatterns = [path("ws/v1/visitor/", visitor)]
