"""The REST interface, one file per use case."""
