"""What goes wrong with a server, in stored sentences."""

from django.utils.translation import gettext_noop

from channels_layer import unseen

LONGEST_REASON = 300
SLOW = gettext_noop("The server did not answer within {number} seconds.")
UNREACHABLE = gettext_noop("The server cannot be reached: {reason}")
SAID = gettext_noop("The server answered with an error: {reason}")
NO_MCP = gettext_noop(
    "What the server answers is not MCP over streamable HTTP. Check the address, and whether the "
    "server needs a secret header."
)
TOO_MANY = gettext_noop("The server lists more than {number} tools.")
GONE = gettext_noop("The server no longer has this tool, so it cannot be used now.")
CHANGED = gettext_noop(
    "The server has changed this tool, so it cannot be used until an administrator accepts it."
)
QUESTION = gettext_noop("The server asks something in return, which cannot be answered here.")
SWITCHED_OFF = gettext_noop("This tool is switched off.")
SENTENCES = (SWITCHED_OFF, SLOW, UNREACHABLE, SAID, NO_MCP, TOO_MANY, GONE, CHANGED, QUESTION)


class McpError(Exception):
    """A server that did not do what was asked; ``str()`` says why.

    ``may_have_acted`` says that the request was sent and its outcome is not known.
    """

    def __init__(self, sentence: str, *, may_have_acted: bool = False, **values: object) -> None:
        """Say ``sentence``, with ``values`` in its places."""
        super().__init__(sentence.format(**values))
        self.sentence = sentence
        self.may_have_acted = may_have_acted

    @property
    def is_about_tool(self) -> bool:
        """Whether the tool is not as it was accepted."""
        return self.sentence in {GONE, CHANGED}


def reason(text: object) -> str:
    """Return what somebody else said, as one short line."""
    return " ".join(unseen.removed(str(text)).replace("\x00", "").split())[:LONGEST_REASON]
