"""The staff's own chats with assistants, to try them out."""

KIND = "test_chat"
