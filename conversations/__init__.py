"""The core of the support desk: contacts, assistants, sources, conversations, messages."""
