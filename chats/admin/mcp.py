"""MCP servers and their tools, for administrators: checked, read, accepted, tried."""

from typing import Any
from uuid import UUID

import orjson
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from channels_layer import formats, sentences
from channels_layer.admin import DeletableAdmin, LastingAdmin, actor_of
from channels_layer.errors import DomainError
from chats.admin.mcp_forms import McpServerForm, TrialForm
from chats.admin.mcp_versions import rows_of, versions_of
from chats.models import McpServer, McpTool
from chats.services import mcp


@admin.register(McpServer)
class McpServerAdmin(DeletableAdmin):
    """Servers of tools; each is asked for its tools when it is saved."""

    form = McpServerForm
    list_display = ("name", "url", "state", "usable", "waiting", "checked_at", "is_active")
    list_filter = ("state", "is_active")
    search_fields = ("name", "url")
    ordering = ("name", "id")
    fieldsets = ((None, {"fields": ("name", "prefix", "url", "seconds", "is_active")}),)
    change_form_outer_after_template = "admin/_mcp_server.html"

    def get_readonly_fields(
        self, request: HttpRequest, obj: McpServer | None = None
    ) -> tuple[str, ...]:
        """Return the prefix of a server that is there: assistants know its tools by it."""
        del request
        return ("prefix",) if obj else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[McpServer]:
        """Count the tools of each server along."""
        states = McpTool.State
        rows: QuerySet[McpServer] = super().get_queryset(request)
        return rows.annotate(
            usable_count=Count("tools", filter=Q(tools__state=states.ACCEPTED)),
            waiting_count=Count("tools", filter=~Q(tools__state=states.ACCEPTED)),
        )

    @admin.display(description=_("Accepted tools"))
    def usable(self, server: McpServer) -> str:
        """Return how many tools are accepted."""
        return formats.number(getattr(server, "usable_count", 0))

    @admin.display(description=_("Waiting for you"))
    def waiting(self, server: McpServer) -> str:
        """Return how many tools are new, changed or gone."""
        return formats.number(getattr(server, "waiting_count", 0))

    def get_urls(self) -> list[URLPattern]:
        """Add what is done with a server."""
        view = self.admin_site.admin_view
        own = [
            path("<uuid:pk>/check/", view(require_POST(self.check_now)), name="mcp_check"),
            path("<uuid:pk>/accept/", view(require_POST(self.accept_all)), name="mcp_accept_all"),
        ]
        return [*own, *super().get_urls()]

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save a server; then, outside of the transaction, ask it for its tools."""
        return self._asked(request, super().add_view(request, *args, **kwargs))

    def change_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save a server; ask it again where its address changed."""
        return self._asked(request, super().change_view(request, *args, **kwargs))

    def save_model(self, request: HttpRequest, obj: McpServer, form: Any, change: Any) -> None:
        """Save the row, and note that the server is to be asked."""
        super().save_model(request, obj, form, change)
        if not change or "url" in form.changed_data:
            request.mcp_server = obj  # type: ignore[attr-defined]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the server's tools below its form."""
        server: McpServer | None = kwargs.get("obj")
        if server is not None:
            context["server"] = server
            context["server_error"] = sentences.translated(server.error)
            context["tools"] = rows_of(server)
            context["waiting"] = [row for row in context["tools"] if row.can_be_accepted]
            context["refused"] = [
                {"name": one["name"], "why": sentences.translated(one["why"])}
                for one in server.refused
            ]
        return super().render_change_form(request, context, *args, **kwargs)

    def check_now(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Ask the server for its tools."""
        server = _found(self, request, pk)
        self._check(request, server)
        return _back(server)

    def accept_all(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Accept the tools that were shown, each as it was shown."""
        server = _found(self, request, pk)
        number = 0
        for tool in server.tools.order_by("full_name"):
            if seen := request.POST.get(f"seen-{tool.pk}"):
                number += _accepted(self, request, tool, seen)
        if number:
            text = ngettext("Accepted: %(number)d tool.", "Accepted: %(number)d tools.", number)
            self.message_user(request, text % {"number": number})
        return _back(server)

    def _asked(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        server: McpServer | None = getattr(request, "mcp_server", None)
        if server is None:
            return response
        self._check(request, server)
        return _back(server)

    def _check(self, request: HttpRequest, server: McpServer) -> None:
        checked = mcp.check(server=server, at=timezone.now())
        if checked.error:
            self.message_user(request, sentences.translated(checked.error), messages.ERROR)
            return
        number = checked.tools.count()
        text = ngettext(
            "The server answered: it has %(number)d tool.",
            "The server answered: it has %(number)d tools.",
            number,
        )
        self.message_user(request, text % {"number": number})


@admin.register(McpTool)
class McpToolAdmin(LastingAdmin):
    """Tools of servers: what the server says of them, and how they may be used."""

    list_display = ("title", "full_name", "server", "state", "effect", "approval", "is_enabled")
    list_filter = ("state", "server", "effect")
    list_select_related = ("server",)
    search_fields = ("title", "full_name", "description")
    ordering = ("full_name", "id")
    fieldsets = (
        (None, {"fields": ("server", "full_name", "state", "is_enabled")}),
        (_("What it does and who decides"), {"fields": ("effect", "approval", "role", "summary")}),
        (_("Acceptance"), {"fields": ("accepted_at", "accepted_by")}),
    )
    readonly_fields = ("server", "full_name", "state", "accepted_at", "accepted_by")
    change_form_outer_before_template = "admin/_mcp_tool.html"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return false: servers say what there is."""
        del request, obj
        return False

    def get_urls(self) -> list[URLPattern]:
        """Add what is done with a tool."""
        view = self.admin_site.admin_view
        own = [
            path("<uuid:pk>/accept/", view(require_POST(self.accept)), name="mcp_accept"),
            path("<uuid:pk>/switch/", view(require_POST(self.switch)), name="mcp_switch"),
            path("<uuid:pk>/forget/", view(require_POST(self.forget)), name="mcp_forget"),
            path("<uuid:pk>/try/", view(self.trial), name="mcp_try"),
        ]
        return [*own, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show above the form what the server says, and what was accepted where that differs."""
        tool: McpTool | None = kwargs.get("obj")
        if tool is not None:
            context["tool"] = tool
            context["versions"] = versions_of(tool)
        return super().render_change_form(request, context, *args, **kwargs)

    def accept(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Accept a tool as it was shown."""
        tool = _found(self, request, pk)
        if _accepted(self, request, tool, request.POST.get("seen", "")):
            self.message_user(request, gettext("Accepted: %(tool)s.") % {"tool": tool.title})
        return _back(tool.server)

    def switch(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Switch a tool on or off for all assistants."""
        tool = _found(self, request, pk)
        tool.is_enabled = request.POST.get("on") == "yes"
        tool.save(update_fields=["is_enabled"])
        said = gettext("Switched on.") if tool.is_enabled else gettext("Switched off.")
        self.log_change(request, tool, said)
        self.message_user(request, f"{tool.title}: {said}")
        return _back(tool.server)

    def forget(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Remove a tool that its server no longer has."""
        tool = _found(self, request, pk)
        try:
            mcp.forget(tool=tool, at=timezone.now())
        except DomainError as refusal:
            self.message_user(request, refusal.detail, messages.ERROR)
        else:
            self.message_user(request, gettext("Removed: %(tool)s.") % {"tool": tool.title})
        return _back(tool.server)

    def trial(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Show a form of a tool's arguments; sent, it calls the tool and shows the result."""
        tool = _found(self, request, pk)
        form = TrialForm(tool.found["parameters"], request.POST or None)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Try %(tool)s") % {"tool": tool.title},
            "tool": tool,
            "form": form,
        }
        if request.method == "POST" and form.is_valid():
            self.log_change(request, tool, gettext("Tried."))
            context["trial"] = trial = mcp.trial(tool=tool, arguments=form.cleaned_data)
            context["result"] = orjson.dumps(trial.result, option=orjson.OPT_INDENT_2).decode()
        return TemplateResponse(request, "admin/mcp_trial.html", context)


def _found(site: Any, request: HttpRequest, pk: UUID) -> Any:
    """Return the row that an act is about, for those who may change it."""
    row = site.model.objects.filter(pk=pk).first()
    if not site.has_change_permission(request, row):
        raise PermissionDenied
    if row is None:
        raise Http404
    return row


def _accepted(site: Any, request: HttpRequest, tool: McpTool, seen: str) -> bool:
    """Accept a tool; say why where that is refused."""
    try:
        mcp.accept(tool=tool, seen=seen, by=actor_of(request), at=timezone.now())
    except DomainError as refusal:
        site.message_user(request, f"{tool.title}: {refusal.detail}", messages.ERROR)
        return False
    site.log_change(request, tool, gettext("Accepted."))
    return True


def _back(server: McpServer) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:chats_mcpserver_change", args=[server.pk]))
