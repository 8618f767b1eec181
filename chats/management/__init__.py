"""Commands of the chats app."""
