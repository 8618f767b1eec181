"""Migrations of the chats app."""
