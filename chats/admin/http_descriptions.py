"""“Add from OpenAPI”: a description is read, its calls are shown, and those ticked become tools."""

from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlsplit

from asgiref.sync import async_to_sync
from django import forms
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextInputWidget

from channels_layer import outgoing
from channels_layer.errors import DomainError
from chats.models import url_templates
from chats.services import http_tools
from chats.tools.http.openapi import DescriptionError, Document, Operation, operations_of
from chats.tools.http.openapi.document import LARGEST

KEPT_SECONDS = 3600
FETCH_SECONDS = 30.0
MOST_ADDED = 50
"""Tools that are made at once: a model cannot choose well among more."""


class DescriptionForm(forms.Form):
    """Where a description is found."""

    address = forms.CharField(
        label=gettext_lazy("Address"),
        required=False,
        max_length=1000,
        widget=UnfoldAdminTextInputWidget(
            attrs={"placeholder": "https://shop.example/openapi.json"}
        ),
        help_text=gettext_lazy("Of an OpenAPI 3 description, JSON or YAML."),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file"), required=False, widget=UnfoldAdminFileFieldWidget
    )
    server = forms.CharField(
        label=gettext_lazy("Server"),
        required=False,
        max_length=300,
        validators=[url_templates.validate],
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "https://api.shop.example/v1"}),
        help_text=gettext_lazy("Empty: the server that the description names."),
    )

    def clean(self) -> dict[str, Any]:
        """Require an address or a file, not both."""
        data: dict[str, Any] = super().clean() or {}
        if bool(data.get("address")) == bool(data.get("file")) and not self.errors:
            raise forms.ValidationError(_("Enter an address or choose a file."))
        return data


@dataclass(frozen=True)
class Described:
    """A description that was read: whose it is, and its operations."""

    name: str
    operations: list[Operation]

    @property
    def usable(self) -> list[Operation]:
        """The operations that can become tools."""
        return [one for one in self.operations if not one.obstacle]

    @property
    def unusable(self) -> list[Operation]:
        """The operations that cannot."""
        return [one for one in self.operations if one.obstacle]


class DescriptionPages:
    """The two pages on which tools are made of a description."""

    @action(description=gettext_lazy("Add from OpenAPI"), url_path="openapi", permissions=["add"])
    def add_from_openapi(self: Any, request: HttpRequest) -> HttpResponse:
        """Ask for a description; show its operations; make tools of those that are ticked."""
        key = request.POST.get("described", "")
        if request.method == "POST" and key:
            return _chosen(self, request, key)
        form = DescriptionForm(request.POST or None, request.FILES or None)
        context: dict[str, Any] = {"form": form}
        if form.is_bound and form.is_valid():
            try:
                described = _described(form.cleaned_data)
            except DomainError as refusal:
                form.add_error(None, str(refusal.detail))
            else:
                context |= {"key": _kept(described), "described": described}
        return _page(self, request, context)


def _chosen(admin: Any, request: HttpRequest, key: str) -> HttpResponse:
    """Make tools of the operations that were ticked, and lead to the list."""
    described = cache.get(_place(key))
    if described is None:
        form = DescriptionForm({})
        form.is_valid()
        form.errors.clear()
        form.add_error(None, _("The description was kept for an hour. Give it once more."))
        return _page(admin, request, {"form": form})
    wanted = set(request.POST.getlist("operation"))
    chosen = [one for one in described.usable if one.key in wanted]
    context = {"form": DescriptionForm(), "key": key, "described": described, "wanted": wanted}
    if not 0 < len(chosen) <= MOST_ADDED:
        reason = _("Tick at least one call, and at most %(most)d.") % {"most": MOST_ADDED}
        return _page(admin, request, {**context, "refusal": reason})
    try:
        made = http_tools.add(operations=chosen)
    except DomainError as refusal:
        return _page(admin, request, {**context, "refusal": str(refusal.detail)})
    for tool in made:
        admin.log_addition(request, tool, [{"added": {}}])
    text = ngettext(
        "%(number)d tool was added. Try it, then give it to an assistant.",
        "%(number)d tools were added. Try them, then give them to an assistant.",
        len(made),
    )
    admin.message_user(request, text % {"number": len(made)})
    return HttpResponseRedirect(reverse("admin:chats_httptool_changelist"))


def _page(admin: Any, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    whole = {
        **admin.admin_site.each_context(request),
        "title": _("Add from OpenAPI"),
        "opts": admin.opts,
        **context,
    }
    return TemplateResponse(request, "admin/http_description.html", whole)


def _described(data: dict[str, Any]) -> Described:
    """Read the description that the form names.

    :raises DescriptionError: it cannot be had, or cannot be used.
    """
    address, file = data["address"], data["file"]
    if file is not None and file.size > LARGEST:
        size = {"most": LARGEST // 1024 // 1024}
        raise DescriptionError(_("The description is longer than %(most)d MB.") % size)
    content = file.read() if file is not None else async_to_sync(_fetched)(address)
    document = Document.read(content)
    operations = operations_of(document, address=address, server=data["server"])
    title = document.title or (file.name if file is not None else urlsplit(address).hostname)
    return Described(str(title), operations)


async def _fetched(address: str) -> bytes:
    try:
        fetched = await outgoing.fetch("GET", address, seconds=FETCH_SECONDS, most_bytes=LARGEST)
    except outgoing.OutgoingError as error:
        raise DescriptionError(str(error.detail)) from None
    if fetched.status != 200:  # noqa: PLR2004 - the one status that brings a description
        reason = _("The server answered %(status)d. Open the address in a browser and look there.")
        raise DescriptionError(reason % {"status": fetched.status})
    return fetched.body


def _kept(described: Described) -> str:
    key = token_urlsafe(16)
    cache.set(_place(key), described, KEPT_SECONDS)
    return key


def _place(key: str) -> str:
    return f"openapi:{key[:40]}"
