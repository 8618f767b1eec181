"""Which socket answers which path; ``config.asgi`` includes it."""

from django.urls import path

from channels_layer.consumers import StaffSocket

websocket_urlpatterns = [
    path("ws/v1/", StaffSocket.as_asgi()),  # type: ignore[arg-type]  # an ASGI application
]
