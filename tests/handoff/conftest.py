"""A signed-in agent's browser, as the tests of the inbox have it."""

from tests.conversations.conftest import page

__all__ = ["page"]
