"""How an assistant answers: runs, tools, knowledge, prices, and the staff's own chats."""
