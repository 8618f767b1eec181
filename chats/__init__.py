"""Assistants' answers: runs, tools, knowledge, prices, and the staff's own chats."""
