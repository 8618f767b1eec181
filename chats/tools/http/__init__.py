"""Tools that administrators make of HTTP calls."""
