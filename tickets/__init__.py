"""Tickets raised from conversations: what has to be done, by whom, until when."""
