"""The services of runs, tool calls, titles, knowledge and the staff's own chats."""
