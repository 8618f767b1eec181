"""Instructions: the system prompt of an assistant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

_LONGEST_VALUE = 300

_ABOUT_SEARCH = (
    "Before you answer a question about products, orders, rules or anything else that you cannot "
    "know, look it up with search_knowledge. Answer from what it finds and name the title of the "
    "article. If it finds nothing, say “I couldn't find information about” it; never invent."
)
_ABOUT_HANDOFF = (
    "When the customer asks for a person, or when you cannot help, use request_handoff and tell "
    "the customer that a colleague will answer here."
)
_ABOUT_COLLEAGUES = (
    "Earlier answers that begin with “[human colleague …]:” were written by people of your team. "
    "Keep what they promised. Never begin an answer of yours like that."
)

_ABOUT_RETURN = (
    "A human colleague has helped this customer and gave the conversation back to you. What they "
    "settled, in short:"
)


@dataclass(frozen=True)
class SystemPrompt:
    """The parts of the system prompt, which the assistant reads before the conversation."""

    name: str
    instructions: str
    today: date
    variables: Mapping[str, str] = field(default_factory=dict)
    tools: Sequence[str] = ()
    has_colleagues: bool = False
    summary: str = ""
    returned: str = ""

    def text(self) -> str:
        """Return the system prompt."""
        parts = [
            f"You are {self.name}, an assistant who answers customers. Today is "
            f"{self.today:%A, %d %B %Y}. Answer in the customer's language.",
            self.instructions.strip(),
            _ABOUT_SEARCH if "search_knowledge" in self.tools else "",
            _ABOUT_HANDOFF if "request_handoff" in self.tools else "",
            _ABOUT_COLLEAGUES if self.has_colleagues else "",
            self._known(),
            f"{_ABOUT_RETURN}\n{self.returned}" if self.returned else "",
            f"What was said before, in short:\n{self.summary}" if self.summary else "",
        ]
        return "\n\n".join(part for part in parts if part)

    def _known(self) -> str:
        """List the variables, each on a line of its own, whatever their values try to be."""
        lines = [
            f"- {_line(name)}: {_line(value)}" for name, value in self.variables.items() if value
        ]
        return "\n".join(["What is known about the customer:", *lines]) if lines else ""


def _line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_VALUE]
