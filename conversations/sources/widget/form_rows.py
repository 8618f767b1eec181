"""The parts of a widget's form in the admin: origins, fields before the first message, texts."""

from typing import Any, ClassVar

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from channels_layer.form_parts import Row
from conversations.sources.widget import origins, prechat, texts

TYPES = [
    ("text", _("Text")),
    ("email", _("Email")),
    ("phone", _("Phone")),
    ("dropdown", _("Dropdown")),
]


class OriginRow(Row):
    """One site that may embed the widget."""

    distinct: ClassVar[str] = "origin"

    origin = forms.CharField(
        label=_("Site"),
        max_length=300,
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "https://shop.example"}),
    )

    @classmethod
    def unpacked(cls, item: Any) -> dict[str, Any]:
        """Return the origin under the field's name."""
        return {"origin": item}

    def packed(self) -> Any:
        """Return the origin."""
        return self.cleaned_data["origin"]

    def clean_origin(self) -> str:
        """Return the origin as browsers write it."""
        text: str = self.cleaned_data["origin"]
        try:
            return origins.normal(text)
        except ValueError:
            raise forms.ValidationError(
                gettext("Write scheme and host alone, as https://shop.example.")
            ) from None


class FieldRow(Row):
    """One field of the form before the first message."""

    distinct: ClassVar[str] = "name"

    label = forms.CharField(
        label=_("Label"), max_length=prechat.MAX_LABEL, widget=UnfoldAdminTextInputWidget
    )
    type = forms.ChoiceField(label=_("Type"), choices=TYPES, widget=UnfoldAdminSelectWidget)
    required = forms.BooleanField(
        label=_("Required"), required=False, widget=UnfoldBooleanSwitchWidget
    )
    options = forms.CharField(
        label=_("Choices, one a line"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )
    name = forms.CharField(
        label=_("Name as a variable"),
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": _("from the label")}),
    )

    @classmethod
    def unpacked(cls, item: Any) -> dict[str, Any]:
        """Return the field with its options as lines."""
        return {**item, "options": "\n".join(item.get("options", []))}

    def packed(self) -> Any:
        """Return the field as it is stored; only a dropdown has options."""
        data = self.cleaned_data
        field = {name: data[name] for name in ("name", "label", "type", "required")}
        return field | ({"options": data["options"]} if data["type"] == "dropdown" else {})

    def clean_options(self) -> list[str]:
        """Return the choices, each once."""
        lines = [line.strip() for line in self.cleaned_data["options"].splitlines()]
        found = list(dict.fromkeys(line for line in lines if line))
        if len(found) > prechat.MAX_OPTIONS:
            most = {"most": prechat.MAX_OPTIONS}
            raise forms.ValidationError(gettext("At most %(most)d choices."), params=most)
        if any(len(line) > prechat.MAX_LABEL for line in found):
            most = {"most": prechat.MAX_LABEL}
            raise forms.ValidationError(gettext("At most %(most)d characters."), params=most)
        return found

    def clean(self) -> dict[str, Any]:
        """Return the field; its name follows from the label unless one is given."""
        data: dict[str, Any] = super().clean() or {}
        name = data.get("name") or slugify(data.get("label", "")).replace("-", "_")
        data["name"] = name
        if data.get("label") and not prechat.is_name(name):
            self.add_error(
                "name", gettext("Write a name: a letter, then letters, digits and _ . - only.")
            )
        if data.get("type") == "dropdown" and data.get("options") == []:
            self.add_error("options", gettext("Write at least one choice."))
        return data


def _text(label: Any, *, is_long: bool = False) -> forms.CharField:
    widget = UnfoldAdminTextareaWidget(attrs={"rows": 3}) if is_long else UnfoldAdminTextInputWidget
    return forms.CharField(label=label, required=False, max_length=texts.LONGEST, widget=widget)


class TextsForm(forms.Form):
    """The widget's own words, by name; an empty one leaves the usual words."""

    subtitle = _text(_("Below the name"))
    greeting = _text(_("Greeting"), is_long=True)
    teaser = _text(_("Beside the closed button"))
    placeholder = _text(_("In the empty message field"))
    prechat_title = _text(_("Over the form"))
    prechat_text = _text(_("Below that title"), is_long=True)
    prechat_button = _text(_("On the form's button"))
    talk_to_person = _text(_("To ask for a person"))
