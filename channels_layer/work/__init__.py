"""Work that survives: hints, leases, the sweeper, the schedule, audits."""
