"""Who talks, what is said, and where: contacts, assistants, sources, conversations, messages."""
