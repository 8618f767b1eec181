"""The durable core: log, jobs, leases, sockets, REST plumbing."""
