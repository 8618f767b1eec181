"""Sockets of staff and visitors: one hub per process, rooms per topic, catch-up from the log."""
