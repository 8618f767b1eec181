"""Tools that administrators make of HTTP calls, and the fields of their arguments."""

import re
from typing import ClassVar
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from channels_layer.ids import new_id
from chats.models import hosts, url_templates
from chats.models.header_secret import validate_header_name
from handoff.models import Agent

LONGEST_NAME = 64
LONGEST_URL = 1000
LONGEST_WAIT = 120
"""Seconds."""
USUAL_WAIT = 15
MOST_PATHS = 50
SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization"})
"""Headers that are secrets, and no fields."""
_PATH = re.compile(r"\A[^.\s]+(\.[^.\s]+)*\Z")


class ToolNameValidator(RegexValidator):
    """Refuses what models cannot call a tool."""

    regex = r"\A[A-Za-z][A-Za-z0-9_-]*\Z"
    message = _("Write a letter, then letters, digits, _ and - only, such as look_up_order.")


class FieldNameValidator(RegexValidator):
    """Refuses what models cannot call an argument."""

    regex = r"\A[A-Za-z_][A-Za-z0-9_]*\Z"
    message = _("Write a letter, then letters, digits and _ only, such as order_number.")


def lines(text: str) -> list[str]:
    """Return the lines that say something, each once."""
    return list(dict.fromkeys(filter(None, (line.strip() for line in text.splitlines()))))


def validate_paths(value: str) -> None:
    """Refuse anything but one dotted path a line."""
    paths = lines(value)
    if len(paths) > MOST_PATHS:
        most = {"most": MOST_PATHS}
        raise ValidationError(gettext("At most %(most)d lines."), params=most)
    for path in paths:
        if not _PATH.match(path):
            raise ValidationError(
                gettext("“%(path)s” is no path. Write names with dots between, as order.total."),
                params={"path": path},
            )


