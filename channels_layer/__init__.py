"""The durable core: event log, jobs, leases, sockets and REST plumbing."""
