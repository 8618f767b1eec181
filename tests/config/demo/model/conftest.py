"""The demo model, as the chats' tests have it."""

from tests.chats.conftest import demo_model, demo_model_process

__all__ = ["demo_model", "demo_model_process"]
