"""The site of the administration: the theme's, with a word to who may not enter."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from unfold.sites import UnfoldAdminSite

from config import administration


class AdministrationSite(UnfoldAdminSite):  # type: ignore[misc]
    """Asks strangers to sign in and refuses, by name, a person who has and may not administer."""

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the form, or for who is signed in without the right why nothing opens."""
        if request.user.is_authenticated and not self.has_permission(request):
            return render(request, "config/not_administrator.html", status=403)
        response: HttpResponse = super().login(request, extra_context)
        return response

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the front page: tables stand there by what one wants to do, not by app."""
        del request, app_label, extra_context
        return redirect("admin:index")

    def _build_app_dict(self, request: HttpRequest, label: str | None = None) -> Any:
        """Return the tables by the groups of the navigation, also for the search in it."""
        return administration.grouped(super()._build_app_dict(request, label))
