"""Commands of the durable core."""
