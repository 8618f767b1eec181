"""The form before the first message: its fields, and their validation."""

from collections.abc import Mapping
from re import compile as pattern
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from channels_layer.errors import InvalidError

TYPES = ("text", "email", "phone", "dropdown")
MAX_FIELDS = 12
MAX_VALUE = 2000
MAX_LABEL = 200
MAX_OPTIONS = 100
LONGEST = {"name": 200, "email": 254, "phone": 32}
"""How long an attribute of the contact may be."""

_NAME = pattern(r"[A-Za-z][\w.-]{0,79}")
_PARTS = {"name", "label", "type", "required", "options"}
_PHONE = pattern(r"\+?[\d\s().\-/]{5,31}")
_NO_TEXT = pattern("[\\x00\\ud800-\\udfff]")

Field = Mapping[str, Any]


def validate_fields(value: object) -> None:
    """Refuse a description of the form that could not be shown."""
    if not isinstance(value, list) or len(value) > MAX_FIELDS:
        raise ValidationError(
            _("Write a list of at most %(most)d fields."), params={"most": MAX_FIELDS}
        )
    for field in value:
        if not isinstance(field, dict) or not _is_field(field):
            raise ValidationError(
                _(
                    "%(field)s: every field has a name (letters, digits, _ . -), a label, a type "
                    "(text, email, phone or dropdown) and, for a dropdown, options."
                ),
                params={"field": field},
            )
    names = [field["name"] for field in value]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise ValidationError(_("Two fields are named %(name)s."), params={"name": twice})


def checked(fields: list[dict[str, Any]], values: Mapping[str, Any]) -> dict[str, str]:
    """Return the form's and the site's values as text; raise ``InvalidError`` by field."""
    texts = {name: str(value).strip() for name, value in values.items()}
    faults = {field["name"]: [fault] for field in fields if (fault := _fault(field, texts))}
    for name, value in texts.items():
        if not is_name(name):
            faults[name] = [_("A name has letters, digits and _ . - only.")]
        elif len(value) > MAX_VALUE:
            faults[name] = [_("At most %(most)d characters.") % {"most": MAX_VALUE}]
        elif _NO_TEXT.search(value):
            faults[name] = [_("This has characters that are no text.")]
    if faults:
        raise InvalidError(_("Some fields need another look."), fields=faults)
    return {name: value for name, value in texts.items() if value}


def details(fields: list[dict[str, Any]], values: Mapping[str, str]) -> dict[str, str]:
    """Return the contact's details from the form: name, email and phone."""
    found: dict[str, str] = {}
    for field in fields:
        attribute = fills(field)
        value = values.get(field["name"], "")
        if attribute and value:
            found.setdefault(attribute, value)
    return found


def is_name(name: object) -> bool:
    """Return whether a field or variable may be called ``name``."""
    return isinstance(name, str) and bool(_NAME.fullmatch(name))


def fills(field: Field) -> str:
    """Return the attribute of the contact that a field fills: name, email, phone or none."""
    if field["type"] in {"email", "phone"}:
        return str(field["type"])
    return "name" if field["name"] in {"name", "full_name"} else ""


def _is_field(field: Mapping[str, Any]) -> bool:
    label, options = field.get("label"), field.get("options", [])
    return (
        set(field) <= _PARTS
        and is_name(field.get("name"))
        and isinstance(label, str)
        and 0 < len(label.strip()) <= len(label) <= MAX_LABEL
        and isinstance(field.get("required", False), bool)
        and field.get("type") in TYPES
        and _are_options(options)
        and (field["type"] != "dropdown" or bool(options))
    )


def _are_options(options: object) -> bool:
    if not isinstance(options, list) or len(options) > MAX_OPTIONS:
        return False
    texts = {option for option in options if isinstance(option, str) and option.strip()}
    return len(texts) == len(options) and all(len(text) <= MAX_LABEL for text in texts)


def _fault(field: Field, values: Mapping[str, str]) -> str:
    value = values.get(field["name"], "")
    if not value:
        return _("Fill this in.") if field.get("required") else ""
    return _fault_of_length(field, value) or _fault_of_type(field, value)


def _fault_of_length(field: Field, value: str) -> str:
    most = LONGEST.get(fills(field), MAX_VALUE)
    return _("At most %(most)d characters.") % {"most": most} if len(value) > most else ""


def _fault_of_type(field: Field, value: str) -> str:
    match field["type"]:
        case "email":
            return _fault_of_email(value)
        case "phone" if not _PHONE.fullmatch(value):
            return _("Write a phone number, such as +46 70 318 44 02.")
        case "dropdown" if value not in field["options"]:
            return _("Choose one of the list.")
    return ""


def _fault_of_email(value: str) -> str:
    try:
        validate_email(value)
    except ValidationError:
        return _("Write an address, such as maya@example.com.")
    return ""
