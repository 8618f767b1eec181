"""One settings module per way of running: development, production, test."""
