"""The doors and the mail: event log, jobs, leases, sockets and REST plumbing."""
