"""Validation of a row by its model, for whoever does not save it through a form."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import models

from channels_layer.errors import InvalidError


def check(row: models.Model, fields: Collection[str]) -> None:
    """Raise ``InvalidError`` by field for what the model refuses of ``fields``."""
    others = {field.name for field in row._meta.fields} - set(fields)
    try:
        row.clean_fields(exclude=others)
        row.clean()
    except ValidationError as error:
        raise InvalidError(fields=error.message_dict) from None
