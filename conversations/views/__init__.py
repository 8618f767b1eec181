"""The pages of conversations for the staff."""
