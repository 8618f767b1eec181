"""Queries of conversations, messages, contacts and sources, limited to what the actor may see."""
