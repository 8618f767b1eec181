"""What a tool of a server says when it fails."""

from django.utils.translation import gettext_lazy as _

from channels_layer.errors import DomainError


class ToolSaidNoError(DomainError):
    """The tool was reached and says that it failed; its words are the detail."""

    code = "tool_failed"
    detail = _("The tool says that it failed, and not why.")
