"""What a staff member sees of chats with assistants in the browser."""
