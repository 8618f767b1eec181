"""An agent's inbox, and customers who begin conversations, as in the live inbox."""

from tests.conversations.live_inbox.conftest import begin, inbox, session, window

__all__ = ["begin", "inbox", "session", "window"]
