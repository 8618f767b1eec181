"""The records of answers: runs with their steps and tool calls, usage, knowledge."""

from chats.models.knowledge import Article
from chats.models.memory import Summary, Titling
from chats.models.run import Run, RunStep
from chats.models.tool_call import ToolCall
from chats.models.usage import Usage

__all__ = ["Article", "Run", "RunStep", "Summary", "Titling", "ToolCall", "Usage"]
