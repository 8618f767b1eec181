"""Servers of the Model Context Protocol, and the tools that administrators accepted of them."""

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from channels_layer.ids import new_id
from handoff.models import Agent

LONGEST_NAME = 64
"""What servers of models take for the name of a tool."""
LONGEST_WAIT = 25
"""Seconds; less than any call of a tool may take."""
USUAL_WAIT = 15


class PrefixValidator(RegexValidator):
    """Refuses what names of tools cannot begin with."""

    regex = r"\A[a-z][a-z0-9]{0,19}\Z"
    message = _("Write a letter, then letters and digits only, such as shop.")


class McpServer(models.Model):
    """A server whose tools assistants may use, once an administrator has accepted them."""

    class State(models.TextChoices):
        """How the last check ended."""

        NEVER = "never", _("Not yet checked")
        CONNECTED = "connected", _("Connected")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(
        _("name"), max_length=80, unique=True, help_text=_("What people read, such as Shop.")
    )
    prefix = models.CharField(
        _("prefix"),
        max_length=20,
        unique=True,
        validators=[PrefixValidator()],
        help_text=_("What the names of its tools begin with, such as shop. It stays."),
    )
    url = models.CharField(
        _("address"),
        max_length=1000,
        help_text=_("Where it speaks streamable HTTP, such as https://shop.example/mcp."),
    )
    seconds = models.PositiveSmallIntegerField(
        _("timeout"),
        default=USUAL_WAIT,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_WAIT)],
        help_text=_("Seconds until a call or a check is given up."),
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("No assistant uses the tools of one that is not.")
    )
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.NEVER)
    error = models.CharField(_("error"), max_length=600, blank=True)
    refused = models.JSONField(
        _("refused"),
        default=list,
        blank=True,
        help_text=_("Tools that the server lists and that cannot be used, with the reasons."),
    )
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("MCP server")
        verbose_name_plural = _("MCP servers")

    def __str__(self) -> str:
        return self.name

    @property
    def topic(self) -> str:
        """What notifications are about."""
        return f"mcp_server:{self.pk}"


class McpTool(models.Model):
    """A tool as a server described it when an administrator accepted it, and as it does now."""

    class State(models.TextChoices):
        """Whether it is what was accepted."""

        NEW = "new", _("New: not yet accepted")
        ACCEPTED = "accepted", _("Accepted")
        CHANGED = "changed", _("Changed since it was accepted")
        MISSING = "missing", _("No longer there")

    class Effect(models.TextChoices):
        """Whether calling it changes something."""

        READING = "reading", _("Reads: calling it twice does no harm")
        WRITING = "writing", _("Writes: it changes something")

    class Approval(models.TextChoices):
        """Whether a person decides on each call."""

        NEVER = "never", _("Never")
        ALWAYS = "always", _("Always")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    server = models.ForeignKey(
        McpServer, verbose_name=_("MCP server"), on_delete=models.CASCADE, related_name="tools"
    )
    name = models.CharField(_("name"), max_length=128, help_text=_("As the server says it."))
    full_name = models.CharField(
        _("full name"), max_length=LONGEST_NAME, unique=True, help_text=_("What models call it.")
    )
    title = models.CharField(_("title"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    parameters = models.JSONField(
        _("parameters"), default=dict, help_text=_("The JSON schema of its arguments.")
    )
    schema_hash = models.CharField(
        _("pinned hash"),
        max_length=64,
        blank=True,
        help_text=_("Of name, description and schema as they were accepted."),
    )
    found = models.JSONField(
        _("found"), default=dict, help_text=_("How the server described it at the last check.")
    )
    found_hash = models.CharField(_("found hash"), max_length=64)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.NEW)
    is_enabled = models.BooleanField(
        _("switched on"), default=True, help_text=_("Off: no assistant may use it.")
    )
    effect = models.CharField(_("effect"), max_length=7, choices=Effect, default=Effect.WRITING)
    approval = models.CharField(
        _("approval"),
        max_length=6,
        choices=Approval,
        default=Approval.ALWAYS,
        help_text=_("Whether a person decides on each call before it is made."),
    )
    role = models.CharField(
        _("who approves"), max_length=16, choices=Agent.Role, default=Agent.Role.AGENT
    )
    summary = models.CharField(
        _("in plain words"),
        max_length=300,
        blank=True,
        help_text=_("What will happen, for who approves: Refund {amount} € for {order_number}."),
    )
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    accepted_by = models.CharField(_("accepted by"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("tool of an MCP server")
        verbose_name_plural = _("tools of MCP servers")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["server", "name"], name="mcp_tool_once_per_server"),
            models.CheckConstraint(
                condition=models.Q(schema_hash="") | ~models.Q(state="new"),
                name="mcp_tool_new_is_not_pinned",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="accepted")
                | models.Q(schema_hash=models.F("found_hash")) & ~models.Q(schema_hash=""),
                name="mcp_tool_accepted_is_as_pinned",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_usable(self) -> bool:
        """Whether assistants may use it now; the server has to be loaded with it."""
        is_accepted = self.state == self.State.ACCEPTED
        return is_accepted and self.is_enabled and self.server.is_active

    @property
    def was_accepted(self) -> bool:
        """Whether an administrator has ever accepted it."""
        return bool(self.schema_hash)

    def take(self, found: dict[str, Any]) -> None:
        """Make what the server says what holds; the caller saves it."""
        self.title, self.description = found["title"], found["description"]
        self.parameters = found["parameters"]
