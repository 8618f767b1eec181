"""What can happen to runs, tool calls, titles, knowledge and the staff's own chats."""
