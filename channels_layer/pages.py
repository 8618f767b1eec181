"""The base of every staff page: who the reader is, and how others are refused."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.generic import View

from channels_layer.access import actors
from channels_layer.access.actors import Staff
from channels_layer.errors import InvalidError, NotFoundError

UNAUTHENTICATED = 401
NOT_FOUND = 404


class StaffView(View):
    """A page or fragment for staff; ``actor`` is the reader.

    Strangers are sent to sign in, a fragment answers them 401; people without a role get 403.
    """

    permission = "staff"
    actor: Staff

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Set the actor, or refuse the request, before the view runs."""
        if not request.user.is_authenticated:
            if is_fragment(request):
                return HttpResponse(status=UNAUTHENTICATED)
            return redirect_to_login(request.get_full_path())
        actor = actors.for_user(request.user)
        if actor is None:
            raise PermissionDenied
        self.actor = actor
        request.actor = actor  # type: ignore[attr-defined]
        try:
            return super().dispatch(request, *args, **kwargs)
        except NotFoundError:
            return render(request, "404.html", {"request_path": request.path}, status=NOT_FOUND)
        except InvalidError as error:
            return _refused(request, error)


def _refused(request: HttpRequest, error: InvalidError) -> HttpResponse:
    """Answer a person by a page, a script by the sentence alone."""
    if is_fragment(request):
        return HttpResponseBadRequest(error.detail)
    return render(request, "400.html", {"detail": error.detail}, status=error.status)


def is_fragment(request: HttpRequest) -> bool:
    """Return whether a script requests a part of the page, rather than a person all of it."""
    return request.headers.get("X-Requested-With") == "fetch"


def is_mirrored(request: HttpRequest) -> bool:
    """Return whether this person wants the customer on the right."""
    return request.COOKIES.get("bubbles") == "mirrored"
