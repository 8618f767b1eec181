"""What the walk needs: a worker that speaks with the demo model, a number on the demo Graph."""

from tests.chats.conftest import demo_model, demo_model_process
from tests.chats.live.conftest import runtime, shared_runtime
from tests.conversations.sources.whatsapp.conftest import graph, graph_server, number

__all__ = [
    "demo_model",
    "demo_model_process",
    "graph",
    "graph_server",
    "number",
    "runtime",
    "shared_runtime",
]
