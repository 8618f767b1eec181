"""Reading runs, tool calls, usage, knowledge and the staff's own chats."""
