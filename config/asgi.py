"""The ASGI application: HTTP through Django, WebSockets through Channels; for any ASGI server."""

import os
from importlib import import_module
from typing import Any

import django
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import re_path

from config import env, sources
from config.edge.bodies import Capped
from config.edge.forwarded import Forwarded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", env.settings_module())
django.setup(set_prefix=False)

# What follows imports models, which are there only from here on.
from channels_layer.routing import websocket_urlpatterns as staff  # noqa: E402
from config.edge.handler import Handler  # noqa: E402
from config.edge.hosts import Named  # noqa: E402

of_sources = [
    pattern
    for source in sources.having("routing")
    for pattern in import_module(f"{source}.routing").websocket_urlpatterns
]


async def refuse(_scope: Any, _receive: Any, send: Any) -> None:
    """Refuse a WebSocket at an address that does not exist."""
    await send({"type": "websocket.close"})


# Django's re_path() is typed for views; channels' router calls ASGI applications by it.
nowhere: Any = refuse
http: Any = Handler()
sockets = URLRouter([*staff, *of_sources, re_path(r"", nowhere)])
router = ProtocolTypeRouter({"http": Capped(http), "websocket": sockets})
application = Forwarded(Named(router), env.current().trusted_proxies)
