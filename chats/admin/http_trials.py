"""“Try it” of an HTTP tool: the fields as a form, the call as it was sent, and what came back."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from asgiref.sync import async_to_sync
from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from chats.models import HttpTool, HttpToolField
from chats.tools.http import mapping, sending, source
from chats.tools.registry import FailedCallError, UnclearEffectError

Kind, Origin = HttpToolField.Kind, HttpToolField.Origin
LONGEST_SHOWN = 20_000
"""Characters of an answer that the page shows."""
_INPUTS = {Kind.DATE: "date", Kind.EMAIL: "email", Kind.INTEGER: "number", Kind.NUMBER: "number"}


@dataclass
class Trial:
    """One trial: the request as it was sent, and what came back."""

    method: str
    url: str
    headers: list[tuple[str, str]]
    body: str
    status: int | None = None
    milliseconds: int | None = None
    result: str = ""
    answer: str = ""
    problem: str = ""


class TrialForm(forms.Form):
    """The values of a call; those that the server adds stand for a customer's."""

    def __init__(self, tool: HttpTool, data: Any = None) -> None:
        """Make an input of each field that is not fixed, and ask where the call writes."""
        super().__init__(data, prefix="trial")
        for one in tool.fields.all():
            if one.origin != Origin.FIXED:
                self.fields[one.name] = _input(one)
        if not tool.is_reading:
            self.fields["_sure"] = forms.BooleanField(
                label=gettext_lazy("Really send it: this changes something there"),
                widget=UnfoldBooleanSwitchWidget,
                error_messages={
                    "required": gettext_lazy("Confirm that the call may change something.")
                },
            )

    def values(self) -> dict[str, Any]:
        """Return what was filled in, by the names of the fields."""
        filled = {name: value for name, value in self.cleaned_data.items() if name != "_sure"}
        return {name: value for name, value in filled.items() if value not in ("", None)}


class TrialPage:
    """The page of a tool on which it is tried."""

    @action(description=gettext_lazy("Try it"), url_path="try", permissions=["change"])
    def try_it(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the fields of a tool; send the call and show what came back."""
        tool = _tool(object_id)
        form = TrialForm(tool, request.POST if request.method == "POST" else None)
        trial = None
        if form.is_bound and form.is_valid():
            trial = _tried(tool, form)
            if trial is not None and not tool.is_reading:
                self.log_change(request, tool, _("Sent a trial call."))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Try it"),
            "subtitle": str(tool),
            "opts": self.opts,
            "original": tool,
            "tool": tool,
            "form": form,
            "trial": trial,
        }
        return TemplateResponse(request, "admin/http_trial.html", context)


def _tried(tool: HttpTool, form: TrialForm) -> Trial | None:
    """Send the call; what cannot be built is an error of the form, and no trial."""
    try:
        call = source.call_of(tool, form.values(), key=str(uuid4()))
    except FailedCallError as refusal:
        form.add_error(None, str(refusal.detail))
        return None
    request = call.request
    dotted = dict.fromkeys(request.secrets, mapping.DOTS)
    trial = Trial(
        method=request.method,
        url=request.url,
        headers=[*request.headers.items(), *dotted.items()],
        body=request.content.decode(),
    )
    try:
        answer = async_to_sync(sending.send)(request, seconds=call.seconds)
    except FailedCallError as refusal:
        trial.problem = str(refusal.detail)
    except sending.LostAnswerError as lost:
        trial.problem = str(lost)
        if not call.is_reading:
            trial.problem += " " + _("It is unknown whether this took effect.")
    else:
        _note(trial, call, answer)
    return trial


def _note(trial: Trial, call: sending.Call, answer: sending.Answer) -> None:
    trial.status = answer.status
    trial.milliseconds = round(answer.seconds * 1000)
    trial.answer = _shown(sending.contents(call.request, answer))
    try:
        trial.result = _shown(sending.meaning(call, answer))
    except FailedCallError as refusal:
        trial.problem = str(refusal.detail)
    except UnclearEffectError as unclear:
        trial.problem = f"{unclear} {_('It is unknown whether this took effect.')}"


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}\n…"


def _input(one: HttpToolField) -> forms.Field:
    """Return the input of one field, which takes what the tool takes."""
    words = one.description
    if not one.is_given_by_model:
        words = _("The server gives this: %(origin)s.") % {"origin": one.get_origin_display()}
    options: dict[str, Any] = {
        "label": one.label or one.name,
        "required": one.is_required,
        "help_text": words,
    }
    kind = Kind(one.kind)
    if kind == Kind.BOOLEAN:
        return forms.TypedChoiceField(
            choices=[("", "-"), ("true", _("Yes")), ("false", _("No"))],
            coerce=lambda value: value == "true",
            empty_value=None,
            widget=UnfoldAdminSelectWidget,
            **options,
        )
    if kind == Kind.CHOICE:
        choices = [("", "-"), *((option, option) for option in one.options)]
        return forms.ChoiceField(choices=choices, widget=UnfoldAdminSelectWidget, **options)
    if kind in (Kind.INTEGER, Kind.NUMBER):
        limits = {"min_value": one.minimum, "max_value": one.maximum}
        return _NUMBERS[kind](widget=_line(kind), **limits, **options)
    if kind in (Kind.LONG_TEXT, Kind.LIST):
        return forms.CharField(widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}), **options)
    return forms.CharField(widget=_line(kind), **options)


def _line(kind: HttpToolField.Kind) -> forms.Widget:
    attributes = {"type": _INPUTS.get(kind, "text")}
    if kind == Kind.NUMBER:
        attributes["step"] = "any"
    return UnfoldAdminTextInputWidget(attrs=attributes)


_NUMBERS: dict[HttpToolField.Kind, Any] = {
    Kind.INTEGER: forms.IntegerField,
    Kind.NUMBER: forms.FloatField,
}


def _tool(text: str) -> HttpTool:
    """Return a tool with its fields.

    :raises Http404: there is none.
    """
    try:
        found = source.rows().filter(pk=UUID(text)).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found
