"""Live: writing answers, on one event loop per process that carries all model streams.

The threads of the worker's pool only wait. The database is used from a few threads of its own, so
that many streams do not hold as many connections.
"""

from chats.live.runtime import Runtime, current, hand_over, shut_down

__all__ = ["Runtime", "current", "hand_over", "shut_down"]
