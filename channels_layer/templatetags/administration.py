"""Filters of the administration's templates."""

import json
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder

register = template.Library()


@register.filter
def stored(field: Any) -> str:
    """Return the data that a read-only field of the admin holds, as indented JSON."""
    _field, _attribute, value = field.resolved_field
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False, cls=DjangoJSONEncoder)
