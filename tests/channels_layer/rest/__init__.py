"""REST plumbing: keys, errors, pages, idempotency."""
