"""Forms of MCP servers: an address, and the arguments of a trial."""

from typing import Any
from urllib.parse import urlsplit

import orjson
from django import forms
from django.utils.translation import gettext, pgettext
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from channels_layer import outgoing
from chats.engine import arguments
from chats.models import McpServer, hosts
from chats.tools.mcp import schemas
from chats.tools.mcp.words import Argument, arguments_of

ANSWERS = {"true": True, "false": False}


class McpServerForm(forms.ModelForm):  # type: ignore[type-arg]
    """A server: its name and where it is."""

    class Meta:
        model = McpServer
        fields = ("name", "prefix", "url", "seconds", "is_active")

    def clean_url(self) -> str:
        """Refuse an address to which nothing would be sent, and say why."""
        url: str = self.cleaned_data["url"].strip()
        try:
            outgoing.check(url)
            hosts.of(urlsplit(url))
        except outgoing.OutgoingRefusedError as refusal:
            raise forms.ValidationError(refusal.detail) from None
        except ValueError:
            raise forms.ValidationError(
                gettext("Write an address such as https://shop.example/mcp.")
            ) from None
        return url


class JsonField(forms.CharField):
    """A nested value, the only one that is written as JSON."""

    def __init__(self, **options: Any) -> None:
        """Have room for several lines."""
        super().__init__(widget=UnfoldAdminTextareaWidget, **options)

    def clean(self, value: Any) -> Any:
        """Return the value that the text writes."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            raise forms.ValidationError(
                gettext('Write JSON here, such as {"city": "Kiel"}.')
            ) from None


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    def __init__(self, **options: Any) -> None:
        """Have room for several lines."""
        super().__init__(widget=UnfoldAdminTextareaWidget, **options)

    def clean(self, value: Any) -> Any:
        """Return the lines that say something."""
        text = super().clean(value)
        return [line.strip() for line in text.splitlines() if line.strip()] or None


class TrialForm(forms.Form):
    """A form with the arguments of a tool, made of its schema."""

    prefix = "argument"

    def __init__(self, parameters: dict[str, Any], data: Any = None) -> None:
        """Make one field for each argument."""
        super().__init__(data)
        self._schema = schemas.usable(parameters)
        for argument in arguments_of(parameters):
            self.fields[argument.name] = _field_of(argument)

    def clean(self) -> dict[str, Any]:
        """Return the arguments that were given, as the schema wants them."""
        given = {
            name: value for name, value in self.cleaned_data.items() if value not in (None, "")
        }
        if not self.errors and (why := arguments.why_not(given, self._schema)):
            raise forms.ValidationError(why)
        return given


def _field_of(argument: Argument) -> forms.Field:
    kind = argument.schema["type"]
    shared: dict[str, Any] = {
        "label": argument.name,
        "help_text": argument.description,
        "required": argument.is_required,
    }
    if argument.choices or kind == "boolean":
        return _choice_of(argument, shared)
    if kind in {"integer", "number"}:
        field = forms.IntegerField if kind == "integer" else forms.FloatField
        return field(widget=UnfoldAdminIntegerFieldWidget, **shared)
    if kind in {"array", "object"}:
        is_lines = argument.is_list_of_texts
        how = gettext("One a line.") if is_lines else gettext("As JSON.")
        shared["help_text"] = " ".join(filter(None, (argument.description, how)))
        return LinesField(**shared) if is_lines else JsonField(**shared)
    return forms.CharField(widget=UnfoldAdminTextInputWidget, **shared)


def _choice_of(argument: Argument, shared: dict[str, Any]) -> forms.Field:
    if argument.choices:
        choices = [("", "—"), *((one, one) for one in argument.choices)]
        return forms.ChoiceField(choices=choices, widget=UnfoldAdminSelectWidget, **shared)
    answers = [("true", pgettext("answer", "Yes")), ("false", pgettext("answer", "No"))]
    return forms.TypedChoiceField(
        choices=[("", "—"), *answers],
        coerce=ANSWERS.__getitem__,
        empty_value=None,
        widget=UnfoldAdminSelectWidget,
        **shared,
    )
