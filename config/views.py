"""Pages and fragments of the frame."""

from typing import Any

from django.contrib.auth import views as auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from channels_layer.pages import StaffView
from channels_layer.transport import broadcast


class LogoutView(auth.LogoutView):
    """``/logout/``: end the session and the sockets that it opened."""

    def post(self, request: HttpRequest, *args: str, **kwargs: Any) -> HttpResponse:
        """Sign out."""
        user = request.user.pk
        response = super().post(request, *args, **kwargs)
        if user is not None:
            broadcast.revoke(f"user:{user}")
        return response


class NavigationView(StaffView):
    """``/navigation/``: the parts of the navigation that change, to be swapped by their name."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer the items with their counts, and the recent chats."""
        return render(request, "config/_navigation_parts.html")
