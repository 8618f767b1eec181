"""What is wrong with the arguments that a person edited, in words, at the argument."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it ships no types
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from channels_layer import formats

Errors = Mapping[str, Sequence[str]]
"""What is wrong, by the name of the argument; under "" what concerns none of them."""
PREFIX = "arguments"
_TYPES = {"number", "integer", "string", "boolean", "array", "object"}


def errors_of(
    arguments: Mapping[str, Any], schema: Mapping[str, Any], *, before: Mapping[str, Any]
) -> dict[str, list[str]]:
    """Return what ``schema`` refuses; an argument that is read-only has to be as ``before``."""
    validator = jsonschema.Draft202012Validator(schema)
    found: dict[str, list[str]] = {}
    for error in validator.iter_errors(arguments):
        for name, words in _said(error):
            found.setdefault(name, []).append(words)
    for name, one in schema.get("properties", {}).items():
        if _is_fixed(one) and arguments.get(name) != before.get(name):
            found.setdefault(name, []).append(_("This cannot be changed."))
    return found


def fields(errors: Errors) -> dict[str, list[str]]:
    """Return the errors as fields of the answer: ``arguments.amount``, or ``arguments``."""
    found = {f"{PREFIX}.{name}" if name else PREFIX: list(one) for name, one in errors.items()}
    return {PREFIX: [sentence(errors)], **found}


def sentence(errors: Errors) -> str:
    """Return all errors in one line."""
    lines = [
        f"{formats.label(name)}: {' '.join(one)}" if name else " ".join(one)
        for name, one in errors.items()
    ]
    return " ".join(lines)


def _is_fixed(schema: Any) -> bool:
    return isinstance(schema, Mapping) and schema.get("readOnly") is True


def _said(error: Any) -> Iterator[tuple[str, str]]:
    path = [str(part) for part in error.absolute_path]
    if error.validator == "required" and not path:
        missing = [name for name in error.validator_value if name not in error.instance]
        yield from ((name, _("This is needed.")) for name in missing)
    elif path:
        yield path[0], _words(error)
    else:
        yield "", _words(error)


def _words(error: Any) -> str:
    limit = error.validator_value
    words = _of_type(error) or _of_limit(str(error.validator), limit)
    return words or _("This does not fit: %(reason)s.") % {"reason": str(error.message)[:200]}


def _of_type(error: Any) -> str:
    if error.validator == "enum":
        known = ", ".join(formats.readable(one) for one in error.validator_value)
        return _("One of these: %(known)s.") % {"known": known}
    wanted = error.validator_value
    if error.validator != "type" or wanted not in _TYPES:
        return ""
    return {
        "number": _("Write a number."),
        "integer": _("Write a whole number."),
        "string": _("Write a text."),
        "boolean": _("Choose yes or no."),
        "array": _("Write a list in JSON."),
        "object": _("Write an object in JSON."),
    }[wanted]


def _of_limit(kind: str, limit: Any) -> str:
    if kind == "minLength" and limit == 1:
        return _("This is needed.")
    if kind in {"minLength", "maxLength"}:
        return _of_length(kind, int(limit))
    words = {
        "minimum": _("Not less than %(limit)s."),
        "exclusiveMinimum": _("More than %(limit)s."),
        "maximum": _("Not more than %(limit)s."),
        "exclusiveMaximum": _("Less than %(limit)s."),
        "multipleOf": _("A multiple of %(limit)s."),
        "pattern": _("This has another form: %(limit)s."),
        "format": _("This has another form: %(limit)s."),
    }.get(kind, "")
    return words % {"limit": limit} if words else ""


def _of_length(kind: str, limit: int) -> str:
    if kind == "minLength":
        words = ngettext("At least %(limit)d sign.", "At least %(limit)d signs.", limit)
    else:
        words = ngettext("At most %(limit)d sign.", "At most %(limit)d signs.", limit)
    return words % {"limit": limit}
