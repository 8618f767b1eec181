"""The records of answers: runs with their steps and tool calls, usage, knowledge."""

from chats.models.budget import Budget, BudgetWarning, Reservation
from chats.models.header_secret import HeaderSecret
from chats.models.http_tool import HttpTool, HttpToolField
from chats.models.knowledge import Article
from chats.models.mcp import McpServer, McpTool
from chats.models.memory import Summary, Titling
from chats.models.run import LEASE_SECONDS, MOST_ATTEMPTS, Run, RunQuerySet, RunStep
from chats.models.tool_call import ToolCall
from chats.models.trait import ModelTrait
from chats.models.usage import Usage

__all__ = [
    "LEASE_SECONDS",
    "MOST_ATTEMPTS",
    "Article",
    "Budget",
    "BudgetWarning",
    "HeaderSecret",
    "HttpTool",
    "HttpToolField",
    "McpServer",
    "McpTool",
    "ModelTrait",
    "Reservation",
    "Run",
    "RunQuerySet",
    "RunStep",
    "Summary",
    "Titling",
    "ToolCall",
    "Usage",
]
