"""HTTP tools as a source of the catalogue: from rows to tools, and from a call to its request."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from chats.models import HttpTool, HttpToolField
from chats.selectors import header_secrets
from chats.tools.catalogue import Source
from chats.tools.http import request, schema, sending
from chats.tools.registry import Effect, FailedCallError, Json, Tool, ToolContext
from conversations.models import Conversation, Identity

Origin = HttpToolField.Origin


class SwitchedOffError(FailedCallError):
    """The tool was switched off or deleted since it was offered."""

    detail = "This tool was switched off."


class UnknownCustomerError(FailedCallError):
    """The tool needs a customer whose identity is proven, and this one's is not."""

    detail = (
        "This works only for customers who are signed in, and this one is not. Say so, or ask for "
        "a colleague."
    )


def tool_of(row: HttpTool) -> Tool:
    """Return the tool that a row describes."""
    return Tool(
        name=row.name,
        title=row.title,
        description=row.description,
        parameters=schema.parameters(row.fields.all()),
        handler=partial(_prepared, row.pk),
        remote=sending.result_of,
        effect=Effect.READING if row.is_reading else Effect.WRITING,
        needs_approval=row.approval == HttpTool.Approval.ALWAYS,
        role=row.role,
        summary=row.summary,
        is_available=row.is_active,
    )


def call_of(row: HttpTool, values: Json, *, key: str) -> sending.Call:
    """Return the call of a tool with ``values`` by the names of its fields.

    :raises UnusableValueError: a value is missing, or cannot stand where the tool puts it.
    """
    made = request.build(row, list(row.fields.all()), values, key=key)
    return sending.Call(
        request=replace(made, secrets=header_secrets.headers_for(made.url)),
        seconds=row.timeout,
        is_reading=row.is_reading,
        paths=tuple(row.paths),
    )


def rows() -> QuerySet[HttpTool]:
    """Return the HTTP tools with their fields in order."""
    fields = HttpToolField.objects.order_by("id")
    return HttpTool.objects.prefetch_related(Prefetch("fields", queryset=fields)).order_by("name")


def _prepared(key: UUID, context: ToolContext, arguments: Json) -> sending.Call:
    row = rows().filter(pk=key, is_active=True).first()
    if row is None:
        raise SwitchedOffError
    values = arguments | _given(row, context)
    if not row.is_reading:
        # A call may only be sent while the assistant has the right to act.
        with context.effect():
            pass
    return call_of(row, values, key=context.call)


def _given(row: HttpTool, context: ToolContext) -> Json:
    """Return what the server adds to a call, by the names of the fields."""
    origins = {one.name: one.origin for one in row.fields.all() if not one.is_given_by_model}
    if not row.require_identity and not set(origins.values()) - {Origin.FIXED}:
        return {}
    rows_of = Conversation.objects.select_related("contact")
    conversation = rows_of.get(pk=context.conversation_id)
    contact = conversation.contact
    proven = Identity.objects.filter(
        contact=conversation.contact_id, source=conversation.source_id, is_verified=True
    )
    identity = proven.order_by("id").first()
    if row.require_identity and identity is None:
        raise UnknownCustomerError
    known: dict[str, Any] = {
        Origin.CONTACT_EMAIL: contact.email if contact else "",
        Origin.CONTACT_PHONE: contact.phone if contact else "",
        Origin.CONTACT_NAME: contact.name if contact else "",
        Origin.EXTERNAL_ID: identity.external_id if identity else None,
        Origin.CONVERSATION_ID: str(conversation.pk),
    }
    return {name: known.get(origin) for name, origin in origins.items()}


def _named(names: Collection[str]) -> Sequence[Tool]:
    return [tool_of(row) for row in rows().filter(name__in=names)]


def _everything() -> Sequence[Tool]:
    return [tool_of(row) for row in rows()]


SOURCE = Source(named=_named, everything=_everything)
