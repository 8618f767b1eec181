"""The pages of the staff's chats with assistants."""
