"""OpenAPI descriptions of other systems: the calls that can be made tools of them."""

from chats.tools.http.openapi.document import DescriptionError, Document
from chats.tools.http.openapi.operations import Operation, operations_of

__all__ = ["DescriptionError", "Document", "Operation", "operations_of"]
