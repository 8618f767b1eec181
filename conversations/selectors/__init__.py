"""Reading conversations, messages, contacts and sources, always through what the actor may see."""
