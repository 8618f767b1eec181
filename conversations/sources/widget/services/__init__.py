"""The services of visitors, by noun."""
