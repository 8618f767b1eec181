"""Figures of a running Parley, each beside bare programs that do the same work."""
