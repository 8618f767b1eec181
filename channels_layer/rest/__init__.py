"""REST plumbing: who asks, what may be asked, how answers and refusals look."""
