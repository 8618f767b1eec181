"""The durable log: events in the order of their topics."""