class HttpTool(models.Model):
    """One call of another system, described so that a model can use it."""

    class Method(models.TextChoices):
        """How the other system is asked."""

        GET = "GET", "GET"
        POST = "POST", "POST"
        PUT = "PUT", "PUT"
        PATCH = "PATCH", "PATCH"
        DELETE = "DELETE", "DELETE"

    class BodyFormat(models.TextChoices):
        """How the fields of the body are written."""

        JSON = "json", _("JSON")
        FORM = "form", _("Form")

    class Effect(models.TextChoices):
        """Whether calling it changes something."""

        READING = "reading", _("Reads: calling it twice does no harm")
        WRITING = "writing", _("Writes: it changes something")

    class Approval(models.TextChoices):
        """Whether a person decides on each call."""

        NEVER = "never", _("Never")
        ALWAYS = "always", _("Always")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(
        _("name"),
        max_length=LONGEST_NAME,
        unique=True,
        validators=[ToolNameValidator()],
        help_text=_("What the model calls it, such as look_up_order. It stays."),
    )
    title = models.CharField(
        _("title"), max_length=120, help_text=_("What people read, such as Look up an order.")
    )
    description = models.TextField(
        _("description"),
        max_length=2000,
        help_text=_("Tells the model what it does and when to use it."),
    )
    method = models.CharField(_("method"), max_length=6, choices=Method, default=Method.GET)
    url = models.CharField(
        _("address"),
        max_length=LONGEST_URL,
        validators=[url_templates.validate],
        help_text=_("Fields stand in braces: https://shop.example/orders/{order_number}."),
    )
    body_format = models.CharField(
        _("body"), max_length=4, choices=BodyFormat, default=BodyFormat.JSON
    )
    timeout = models.PositiveSmallIntegerField(
        _("timeout"),
        default=USUAL_WAIT,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_WAIT)],
        help_text=_("Seconds until the call is given up."),
    )
    result_paths = models.TextField(
        _("parts of the answer"),
        blank=True,
        max_length=4000,
        validators=[validate_paths],
        help_text=_("What the model gets of a JSON answer, one a line: order.total. Empty: all."),
    )
    effect = models.CharField(_("effect"), max_length=7, choices=Effect, default=Effect.READING)
    approval = models.CharField(
        _("approval"),
        max_length=6,
        choices=Approval,
        default=Approval.NEVER,
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
    require_identity = models.BooleanField(
        _("require identity"),
        default=False,
        help_text=_("Call it only for customers whose identity is verified."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("HTTP tool")
        verbose_name_plural = _("HTTP tools")

    def __str__(self) -> str:
        return self.title

    @property
    def host(self) -> str:
        """Whom it calls, with the port where it is not the usual one."""
        return hosts.of(urlsplit(self.url))

    @property
    def is_reading(self) -> bool:
        """Whether calling it twice does no harm."""
        return self.effect == self.Effect.READING

    @property
    def paths(self) -> list[str]:
        """The parts of an answer that the model gets; none means all."""
        return lines(self.result_paths)


class HttpToolField(models.Model):
    """One value that a call carries: an argument of the model's, or what the server adds."""

    class Kind(models.TextChoices):
        """What it may be."""

        TEXT = "text", _("Text")
        LONG_TEXT = "long_text", _("Long text")
        INTEGER = "integer", _("Whole number")
        NUMBER = "number", _("Number")
        BOOLEAN = "boolean", _("Yes or no")
        CHOICE = "choice", _("Choice")
        DATE = "date", _("Date")
        EMAIL = "email", _("Email")
        LIST = "list", _("List of texts")

    class Place(models.TextChoices):
        """Where it stands in the request."""

        PATH = "path", _("Path")
        QUERY = "query", _("Query")
        BODY = "body", _("Body")
        HEADER = "header", _("Header")

    class Origin(models.TextChoices):
        """Who gives it; all but the model's come from the server and no model changes them."""

        MODEL = "model", _("The assistant")
        FIXED = "fixed", _("Always the same")
        CONTACT_EMAIL = "contact_email", _("The customer's email")
        CONTACT_PHONE = "contact_phone", _("The customer's phone number")
        CONTACT_NAME = "contact_name", _("The customer's name")
        EXTERNAL_ID = "external_id", _("The customer's external id")
        CONVERSATION_ID = "conversation_id", _("The conversation's id")

    tool = models.ForeignKey(
        HttpTool, verbose_name=_("HTTP tool"), on_delete=models.CASCADE, related_name="fields"
    )
    name = models.CharField(
        _("name"),
        max_length=LONGEST_NAME,
        validators=[FieldNameValidator()],
        help_text=_("Such as order_number."),
    )
    label = models.CharField(
        _("label"), max_length=120, blank=True, help_text=_("What people read. Empty: the name.")
    )
    description = models.CharField(
        _("description"), max_length=500, blank=True, help_text=_("Tells the model what it is.")
    )
    origin = models.CharField(_("given by"), max_length=16, choices=Origin, default=Origin.MODEL)
    fixed_value = models.CharField(
        _("fixed value"), max_length=500, blank=True, help_text=_("Where it is always the same.")
    )
    kind = models.CharField(_("kind"), max_length=9, choices=Kind, default=Kind.TEXT)
    is_required = models.BooleanField(_("required"), default=True)
    choices = models.TextField(
        _("choices"), blank=True, max_length=4000, help_text=_("One a line, for a choice.")
    )
    minimum = models.FloatField(
        _("minimum"), null=True, blank=True, help_text=_("Of a text: its length.")
    )
    maximum = models.FloatField(
        _("maximum"), null=True, blank=True, help_text=_("Of a text: its length.")
    )
    place = models.CharField(_("place"), max_length=6, choices=Place, default=Place.QUERY)
    target = models.CharField(
        _("name in the request"),
        max_length=120,
        blank=True,
        help_text=_("Empty: its name. In a body a dot leads inward: address.city."),
    )

    class Meta:
        verbose_name = _("field")
        verbose_name_plural = _("fields")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tool", "name"],
                name="http_tool_field_once",
                violation_error_message=_("There is another field with this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.name

    @property
    def options(self) -> list[str]:
        """The choices."""
        return lines(self.choices)

    @property
    def key(self) -> str:
        """Its name in the request."""
        return self.target or self.name

    @property
    def is_given_by_model(self) -> bool:
        """Whether it is an argument of the tool."""
        return self.origin == self.Origin.MODEL

    def clean(self) -> None:
        """Refuse a field whose parts do not fit together."""
        checks = (self._bounds_fault, self._choices_fault, self._place_fault, self._fixed_fault)
        faults = [fault for check in checks if (fault := check())]
        if faults:
            raise ValidationError(dict(faults))

    def _bounds_fault(self) -> tuple[str, str] | None:
        least, most = self.minimum, self.maximum
        if least is not None and most is not None and least > most:
            return "maximum", gettext("Write at least the minimum.")
        is_length = self.kind not in (self.Kind.INTEGER, self.Kind.NUMBER)
        if is_length and any(bound is not None and bound < 0 for bound in (least, most)):
            return "minimum", gettext("A length is 0 or more.")
        return None

    def _choices_fault(self) -> tuple[str, str] | None:
        if self.kind == self.Kind.CHOICE and not self.options:
            return "choices", gettext("Write at least one choice, one a line.")
        return None

    def _place_fault(self) -> tuple[str, str] | None:
        if self.place == self.Place.PATH and not self.is_required:
            return "is_required", gettext("What stands in the path is always required.")
        if self.place == self.Place.PATH and self.kind == self.Kind.LIST:
            return "kind", gettext("A list cannot stand in the path.")
        if self.place == self.Place.HEADER:
            return self._header_fault()
        if self.place == self.Place.BODY and "" in self.key.split("."):
            return "target", gettext("Write names with single dots between, as address.city.")
        return None

    def _header_fault(self) -> tuple[str, str] | None:
        if self.key.lower() in SECRET_HEADERS:
            return "place", gettext("Make a secret header of it instead.")
        try:
            validate_header_name(self.key)
        except ValidationError as error:
            return "target" if self.target else "name", error.messages[0]
        return None

    def _fixed_fault(self) -> tuple[str, str] | None:
        if self.origin == self.Origin.FIXED and self.is_required and not self.fixed_value:
            return "fixed_value", gettext("Write the value that is always sent.")
        return None
