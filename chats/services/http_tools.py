"""HTTP tools: made of the operations of a description."""

from collections.abc import Collection, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from channels_layer.errors import InvalidError
from chats import tools
from chats.models import HttpTool, HttpToolField
from chats.models.http_tool import LONGEST_NAME
from chats.tools.http import checks
from chats.tools.http.openapi import Operation

_ROOM = 5
"""Characters that a number behind a name may take."""


@transaction.atomic
def add(*, operations: Sequence[Operation]) -> list[HttpTool]:
    """Make a tool of each of the operations; a name that is taken gets a number.

    :raises InvalidError: one of them cannot be a tool.
    """
    taken = set(tools.names())
    made = []
    for operation in operations:
        row = HttpTool(**{**operation.tool, "name": _free(operation.tool["name"], taken)})
        taken.add(row.name)
        fields = [HttpToolField(**values) for values in operation.fields]
        _check(operation, row, fields)
        row.save()
        for field in fields:
            field.tool = row
            field.save()
        made.append(row)
    return made


def _check(operation: Operation, row: HttpTool, fields: Sequence[HttpToolField]) -> None:
    try:
        row.full_clean()
        for field in fields:
            field.full_clean(exclude=["tool"])
    except ValidationError as error:
        raise _refused(operation, "; ".join(error.messages)) from None
    found = checks.faults(row, fields)
    if operation.obstacle or found:
        raise _refused(operation, operation.obstacle or found[0].reason)


def _refused(operation: Operation, reason: str) -> InvalidError:
    return InvalidError(f"{operation.key}: {reason}")


def _free(name: str, taken: Collection[str]) -> str:
    """Return ``name``, with a number behind it if a tool has it."""
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name[: LONGEST_NAME - _ROOM]}_{number}"
    return found
