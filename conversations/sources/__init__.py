"""Sources of conversations: each is a folder with all that belongs to it."""
